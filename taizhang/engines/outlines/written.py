"""An outline as a TOML file, for people to keep, read and hand on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from taizhang.engines.findings import Refused

LARGEST = 256 * 1024
"""Bytes of a file that is read."""


def write_toml(doc: Mapping[str, Any]) -> str:
    """The document of an outline as TOML, laid out as the shipped ones are."""
    return "\n".join(_document(doc)).strip() + "\n"


def read_toml(content: bytes) -> dict[str, Any]:
    """A file as plain data; refuses what is too large or is not TOML."""
    if len(content) > LARGEST:
        size, most = -(-len(content) // 1024), LARGEST // 1024
        raise Refused.because("outline.file-too-large", size=size, most=most)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused.because("outline.not-utf-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused.because("outline.not-toml", reason=str(error)[:120]) from None


def _document(doc: Mapping[str, Any]) -> Iterator[str]:
    for key, value in doc.items():
        if key in ("parts", "awaits") or value in ("", []):
            continue
        yield f"{key} = {_value(value)}"
    yield from _parts(doc["parts"], "parts")
    if doc.get("awaits"):
        yield from ("", "[awaits]")
        for code, names in doc["awaits"].items():
            yield f"{_text(code)} = {_value(names)}"


def _parts(parts: list[Mapping[str, Any]], path: str) -> Iterator[str]:
    for part in parts:
        yield from ("", f"[[{path}]]", f"heading = {_text(part['heading'])}")
        if part.get("paragraphs"):
            yield from ("paragraphs = [", *(f"    {_text(t)}," for t in part["paragraphs"]), "]")
        yield from _parts(part.get("sections", []), f"{path}.sections")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_text(text)}" for key, text in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(text) for text in value) + "]"
    return _text(value)


def _text(text: str) -> str:
    """A text in quotes. JSON's are TOML's too, but for one sign and halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
