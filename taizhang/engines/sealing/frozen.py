"""A frozen report: the format, its seal, and the proof that one item was in it.

A report to be sealed is plain data, a mapping with the parts of ``layout.PARTS``:

- ``head``: a mapping; code, title, unit (``{"code", "name"}``), period, version, what version it
  restates (``{"version", "root"}`` or null), people (wrote, reviewed, signed, with times),
  ``one_person``. Every entry is an item of its own.
- ``text``: a list of blocks with ``id``; ``figures``: with ``id``; ``definitions``: with ``code``;
  ``rows``: with ``register`` and ``id``. What else these hold is theirs.
- ``history``: a mapping; the head of the sealed history up to then.

A sealed document has besides ``format``, ``hash``, ``seal`` (``root``, ``size``), ``leaves`` (for each
item ``[part, key, hash of its canonical JSON]``) and ``signatures``. The canonical JSON of an
entry of ``leaves`` is a leaf of the Merkle tree: the root proves the list, and the list names what
does not fit. A restated report is a new document; a counter-signature only adds to ``signatures``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from taizhang.engines.findings import Refused
from taizhang.engines.sealing import layout
from taizhang.engines.sealing.canonical import canonical, parse, quoted
from taizhang.engines.sealing.layout import FORMAT, PARTS, Item, items, lay_out
from taizhang.engines.sealing.merkle import SHA_256, Builder, Hash, Tree, hashing

CAPTION = "防篡改校验，不具有印章效力"
INCLUSION_FORMAT = "taizhang-inclusion-1"

Sign = Callable[[Mapping[str, object]], Iterable[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the tree: the item it stands for, and the bytes that are hashed."""

    item: Item
    data: bytes


def leaves(document: Mapping[str, object], algorithm: str = SHA_256) -> Iterator[Leaf]:
    """Yield the leaves of a report, sealed or not, in their order.

    Raises Refused: ``seal.item-twice``, ``seal.no-key``, ``seal.part-form``,
    ``seal.part-missing``, and as ``canonical`` does.
    """
    hash_ = hashing(algorithm)
    layout.refuse_other_parts({part: document[part] for part in PARTS if part in document}, PARTS)
    for part in PARTS:
        yield from _leaves(part, document[part], hash_)


def leaf_data(part: str, key: str, data: bytes, hash_: Hash) -> bytes:
    """Return the bytes of the leaf that stands for an item with these canonical bytes."""
    return b'["%b",%b,"%b"]' % (part.encode(), quoted(key), hash_(data).hex().encode())


def root(document: Mapping[str, object], algorithm: str = SHA_256) -> str:
    """Return the root over a report's items in hexadecimal digits. Raises Refused as ``leaves``."""
    builder = Builder(algorithm)
    for leaf in leaves(document, algorithm):
        builder.add(leaf.data)
    return builder.root().hex()


def write(
    report: Mapping[str, object], sign: Sign | None = None, algorithm: str = SHA_256
) -> Iterator[bytes]:
    """Seal a report: yield the lines of its file, each ending in a newline.

    The lists may be any iterables and are gone through once, so that a million rows need not be
    kept. ``sign`` is given the subject when the root is known, and returns the signatures to write. Raises Refused as ``leaves`` does, also for parts that do not belong.
    """
    layout.refuse_other_parts(report, PARTS)
    builder, hash_ = Builder(algorithm), hashing(algorithm)
    sealed: list[bytes] = []

    def lines(part: str) -> Iterator[bytes]:
        for leaf in _leaves(part, report[part], hash_):
            builder.add(leaf.data)
            sealed.append(leaf.data)
            yield layout.line_of(leaf.item)

    yield layout.first_line(algorithm)
    for part in PARTS:
        yield from layout.section(part, lines(part))
    top, size = builder.root().hex(), builder.size
    signatures = [] if sign is None else [dict(one) for one in sign(subject(algorithm, top, size))]
    seal = items("seal", {"root": top, "size": size})
    yield from layout.section("seal", map(layout.line_of, seal))
    yield from layout.section("leaves", sealed)
    yield from layout.section("signatures", map(canonical, signatures))
    yield layout.last_line()


def subject(algorithm: str, root: str, size: int) -> dict[str, object]:
    """Return what is signed of a report: format, algorithm, root and number of leaves."""
    return {"format": FORMAT, "hash": algorithm, "root": root, "size": size}


def read(data: bytes) -> dict[str, object]:
    """Return the document in a file. Raises Refused when its bytes are not those it was sealed as.

    ``lay_out`` writes the same bytes again. Whether it fits its seal is for ``checking`` to say.
    """
    lines = io.BytesIO(data)
    parts: dict[str, object] = {"format": FORMAT, "hash": layout.algorithm_in(lines.readline())}
    for part in layout.ALL:
        parts[part] = {} if part in layout.MAPPINGS else []
    for line in layout.scan(lines):
        if not isinstance(line, layout.Line):
            raise Refused(line)
        into = parts[line.part]
        if isinstance(into, list):
            into.append(parse(line.data, f"line {line.number}"))
        elif isinstance(into, dict):
            into |= _entry(parse(b"{" + line.data + b"}", f"line {line.number}"))
    if b"".join(lay_out(parts)) != data:
        raise Refused.because("canonical.other")
    return parts


def inclusion(document: Mapping[str, object], *names: str) -> dict[str, object]:
    """Return the proof that these items, ``rows/activities.activity/12``, are in a sealed report.

    It holds the items, the seal and the signatures, and can be checked without the report. Raises
    Refused: ``seal.no-such-item``, and as ``leaves`` does.
    """
    algorithm, seal = document["hash"], document["seal"]
    assert isinstance(algorithm, str), "a sealed report names its hash"
    assert isinstance(seal, Mapping), "a sealed report has a seal"
    hash_ = hashing(algorithm)
    found: dict[str, tuple[int, Item]] = {}
    hashes: list[bytes] = []
    wanted = set(names)
    for index, leaf in enumerate(leaves(document, algorithm)):
        hashes.append(hash_(b"\x00" + leaf.data))
        if leaf.item.name in wanted:
            found[leaf.item.name] = index, leaf.item
    tree = Tree(hashes, algorithm)
    proofs: list[dict[str, object]] = []
    for name in names:
        if name not in found:
            raise Refused.because("seal.no-such-item", name, name=name)
        index, item = found[name]
        path = [step.hex() for step in tree.inclusion(index)]
        value = parse(item.data)
        proofs.append(
            {"part": item.part, "key": item.key, "item": value, "index": index, "path": path}
        )
    return {
        "format": INCLUSION_FORMAT,
        "items": proofs,
        "seal": subject(algorithm, seal["root"], seal["size"]),
        "signatures": document["signatures"],
    }


def _leaves(part: str, given: object, hash_: Hash) -> Iterator[Leaf]:
    seen: set[str] = set()
    for item in items(part, given):
        if item.key in seen:
            raise Refused.because(
                "seal.item-twice", item.name, part=layout.NAMES[part], key=item.key
            )
        seen.add(item.key)
        yield Leaf(item, leaf_data(part, item.key, item.data, hash_))


def _entry(value: object) -> dict[str, object]:
    assert isinstance(value, dict), "braces make an object"
    return value
