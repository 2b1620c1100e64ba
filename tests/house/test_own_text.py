"""Our texts are our own: facts may come from real reports, sentences and names may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
LONGEST_SHARED = 18
"""Names of campaigns, bodies and principles are longer than many a sentence's beginning."""
OFFICIAL = ("新时代文明实践中心和党群服务中心", "全国科技志愿服务信息平台注册志愿者")
PLACES = ("奈曼", "大沁他拉", "吉格斯台", "巴嘎波日合", "蒙东")


def our_texts() -> dict[str, str]:
    """The texts of the demo and the outlines by file."""
    files = [
        *(ROOT / "taizhang/demo").rglob("*.csv"),
        *(ROOT / "taizhang/demo").rglob("*.toml"),
        *(ROOT / "taizhang/outlines/shipped").glob("*.toml"),
    ]
    return {path.name: path.read_text("utf-8") for path in files}


def runs(text: str, length: int) -> set[str]:
    """Every run of so many Chinese characters without punctuation."""
    found = set()
    for part in re.findall(r"[\u4e00-\u9fff]+", text):
        found |= {part[i : i + length] for i in range(len(part) - length + 1)}
    return found


def test_no_real_place_stands_in_the_demo() -> None:
    named = {
        (name, place) for name, text in our_texts().items() for place in PLACES if place in text
    }
    assert named == set()


def test_the_check_finds_a_copied_sentence() -> None:
    sentence = "有效地提升了少数民族群众的科学素质极大地促进了团结"
    assert runs(sentence, LONGEST_SHARED) & runs(f"今年{sentence}。", LONGEST_SHARED)


def test_no_sentence_of_the_real_reports_stands_in_ours() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the real reports are not beside this checkout (../shared/reference)")
    real: set[str] = set()
    for path in REFERENCE.glob("*.txt"):
        text = path.read_text("utf-8")
        for name in OFFICIAL:
            text = text.replace(name, "。")
        real |= runs(text, LONGEST_SHARED)
    assert real, "the real reports are there but empty"
    copied = {name: runs(text, LONGEST_SHARED) & real for name, text in our_texts().items()}
    assert {name: found for name, found in copied.items() if found} == {}
