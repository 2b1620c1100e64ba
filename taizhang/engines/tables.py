"""Reading the tables of our TOML files: every mistake is noted with its place, none stops us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from taizhang.engines.findings import Finding
from taizhang.engines.names import Bilingual, nearest

T = TypeVar("T", str, bool, list[Any], dict[str, Any])


class TableReader:
    """One table, read key by key.

    What is missing or of the wrong kind adds a finding at ``where`` to ``findings`` and reads as
    blank, so the reading goes on and all mistakes come out at once. Keys nobody may use are noted
    when the reader is made.
    """

    def __init__(
        self, table: Mapping[str, Any], valid: Collection[str], where: str, findings: list[Finding]
    ) -> None:
        self.table, self.where, self.findings = table, where, findings
        for key in table:
            if key not in valid:
                near = nearest(key, valid)
                params = {"key": key, "nearest": near}
                findings.append(Finding("table.unknown-key", "must", where, params))

    def has(self, key: str) -> bool:
        """Tell whether the table names ``key`` at all."""
        return key in self.table

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a text, blank where there is none."""
        value = self._typed(key, str, required=required)
        if required and value == "":
            self._missing(key)
        return value or ""

    def truth(self, key: str) -> bool:
        """Return a true or false; absent is false."""
        return self._typed(key, bool, required=False) or False

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._typed(key, list, required=required)
        if value is None:
            return ()
        if not all(isinstance(item, str) for item in value):
            self._wrong(key, "str[]")
            return ()
        return tuple(value)

    def tables(self, key: str, *, required: bool = False) -> tuple[Mapping[str, Any], ...]:
        """Return a list of tables."""
        value = self._typed(key, list, required=required)
        if value is None:
            return ()
        if not all(isinstance(item, dict) for item in value):
            self._wrong(key, "table[]")
            return ()
        return tuple(value)

    def bilingual(self, key: str, *, required: bool = True) -> Bilingual | None:
        """Return a text in both languages; a half of it is a finding."""
        value = self._typed(key, dict, required=required)
        if value is None:
            return None
        inner = TableReader(value, ("zh", "en"), self.where, self.findings)
        words: dict[str, str] = {}
        for language in ("zh", "en"):
            word = inner._typed(language, str, required=False)
            if not word:
                params = {"key": key, "language": language}
                finding = Finding("table.missing-language", "must", self.where, params)
                self.findings.append(finding)
            words[language] = word or ""
        return Bilingual(words["zh"], words["en"])

    def _typed(self, key: str, kind: type[T], *, required: bool) -> T | None:
        value = self.table.get(key)
        if value is None:
            if required:
                self._missing(key)
            return None
        if not isinstance(value, kind):
            self._wrong(key, _KINDS[kind])
            return None
        return value

    def _missing(self, key: str) -> None:
        self.findings.append(Finding("table.missing-key", "must", self.where, {"key": key}))

    def _wrong(self, key: str, expected: str) -> None:
        params = {"key": key, "expected": expected}
        self.findings.append(Finding("table.wrong-type", "must", self.where, params))


_KINDS: Mapping[type, str] = {str: "str", bool: "bool", list: "list", dict: "table"}
