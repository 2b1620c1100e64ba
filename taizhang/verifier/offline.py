"""The verifier as a program of its own: ``python verify.pyz REPORT.json``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing.signed import Key
from taizhang.verifier.check import check_file, read_keys, told
from taizhang.wording import say


def options(top: argparse.ArgumentParser) -> None:
    """What may be said about the file to check."""
    top.add_argument(
        "--keys", type=Path, metavar="FILE", help="已知公钥文件 known keys (keys.json)"
    )
    top.add_argument("--seal", default="", help="二维码中的文字 what the QR code says")
    top.add_argument("--root", default="", help="纸上的封存值 the root on paper")
    top.add_argument("--evidence", type=Path, metavar="FOLDER", help="佐证文件夹 the evidence")


def main(words: Sequence[str] | None = None) -> int:
    """Check one file and say what does not fit: 0 when all fits, 1 when not, 2 when unreadable."""
    top = argparse.ArgumentParser(
        prog="verify",
        description="核对封存的报告或记录证明 check a sealed report or a record's proof",
    )
    top.add_argument("file", type=Path, help="报告 .json 或记录证明 the report or proof")
    options(top)
    top.add_argument("--language", default="zh", choices=("zh", "en"))
    asked = top.parse_args(words)
    try:
        return verify(asked, None, asked.language)
    except Refused as refused:
        show(refused.findings, asked.language)
        return 2


def verify(asked: argparse.Namespace, keys: Iterable[Key] | None, language: str) -> int:
    """Check the file that was asked about; ``keys`` are known unless others are named."""
    found = check_file(
        asked.file,
        keys=read_keys(asked.keys) if asked.keys else keys,
        seal=asked.seal,
        root=asked.root,
        evidence=asked.evidence,
    )
    head = told(asked.file)
    if isinstance(head.get("title"), str):
        print(f"{head['title']}　{head.get('period', '')}　第{head.get('version', '')}版")
    wrong = any(finding.severity == "must" for finding in found)
    show(found if wrong else [*found, Finding("seal.whole", "hint")], language)
    return 1 if wrong else 0


def show(found: Iterable[Finding], language: str) -> None:
    """Print each finding with its place."""
    for finding in found:
        where = f"{finding.where}: " if finding.where else ""
        print(f"{where}{say(finding, language)}")


if __name__ == "__main__":
    sys.exit(main())
