"""Where packages come from is the business of the machine, not of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(
    r"(?m)https?://[^\s\"'<>]*(?:/simple\b|pypi|pythonhosted|artifactory|nexus|devpi|/pypi/)"
    r"|^\s*--?(?:extra-)?i(?:ndex)?(?:-url)?[ =]\S|^\s*--(?:find-links|trusted-host)\b|\bindex-url\s*="
)


def faults(text: str) -> list[str]:
    return [match[0].strip() for match in ADDRESS.finditer(text)]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout: which files are tracked is not known")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_names_a_package_registry() -> None:
    found = {}
    for path in tracked():
        if path == Path(__file__) or not path.is_file():  # this file names the options it looks for
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if told := faults(text):
            found[path.relative_to(ROOT).as_posix()] = told
    assert found == {}


def test_planted_addresses_are_found() -> None:
    # Put together here, so that this file does not name one either.
    web, shop = "https:/" + "/", "py" + "pi"
    for line in (
        f"--index-url {web}{shop}.example.org/simple",
        f"-i {web}mirror.example.org/",
        f"--extra-index-url={web}a/simple/",
        f"index-url = {web}a.example",
        f"x @ {web}files.python" + "hosted.org/packages/a.whl",
        "--find-links ./wheels",
    ):
        assert faults(line), line
    assert faults("django==5.2.19 \\\n    --hash=sha256:abc\n") == []


def test_every_requirement_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pinned = re.findall(r"(?m)^([a-z0-9][\w.\-\[\],]*)==\S+", text)
        lines = [line for line in text.splitlines() if line and line[0] not in " #-"]
        assert len(pinned) == len(lines) > 10
        assert all(
            block.count("--hash=sha256:")
            for block in re.split(r"(?m)^(?=[a-z0-9])", text)
            if block.strip()
        )
