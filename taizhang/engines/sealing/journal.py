"""History sealed day by day, so that an entry changed, removed or slipped in later is found.

An entry is plain data with a whole number as ``id``; it is sealed once, with all it says. The seal
of a day is plain data too: ``format``, ``hash``, ``day``, ``first`` and ``last`` (ids, null on a day
without entries), ``count``, ``size`` and ``root`` over all entries so far, ``peaks`` (what is needed
to go on from here without them), ``previous`` (the hash of the seal before), ``entries`` (for each
``[id, hash of its canonical JSON]``) and ``signatures``. The canonical JSON of an entry of
``entries`` is a leaf of the tree. The hash of a seal is over all but ``entries``, which the root
proves, and ``signatures``, which come later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from taizhang.engines.findings import Refused
from taizhang.engines.sealing.canonical import canonical
from taizhang.engines.sealing.merkle import SHA_256, Builder, Tree, hashing, is_consistent

FORMAT = "taizhang-journal-1"


def seal_day(
    day: date,
    entries: Iterable[Mapping[str, object]],
    previous: Mapping[str, object] | None = None,
    algorithm: str = SHA_256,
) -> dict[str, object]:
    """Return the seal, not signed yet, of a day's entries in their order of id.

    ``previous`` is the seal of the last day that was sealed. A day without entries may be sealed or
    left out. Raises Refused: ``journal.not-later`` unless day and ids rise, ``journal.no-id``, and
    as ``canonical`` does.
    """
    name, last = day.isoformat(), None
    if previous is not None and name <= str(previous["day"]):
        raise Refused.because("journal.not-later", name, it=name, before=previous["day"])
    builder = going_on(previous, algorithm)
    listed: list[tuple[int, str]] = []
    for entry in entries:
        number, digest = digest_of(entry, algorithm)
        if last is not None and number <= last:
            raise Refused.because("journal.not-later", name, it=number, before=last)
        last = number
        listed.append((number, digest))
        builder.add(leaf_data(number, digest))
    return {
        "format": FORMAT,
        "hash": algorithm,
        "day": name,
        "first": listed[0][0] if listed else None,
        "last": last,
        "count": len(listed),
        "size": builder.size,
        "root": builder.root().hex(),
        "peaks": [peak.hex() for peak in builder.peaks],
        "previous": None if previous is None else seal_hash(previous),
        "entries": [list(one) for one in listed],
        "signatures": [],
    }


def seal_hash(seal: Mapping[str, object]) -> str:
    """Return the hash of a day's seal in hexadecimal digits: what the next day holds of it."""
    data = {name: seal[name] for name in seal if name not in ("entries", "signatures")}
    return hashing(str(seal["hash"]))(canonical(data)).hex()


def subject(seal: Mapping[str, object]) -> dict[str, object]:
    """Return what is signed of a day's seal."""
    return {
        "format": FORMAT,
        "hash": seal["hash"],
        "day": seal["day"],
        "seal": seal_hash(seal),
    }


def head(seal: Mapping[str, object]) -> dict[str, object]:
    """Return what to keep elsewhere of a day's seal: the ``history`` of a report frozen then."""
    kept = {name: seal[name] for name in ("hash", "day", "size", "root")}
    return {**kept, "seal": seal_hash(seal)}


def consistency(
    seals: Iterable[Mapping[str, object]], earlier: Mapping[str, object]
) -> dict[str, object]:
    """Return the proof that all history of an earlier head still stands in that of these seals.

    The seals are all of them from the first on.
    """
    algorithm = str(earlier["hash"])
    hash_ = hashing(algorithm)
    hashes: list[bytes] = []
    later: Mapping[str, object] | None = None
    for later in seals:
        listed = later["entries"]
        assert isinstance(listed, Sequence), "a seal has a list of entries"
        hashes += [hash_(b"\x00" + leaf_data(number, digest)) for number, digest in listed]
    assert later is not None, "there is a seal"
    size = earlier["size"]
    assert isinstance(size, int), "a head has a size"
    path = Tree(hashes, algorithm).consistency(size) if size else ()
    return {"later": head(later), "path": [step.hex() for step in path]}


def check_consistency(earlier: Mapping[str, object], proof: Mapping[str, Any]) -> bool:
    """Say whether the proof leads from the earlier head to the one in it."""
    try:
        later = proof["later"]
        old, new = earlier["size"], later["size"]
        if type(old) is not int or type(new) is not int or later["hash"] != earlier["hash"]:
            return False
        path = [bytes.fromhex(step) for step in proof["path"]]
        if old == 0:
            return not path and new >= 0
        old_root, new_root = bytes.fromhex(str(earlier["root"])), bytes.fromhex(str(later["root"]))
        return is_consistent(old, new, old_root, new_root, path, later["hash"])
    except (KeyError, TypeError, ValueError, Refused):
        return False


def going_on(previous: Mapping[str, object] | None, algorithm: str = SHA_256) -> Builder:
    """Return a builder that goes on behind a sealed day. Raises ValueError for broken peaks."""
    if previous is None:
        return Builder(algorithm)
    size, peaks = previous["size"], previous["peaks"]
    assert isinstance(size, int), "a seal has a size"
    assert isinstance(peaks, Sequence), "a seal has peaks"
    return Builder(algorithm, size, [bytes.fromhex(peak) for peak in peaks])


def digest_of(entry: Mapping[str, object], algorithm: str) -> tuple[int, str]:
    """Return an entry's id and the hash of all it says. Raises Refused: ``journal.no-id``."""
    number = entry.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise Refused.because("journal.no-id", str(number))
    return number, hashing(algorithm)(canonical(dict(entry), f"entry {number}")).hex()


def leaf_data(number: int, digest: str) -> bytes:
    """Return the bytes of the leaf that stands for an entry."""
    return canonical([number, digest])
