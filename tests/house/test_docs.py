"""The documents name what exists, and all of it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from taizhang import cli
from taizhang.ledger import catalogue

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "taizhang"
READMES = ("README.md", "README.zh-CN.md")


def commands() -> set[str]:
    (subparsers,) = (
        action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return set(subparsers.choices)


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"(?m)^([a-z]+):.*##", makefile))


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_every_command_and_target_and_no_other(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"\btaizhang ([a-z]+)\b", text))
    assert commands() - named == set()
    assert named - commands() == set()
    made = set(re.findall(r"(?m)(?:`|^)make ([a-z]+)\b", text))
    assert made - targets() == set()
    assert {"demo", "test"} <= made
    if name == "README.md":  # the Chinese one sends developers there
        assert targets() - made == set()


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_a_readme_points_to_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    missing = [
        link
        for link in re.findall(r"\]\(([^)#]+)\)", text)
        if not link.startswith(("http://", "https://")) and not (ROOT / link).exists()
    ]
    assert missing == []


def test_the_readme_names_every_variable_of_the_environment() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    read = set(re.findall(r"\"((?:TAIZHANG|DATABASE)_[A-Z_]+)\"", source))
    assert {"TAIZHANG_HOME", "DATABASE_URL"} <= read
    assert read - set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text("utf-8"))) == set()


def test_every_register_and_every_start_up_check_stands_in_the_list() -> None:
    text = (ROOT / "docs" / "registers.md").read_text("utf-8")
    listed = set(re.findall(r"(?m)^\| `([a-z]+\.[a-z]+)` \|", text))
    assert listed == {register.name for register in catalogue.registers()}
    for register in catalogue.registers():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{register.name}` |"))
        assert register.fields
        if register.parent:
            parent = register.model._meta.get_field(register.parent).related_model
            above = catalogue.of_model(parent)
            assert above is not None
            assert f"`{above.name}`" in line.removeprefix(f"| `{register.name}`"), line
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    numbers = {f"ledger.{number}" for number in re.findall(r"\"(E\d{3})\"", source)}
    numbers |= set(re.findall(r"\"((?:figures|outlines)\.E\d{3})\"", source))
    assert len(numbers) == 27
    assert set(re.findall(r"`((?:ledger|figures|outlines)\.E\d{3})`", text)) == numbers


def test_the_words_of_the_registers_stand_in_the_list() -> None:
    from django.utils import translation

    text = (ROOT / "docs" / "registers.md").read_text("utf-8")
    with translation.override("zh-hans"):
        for register in catalogue.registers():
            line = next(
                one for one in text.splitlines() if one.startswith(f"| `{register.name}` |")
            )
            assert register.label_plural in line, (register.label_plural, line)
