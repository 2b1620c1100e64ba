"""A module that nobody can read in one go is two modules."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT, LONG = 600, 400


def sizes() -> dict[str, int]:
    found = {}
    for folder in ("taizhang", "tools", "bench", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found[path.relative_to(ROOT).as_posix()] = len(path.read_text("utf-8").splitlines())
    return found


def test_no_module_is_longer_than_people_read() -> None:
    found = sizes()
    assert len(found) > 100
    long = {
        name: size for name, size in found.items() if size > LONG and name.startswith("taizhang")
    }
    if long:
        print("long modules:", long)
    assert {name: size for name, size in found.items() if size > LIMIT} == {}
