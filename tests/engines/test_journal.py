"""History sealed day by day: the entry changed, removed or slipped in is named, or the day."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing.auditing import check
from taizhang.engines.sealing.canonical import canonical, parse
from taizhang.engines.sealing.journal import (
    check_consistency,
    consistency,
    head,
    seal_day,
    subject,
)
from taizhang.engines.sealing.merkle import root

from . import signing
from .helpers import codes

KEYS = [signing.key("NM")]
COUNTS = (3, 0, 4, 1, 5)


def entry(number: int) -> dict[str, Any]:
    return {"id": number, "verb": "change", "changes": {"title": ["讲座", f"讲座{number}"]}}


def sealed(counts: tuple[int, ...] = COUNTS) -> tuple[list[Any], list[Any]]:
    """The seals of some days from 2021-03-01 on, and their entries, ids ten apart.

    The last day is signed, and with it all before.
    """
    seals: list[Any] = []
    entries: list[Any] = []
    for day, count in enumerate(counts, 1):
        new = [entry(10 * (len(entries) + number + 1)) for number in range(count)]
        made: Any = seal_day(date(2021, 3, day), new, seals[-1] if seals else None)
        seals.append(made)
        entries += new
    seals[-1]["signatures"] = [signing.signature("NM", subject(seals[-1]))]
    return seals, entries


SEALS, ENTRIES = sealed()


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in found]


def changed(change: Callable[[list[Any], list[Any]], object]) -> list[tuple[str, str]]:
    seals, entries = deepcopy(SEALS), deepcopy(ENTRIES)
    change(seals, entries)
    return told(check(seals, entries, KEYS))


def test_history_as_it_was_sealed_has_nothing_to_say() -> None:
    assert check(SEALS, ENTRIES, KEYS) == []
    assert check(SEALS, reversed(ENTRIES), KEYS, [head(SEALS[1])]) == []
    assert check([], []) == []


def test_what_is_newer_than_the_last_seal_waits_for_the_next() -> None:
    assert check(SEALS, [*ENTRIES, entry(999)], KEYS) == []


def test_the_root_of_a_day_is_over_all_entries_so_far() -> None:
    listed = [canonical(one) for seal in SEALS for one in seal["entries"]]
    assert root(listed).hex() == SEALS[-1]["root"]
    assert [seal["size"] for seal in SEALS] == [3, 3, 7, 8, 13]


@given(st.integers(0, len(ENTRIES) - 1))
def test_a_changed_entry_is_named(at: int) -> None:
    def change(seals: list[Any], entries: list[Any]) -> None:
        entries[at]["verb"] = "void"

    assert changed(change) == [("journal.entry-changed", str(ENTRIES[at]["id"]))]


@given(st.integers(0, len(ENTRIES) - 1))
def test_a_removed_entry_is_named(at: int) -> None:
    assert changed(lambda _, entries: entries.pop(at)) == [
        ("journal.entry-removed", str(ENTRIES[at]["id"]))
    ]


def test_an_inserted_entry_is_named() -> None:
    assert changed(lambda _, entries: entries.append(entry(45))) == [
        ("journal.entry-inserted", "45")
    ]
    assert changed(lambda _, entries: entries.append(entries[0])) == [("journal.entry-twice", "10")]
    assert changed(lambda _, entries: entries.append({})) == [("journal.no-id", "None")]


def test_a_missing_day_is_named_by_its_neighbours() -> None:
    seals, entries = deepcopy(SEALS), deepcopy(ENTRIES)
    del seals[2]
    found = check(seals, entries, KEYS)
    assert told(found)[0] == ("journal.day-missing", "2021-03-04")
    assert found[0].params == {"before": "2021-03-04", "after": "2021-03-02", "count": 4}
    assert [where for code, where in told(found) if code == "journal.entry-inserted"] == [
        "40",
        "50",
        "60",
        "70",
    ]
    assert changed(lambda seals, _: seals.pop(0))[0] == ("journal.day-missing", "2021-03-02")


def test_a_missing_day_without_entries_is_noticed() -> None:
    assert changed(lambda seals, _: seals.pop(1)) == [("journal.chain-broken", "2021-03-03")]


def test_days_in_another_order_are_noticed() -> None:
    assert changed(lambda seals, _: seals.reverse())


def test_a_last_day_taken_away_is_missed_by_what_is_kept_elsewhere() -> None:
    seals = [*SEALS[:-2], {**SEALS[-2], "signatures": []}]
    seals[-1]["signatures"] = [signing.signature("NM", subject(seals[-1]))]
    assert check(seals, ENTRIES, KEYS) == []
    assert told(check(seals, ENTRIES, KEYS, [head(SEALS[-1])])) == [
        ("journal.head-missing", "2021-03-05")
    ]


def test_history_sealed_anew_is_noticed_by_what_is_kept_elsewhere() -> None:
    others = [{**one, "verb": "void"} for one in ENTRIES]
    again: Any = None
    seals = []
    for day, count in enumerate(COUNTS, 1):
        again = seal_day(date(2021, 3, day), others[:count], again)
        again["signatures"] = [signing.signature("NM", subject(again))]
        seals.append(again)
        others = others[count:]
    entries = [{**one, "verb": "void"} for one in ENTRIES]
    assert check(seals, entries, KEYS) == []
    assert told(check(seals, entries, KEYS, [head(SEALS[3])])) == [
        ("journal.head-other", "2021-03-04")
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("root", "00" * 32), ("peaks", ["00" * 32] * 3), ("first", 1), ("last", 71), ("count", 5)],
)
def test_a_changed_seal_does_not_accuse_the_entries(field: str, value: object) -> None:
    found = changed(lambda seals, _: seals[2].update({field: value}))
    assert ("journal.seal-changed", "2021-03-03") in found
    assert not [code for code, _ in found if code.startswith("journal.entry")]


def test_a_changed_list_does_not_accuse_the_entries() -> None:
    def change(at: int, value: object) -> list[tuple[str, str]]:
        def it(seals: list[Any], entries: list[Any]) -> None:
            seals[2]["entries"][1][at] = value

        return [one for one in changed(it) if one[0] != "journal.entry-inserted"]

    assert change(1, "00" * 32) == [("journal.list-changed", "2021-03-03")]
    assert change(0, 51) == [("journal.list-changed", "2021-03-03")]


def test_an_entry_changed_along_with_the_list_is_named_and_doubted() -> None:
    def change(seals: list[Any], entries: list[Any]) -> None:
        entries[4]["verb"] = "void"
        seals[2]["entries"][0][1] = "00" * 32

    found = changed(change)
    assert ("journal.entry-changed", "50") in found
    assert ("journal.list-unproved", "2021-03-03") in found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "x"),
        ("hash", "sm3"),
        ("day", "yesterday"),
        ("size", "7"),
        ("peaks", []),
        ("peaks", ["x", "y", "z"]),
        ("entries", [1]),
        ("entries", [["1", "2"]]),
        ("root", 7),
        ("count", None),
        ("signatures", None),
        ("more", 1),
    ],
)
def test_a_seal_that_is_none_is_named(field: str, value: object) -> None:
    found = changed(lambda seals, _: seals[2].update({field: value}))
    day = value if field == "day" else "2021-03-03"
    assert ("journal.seal-broken", day) in found


def test_seals_that_cannot_be_read_are_counted() -> None:
    assert told(check([None], [])) == [("journal.seal-broken", "#1")]


def test_an_unsigned_last_day_is_said() -> None:
    seals = [{**seal, "signatures": []} for seal in SEALS]
    (finding,) = check(seals, ENTRIES)
    assert (finding.code, finding.severity) == ("journal.unsigned", "look")
    (finding,) = check(seals, ENTRIES, KEYS)
    assert (finding.code, finding.where) == ("journal.unsigned", "2021-03-05")


def test_a_signature_of_another_day_does_not_fit() -> None:
    assert changed(lambda seals, _: seals[3].update(signatures=seals[4]["signatures"])) == [
        ("seal.signature-wrong", "2021-03-04/signatures/1")
    ]


WRITTEN = [canonical(seal) for seal in SEALS]


@given(st.integers(0, len(SEALS) - 1), st.data())
def test_one_byte_changed_in_any_seal_is_found(which: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WRITTEN[which]) - 1))
    broken = bytearray(WRITTEN[which])
    broken[at] ^= data.draw(st.integers(1, 255))
    seals = [parse(one) for one in WRITTEN]
    try:
        seals[which] = parse(bytes(broken))
    except Refused:
        seals[which] = None
    assert check(seals, ENTRIES, KEYS)


@pytest.mark.parametrize("earlier", range(len(SEALS)))
def test_earlier_history_is_shown_to_be_part_of_later(earlier: int) -> None:
    proof: Any = consistency(SEALS, head(SEALS[earlier]))
    assert proof["later"] == head(SEALS[-1])
    assert check_consistency(head(SEALS[earlier]), proof)
    assert not check_consistency({**head(SEALS[earlier]), "root": "00" * 32}, proof)
    assert not check_consistency(head(SEALS[earlier]), {**proof, "path": [*proof["path"], "00"]})


def test_a_proof_that_is_none_proves_nothing() -> None:
    first = head(SEALS[0])
    assert not check_consistency(first, {})
    assert not check_consistency(first, {"later": {**first, "hash": "x"}, "path": []})
    assert not check_consistency(first, {"later": first, "path": ["x"]})
    assert not check_consistency(first, {"later": {**first, "size": "3"}, "path": []})
    empty: Any = head(seal_day(date(2021, 1, 1), []))
    assert check_consistency(empty, {"later": first, "path": []})


def test_days_and_entries_are_sealed_in_their_order() -> None:
    late = lambda: seal_day(date(2021, 3, 5), [], SEALS[-1])  # noqa: E731
    assert codes(late) == ["journal.not-later"]
    assert codes(lambda: seal_day(date(2021, 3, 6), [entry(2), entry(1)])) == ["journal.not-later"]
    assert codes(lambda: seal_day(date(2021, 3, 6), [{"id": "1"}])) == ["journal.no-id"]
    assert codes(lambda: seal_day(date(2021, 3, 6), [{"id": 1, "a": 0.5}])) == ["canonical.kind"]
