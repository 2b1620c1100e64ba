"""Is history still what was sealed day by day? If not: which entry or which day does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.engines.findings import Finding, Refused, Severity
from taizhang.engines.sealing import journal
from taizhang.engines.sealing.merkle import HASHES, SHA_256, Builder
from taizhang.engines.sealing.signed import Key, check_signatures

_Listed = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Day:
    """A seal that has all it needs, and its hash."""

    seal: Mapping[str, object]
    day: str
    algorithm: str
    count: int
    size: int
    root: str
    peaks: Sequence[str]
    listed: _Listed
    digest: str


def check(
    seals: Iterable[object],
    entries: Iterable[Mapping[str, object]],
    keys: Iterable[Key] | None = None,
    known: Iterable[Mapping[str, object]] = (),
) -> list[Finding]:
    """Say what does not fit; nothing to say means that the entries are those that were sealed.

    ``seals`` are all of them from the first day on, as plain data; ``entries`` come in any order,
    and what is newer than the last seal is passed over. A finding's ``where`` is the entry's id or
    the day. ``keys`` are as in ``checking.check``; ``known`` are heads kept elsewhere, in frozen
    reports: with them a last day that was taken away is missed too.
    """
    keys, seals = None if keys is None else list(keys), list(seals)
    algorithm = _algorithm(seals)
    there: dict[int, str] = {}
    found: list[Finding] = []
    for entry in entries:
        try:
            number, digest = journal.digest_of(entry, algorithm)
        except Refused as refused:
            found += refused.findings
            continue
        if number in there:
            found.append(_of_entry("journal.entry-twice", number, None))
        there[number] = digest
    before: _Day | None = None
    sealed: dict[str, _Day] = {}
    unlisted = dict(there)
    gap = False
    for position, seal in enumerate(seals, 1):
        day = _read(seal, algorithm)
        if day is None:
            name = _name_of(seal, position)
            found.append(Finding("journal.seal-broken", "must", name, {"day": name}))
            before, gap = None, True
            continue
        told = [] if gap else list(_chain(before, day))
        own = list(_entries(None if gap or told else before, day, there, bool(gap or told)))
        found += told + own
        if day.seal["signatures"]:
            signed = check_signatures(_signatures(day), [journal.subject(day.seal)], keys)
            found += [one.at(f"{day.day}/{one.where}") for one in signed]
        for number, _ in day.listed:
            unlisted.pop(number, None)
        before, gap = day, False
        sealed[day.day] = day
    last = max((number for day in sealed.values() for number, _ in day.listed), default=None)
    for number in sorted(unlisted):
        if last is not None and number < last:
            found.append(_of_entry("journal.entry-inserted", number, None))
    if before is not None and not before.seal["signatures"]:
        severity: Severity = "look" if keys is None else "must"
        found.append(Finding("journal.unsigned", severity, before.day, {"day": before.day}))
    return found + list(_missed(sealed, known))


def _chain(before: _Day | None, day: _Day) -> Iterator[Finding]:
    """Does the day follow the one before? Where it does not, are there entries between them?"""
    previous = None if before is None else before.digest
    if day.seal["previous"] == previous and (before is None or before.day < day.day):
        return
    between = day.size - day.count - (before.size if before else 0)
    if before is None or between > 0:
        params = {"before": day.day, "after": before.day if before else None, "count": between}
        yield Finding("journal.day-missing", "must", day.day, params)
    else:
        params = {"day": day.day, "before": before.day}
        yield Finding("journal.chain-broken", "must", day.day, params)


def _entries(
    before: _Day | None, day: _Day, there: Mapping[int, str], torn: bool
) -> Iterator[Finding]:
    """Do the day's entries fit its list, and does the list fit its root?"""
    found = [(number, there[number]) for number, _ in day.listed if number in there]
    proved = torn or _fits(before, day, day.listed)
    if list(day.listed) == found:
        if not proved:
            yield Finding("journal.seal-changed", "must", day.day, {"day": day.day})
        return
    if not proved and any(_fits(before, day, one) for one in (found, _between(day, there))):
        # The entries are those that were sealed: it is the list that was changed.
        yield Finding("journal.list-changed", "must", day.day, {"day": day.day})
        return
    for number, digest in day.listed:
        if number not in there:
            yield _of_entry("journal.entry-removed", number, day.day)
        elif there[number] != digest:
            yield _of_entry("journal.entry-changed", number, day.day)
    if not proved:
        yield Finding("journal.list-unproved", "must", day.day, {"day": day.day})


def _between(day: _Day, there: Mapping[int, str]) -> _Listed:
    first, last = day.seal["first"], day.seal["last"]
    if not isinstance(first, int) or not isinstance(last, int):
        return []
    return [(number, there[number]) for number in sorted(there) if first <= number <= last]


def _fits(before: _Day | None, day: _Day, listed: _Listed) -> bool:
    """Does the day's seal follow from the one before and these entries?"""
    try:
        builder = journal.going_on(before.seal if before else None, day.algorithm)
    except ValueError:
        return False
    for number, digest in listed:
        builder.add(journal.leaf_data(number, digest))
    numbers = [number for number, _ in listed]
    return (
        builder.root().hex() == day.root
        and [peak.hex() for peak in builder.peaks] == list(day.peaks)
        and (builder.size, len(listed)) == (day.size, day.count)
        and day.seal["first"] == (numbers[0] if numbers else None)
        and day.seal["last"] == (numbers[-1] if numbers else None)
    )


def _missed(sealed: Mapping[str, _Day], known: Iterable[Mapping[str, object]]) -> Iterator[Finding]:
    """Heads kept elsewhere that are not among the seals any more."""
    for one in known:
        name = str(one.get("day"))
        if name not in sealed:
            yield Finding("journal.head-missing", "must", name, {"day": name})
        elif journal.head(sealed[name].seal) != dict(one):
            yield Finding("journal.head-other", "must", name, {"day": name})


def _algorithm(seals: Sequence[object]) -> str:
    """The hash of the whole journal: that of its first seal that names one we have."""
    for seal in seals:
        named = seal.get("hash") if isinstance(seal, Mapping) else None
        if isinstance(named, str) and named in HASHES:
            return named
    return SHA_256


def _read(seal: object, algorithm: str) -> _Day | None:
    """Take a seal to pieces; None when it is not one, or not one hashed like the others."""
    names = set(journal.seal_day(date.min, []))
    if not isinstance(seal, Mapping) or seal.keys() != names:
        return None
    try:
        if seal["format"] != journal.FORMAT or not isinstance(seal["signatures"], list):
            return None
        date.fromisoformat(seal["day"])
        Builder(algorithm, seal["size"], [bytes.fromhex(peak) for peak in seal["peaks"]])
        listed = [(number, digest) for number, digest in seal["entries"]]
        kinds = all(type(n) is int and isinstance(d, str) for n, d in listed)
        whole = all(type(seal[name]) is int for name in ("size", "count"))
        digest = journal.seal_hash(seal)
    except (Refused, TypeError, ValueError, AttributeError):
        return None
    if not kinds or not whole or seal["hash"] != algorithm or not isinstance(seal["root"], str):
        return None
    return _Day(
        seal,
        seal["day"],
        seal["hash"],
        seal["count"],
        seal["size"],
        seal["root"],
        seal["peaks"],
        listed,
        digest,
    )


def _signatures(day: _Day) -> list[object]:
    signatures = day.seal["signatures"]
    assert isinstance(signatures, list), "a seal that was read has a list of signatures"
    return signatures


def _name_of(seal: object, position: int) -> str:
    """The day as a broken seal says it, or else which of the seals it is."""
    day = seal.get("day") if isinstance(seal, Mapping) else None
    return day if isinstance(day, str) and day else f"#{position}"


def _of_entry(code: str, number: int, day: str | None) -> Finding:
    return Finding(code, "must", str(number), {"entry": number, "day": day})
