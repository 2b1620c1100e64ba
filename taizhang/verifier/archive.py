"""One file with all that a check needs: Python's standard library runs it, off-line and for years."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from importlib.resources.abc import Traversable

PARTS = (
    *("engines/__init__.py", "engines/findings.py", "engines/names.py"),
    *("engines/figures/__init__.py", "engines/figures/numerals.py"),
    *("engines/sealing", "verifier", "wording"),
)
"""The files and folders of ours that the verifier imports; a test runs it without any others."""
_DAY = (1980, 1, 1, 0, 0, 0)
_MAIN = (
    "import sys\n\n"
    'if sys.version_info < (3, 11):\n    sys.exit("需要 Python 3.11 或更高版本 / Python 3.11 is needed")\n'
    "from taizhang.verifier.offline import main\n\nsys.exit(main())\n"
)


def verifier() -> bytes:
    """The program ``verify.pyz``; the same version gives the same bytes."""
    top = files("taizhang")
    content = {"__main__.py": _MAIN.encode(), "taizhang/__init__.py": b""}
    for part in PARTS:
        _add(content, top.joinpath(part), f"taizhang/{part}")
    buffer = io.BytesIO(b"#!/usr/bin/env python3\n")
    buffer.seek(0, 2)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, content[name])
    return buffer.getvalue()


def _add(content: dict[str, bytes], source: Traversable, name: str) -> None:
    if source.is_dir():
        for one in source.iterdir():
            if one.name.endswith((".py", ".toml")) or (one.is_dir() and one.name != "__pycache__"):
                _add(content, one, f"{name}/{one.name}")
    else:
        content[name] = source.read_bytes()
