"""Keeping the Chinese words complete: extract every message, compare, and update the file.

``python -m tools.messages`` rewrites ``django.po`` with what the sources say now, keeping every
translation; ``--check`` changes nothing and fails when a message is missing, left over, fuzzy,
untranslated, or has other placeholders than its source. No gettext programs are needed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "taizhang"
PO = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_TRANSLATE = re.compile(
    r"""^trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')(?:.*?\bcontext\s+(?:"([^"]*)"|'([^']*)'))?"""
)
_BLOCK_CONTEXT = re.compile(r"""\bcontext\s+(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Found:
    """A message of the sources: singular, plural (blank for none) and context."""

    text: str
    plural: str = ""
    context: str = ""


def in_python() -> Iterator[Found]:
    """Messages of the Python sources."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for _line, message, _comments, context in extract_from_file("python", path, KEYWORDS):
            if isinstance(message, tuple):
                yield Found(message[0], message[1], context or "")
            elif message:
                yield Found(message, "", context or "")


def in_templates() -> Iterator[Found]:
    """Messages of the templates: ``translate`` tags and ``blocktranslate`` blocks."""
    for path in sorted(PACKAGE.rglob("*.html")):
        yield from _in_template(path.read_text("utf-8"))


def _in_template(source: str) -> Iterator[Found]:
    block: list[str] | None = None
    singular, opening = "", ""
    for token in Lexer(source).tokenize():
        if block is None:
            if token.token_type is not TokenType.BLOCK:
                for match in re.finditer(r'_\("([^"]+)"\)', token.contents):
                    yield Found(match[1])
                continue
            for match in re.finditer(r'_\("([^"]+)"\)', token.contents):
                yield Found(match[1])
            if match := _TRANSLATE.match(token.contents):
                yield Found(match[1] or match[2] or "", "", match[3] or match[4] or "")
            elif re.match(r"blocktrans(late)?\b", token.contents):
                block, singular, opening = [], "", token.contents
            continue
        if token.token_type is TokenType.VAR:
            block.append(f"%({token.contents.strip()})s")
        elif token.token_type is TokenType.TEXT:
            block.append(token.contents.replace("%", "%%"))
        elif token.contents.strip() == "plural":
            singular, block = _joined(block, opening), []
        else:
            text = _joined(block, opening)
            match = _BLOCK_CONTEXT.search(opening)
            context = (match[1] or match[2]) if match else ""
            yield Found(singular, text, context) if singular else Found(text, "", context)
            block = None


def _joined(parts: list[str], opening: str) -> str:
    text = "".join(parts)
    if re.search(r"\btrimmed\b", opening):
        return " ".join(line.strip() for line in text.splitlines() if line.strip())
    return text


def wanted() -> dict[tuple[str, str], Found]:
    """Every message of the sources by text and context."""
    found: dict[tuple[str, str], Found] = {}
    for one in (*in_python(), *in_templates()):
        known = found.get((one.text, one.context))
        if known is None or (one.plural and not known.plural):
            found[one.text, one.context] = one
    return found


def read() -> Catalog:
    """The committed translations."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def faults() -> list[str]:
    """What is wrong with the committed translations, one line each."""
    needed = wanted()
    have = {_key(message): message for message in read() if message.id}
    found = [f"missing: {key}" for key in needed if key not in have]
    found += [f"left over: {key}" for key in have if key not in needed]
    for key, message in have.items():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(strings):
            found.append(f"untranslated: {key}")
        elif any(_names(text) - _names(key[0]) - _names(_plural(message)) for text in strings) or (
            _names(strings[0]) != _names(key[0]) and _names(strings[0]) != _names(_plural(message))
        ):
            found.append(f"placeholders differ: {key}")
    return found


def _plural(message: Message) -> str:
    return message.id[1] if isinstance(message.id, tuple) else ""


def _key(message: Message) -> tuple[str, str]:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return text, message.context or ""


def _names(text: str) -> set[str]:
    return {match[1] or match[2] for match in _PLACEHOLDER.finditer(text)}


def update(translations: dict[tuple[str, str], str] | None = None) -> None:
    """Rewrite the file: every message of the sources, with the translations there are."""
    have = {_key(m): m for m in read() if m.id} if PO.exists() else {}
    given = translations or {}
    fresh = Catalog(
        locale="zh_Hans", project="Taizhang", version="", fuzzy=False, header_comment="# Taizhang"
    )
    fresh.creation_date = fresh.revision_date = _no_date()
    for key, one in sorted(wanted().items()):
        old = have.get(key)
        strings = (old.string if isinstance(old.string, tuple) else (old.string,)) if old else ("",)
        text = given.get(key) or given.get((key[0], "")) or strings[0]
        fresh.add(
            (one.text, one.plural) if one.plural else one.text,
            (text,) if one.plural else text,
            context=one.context or None,
        )
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, fresh, width=100, no_location=True, omit_header=False, sort_output=True)


def _no_date():  # type: ignore[no-untyped-def]
    """One day for ever, so that the file changes only when words do."""
    from datetime import UTC, datetime

    return datetime(2021, 1, 1, tzinfo=UTC)


def main() -> int:
    """Run the command line."""
    if "--check" in sys.argv:
        found = faults()
        print("\n".join(found) or "messages: complete")
        return 1 if found else 0
    update()
    left = [fault for fault in faults() if fault.startswith("untranslated")]
    print(f"{len(wanted())} messages, {len(left)} to translate")
    print("\n".join(left))
    return 0


if __name__ == "__main__":
    sys.exit(main())
