"""How a frozen report lies in a file: JSON in which every item has a line of its own.

One report gives one sequence of bytes. Lines let a million rows be written and checked one by one,
and leave every other item standing where a line is damaged beyond reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import Bilingual
from taizhang.engines.sealing.canonical import canonical, decode, decode_entry, quoted

FORMAT = "taizhang-frozen-1"

# What is sealed, in this order. The fields that name an item follow; where there are none the part
# is one mapping, and each of its entries is an item.
PARTS: Mapping[str, tuple[str, ...]] = {
    "head": (),
    "text": ("id",),
    "figures": ("id",),
    "definitions": ("code",),
    "rows": ("register", "id"),
    "history": (),
}
# What the seal itself says, behind what it seals: the root is known only then.
SEAL: Mapping[str, bool] = {"seal": True, "leaves": False, "signatures": False}
MAPPINGS = frozenset({"head", "history", "seal"})
ALL = (*PARTS, *SEAL)

NAMES: Mapping[str, Bilingual] = {
    "head": Bilingual("报告信息", "the report's head"),
    "text": Bilingual("正文", "the text"),
    "figures": Bilingual("指标", "the figures"),
    "definitions": Bilingual("指标定义", "the definitions"),
    "rows": Bilingual("记录", "the records"),
    "history": Bilingual("历史", "the history"),
    "seal": Bilingual("封存信息", "the seal"),
    "leaves": Bilingual("校验清单", "the list of hashes"),
    "signatures": Bilingual("签名", "the signatures"),
}

_FIRST = b'{"format":"%b","hash":"' % FORMAT.encode()
_LAST = b"}\n"
_OPENINGS = {
    b'"%b":%b\n' % (part.encode(), b"{" if part in MAPPINGS else b"["): part for part in ALL
}
_OPENING = {part: line for line, part in _OPENINGS.items()}
_OPEN_ENDS = (b"[\n", b"{\n")
_CLOSERS = frozenset({b"]\n", b"],\n", b"}\n", b"},\n"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its part and key, and the canonical bytes of what it says."""

    part: str
    key: str
    data: bytes

    @property
    def name(self) -> str:
        """``rows/activities.activity/12``: how the item is called in findings and proofs."""
        return f"{self.part}/{self.key}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file that holds, or should hold, an item of a part; without comma and end."""

    part: str
    number: int
    data: bytes


def items(part: str, given: object) -> Iterator[Item]:
    """Yield the items of a part. Lists may be any iterables; mappings go by their sorted keys.

    Raises Refused: ``seal.part-form``, ``seal.no-key``, and as ``canonical`` does.
    """
    if part in MAPPINGS:
        if not isinstance(given, Mapping):
            raise Refused.because("seal.part-form", part, part=NAMES[part])
        for key in sorted(given, key=_utf_16):
            yield Item(part, key, canonical(given[key], f"{part}/{key}"))
        return
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise Refused.because("seal.part-form", part, part=NAMES[part])
    for number, item in enumerate(given):
        key = key_of(part, item)
        if key is None:
            raise Refused.because("seal.no-key", f"{part}[{number}]", part=NAMES[part])
        yield Item(part, key, canonical(item, f"{part}/{key}"))


def key_of(part: str, item: object) -> str | None:
    """Return how an item of a list is called in its part, None when it does not say."""
    if not isinstance(item, dict):
        return None if PARTS.get(part) else ""
    words = [item.get(field) for field in PARTS.get(part, ())]
    if any(isinstance(word, bool) or not isinstance(word, str | int) for word in words):
        return None
    return "/".join(str(word) for word in words)


def lay_out(document: Mapping[str, object]) -> Iterator[bytes]:
    """Yield the lines of a sealed report: the same bytes whenever and wherever it is done.

    Raises Refused: ``seal.part-missing``, ``seal.part-unknown``, ``seal.unknown-format``, and as
    ``items`` does.
    """
    algorithm = document.get("hash")
    if document.get("format") != FORMAT or not isinstance(algorithm, str):
        raise Refused.because("seal.unknown-format", "format", expected=FORMAT)
    refuse_other_parts(document, ALL)
    yield first_line(algorithm)
    for part in ALL:
        yield from section(part, (line_of(one) for one in items(part, document[part])))
    yield _LAST


def refuse_other_parts(document: Mapping[str, object], expected: Iterable[str]) -> None:
    """Raise Refused unless the document has these parts and no others."""
    found: list[Finding] = []
    wanted = set(expected)
    for part in wanted - set(document):
        found.append(Finding("seal.part-missing", "must", part, {"part": NAMES[part]}))
    for part in set(document) - wanted - {"format", "hash"}:
        found.append(Finding("seal.part-unknown", "must", str(part), {"part": part}))
    if found:
        raise Refused(*sorted(found, key=lambda finding: finding.where))


def first_line(algorithm: str) -> bytes:
    """Return the line that says what the file is, and how it is hashed."""
    return _FIRST + canonical(algorithm)[1:] + b",\n"


def algorithm_in(line: bytes) -> str | None:
    """Return the hash that a file's first line names, None when the line says something else."""
    name = line.removeprefix(_FIRST).removesuffix(b'",\n').decode("ascii", "replace")
    return name if line == _FIRST + name.encode() + b'",\n' else None


def last_line() -> bytes:
    """Return the line that ends the file."""
    return _LAST


def line_of(item: Item) -> bytes:
    """Return the item as it stands in its line, without the comma."""
    return quoted(item.key) + b":" + item.data if item.part in MAPPINGS else item.data


def section(part: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a whole part: its opening, its lines with commas between them, its end."""
    yield _OPENING[part]
    before: bytes | None = None
    for line in lines:
        if before is not None:
            yield before + b",\n"
        before = line
    if before is not None:
        yield before + b"\n"
    yield _closing(part)


def scan(lines: Iterable[bytes]) -> Iterator[Line | Finding]:
    """Read the lines behind the first: yield their items, and what is not laid out so.

    A damaged line that should open or close a part costs that line only: the next opening says
    where we are.
    """
    part, inside, half, done, number = "", False, False, False, 1
    pending: tuple[Line, bool] | None = None
    for number, line in enumerate(lines, 2):
        opened = _OPENINGS.get(line)
        if opened is None and not inside:
            following = _after(part)
            if following is None:
                if done or line != _LAST:
                    yield misplaced(number, part)
                done = True
                continue
            if part == "" or _may_open(line, following):
                opened = following
            else:
                # The part did not end yet: what looked like its end was half a damaged line.
                yield misplaced(number, part)
                inside = half = True
        elif opened is None:
            if line.endswith(_OPEN_ENDS):
                ends = (one for opening, one in _OPENINGS.items() if line.endswith(opening))
                opened = next(ends, _after(part) if half else None)
            half = False
        elif inside or opened != _after(part):
            yield misplaced(number, opened)
        closes = line in _CLOSERS
        if pending is not None:
            if pending[1] == (closes or opened is not None):
                yield misplaced(pending[0].number, part)
            yield pending[0]
            pending = None
        if opened is not None:
            if line not in _OPENINGS:
                yield misplaced(number, opened)
            part, inside = opened, True
        elif closes:
            if line != _closing(part):
                yield misplaced(number, part)
            inside = False
        else:
            if not line.endswith(b"\n"):
                yield misplaced(number, part)
            data = line.removesuffix(b"\n")
            pending = Line(part, number, data.removesuffix(b",")), data.endswith(b",")
    if pending is not None:
        yield pending[0]
    if not done:
        yield misplaced(number + 1, part or ALL[0])


def read_line(line: Line) -> tuple[str | None, object, bytes]:
    """Return an item's key, what it says, and the bytes of that.

    The key is None, and the bytes are the line's own, where the line cannot be read. Whether they
    are the bytes that were sealed is told by their hash, not here.
    """
    try:
        text = line.data.decode()
        if line.part not in MAPPINGS:
            value = decode(text)
            return key_of(line.part, value), value, line.data
        key, value, end = decode_entry(text)
        return key, value, text[end:].encode()
    except (ValueError, RecursionError):
        return None, None, line.data


def misplaced(number: int, part: str) -> Finding:
    """Say that a line is not written as this part is laid out."""
    params = {"line": number, "part": NAMES.get(part)}
    return Finding("seal.layout", "must", f"line {number}", params)


def _after(part: str) -> str | None:
    """The part that follows; the first one after none."""
    following = ALL.index(part) + 1 if part else 0
    return ALL[following] if following < len(ALL) else None


def _closing(part: str) -> bytes:
    closing = b"}" if part in MAPPINGS else b"]"
    return closing + (b"\n" if part == ALL[-1] else b",\n")


def _may_open(line: bytes, part: str) -> bool:
    """Is the line, which is no opening, that of this part, damaged? Items begin and end otherwise."""
    return line.endswith(_OPEN_ENDS) or line.startswith(_OPENING[part][:4])


def _utf_16(key: object) -> bytes:
    if not isinstance(key, str):
        raise Refused.because("canonical.key", key=repr(key))
    return key.encode("utf-16-be", "surrogatepass")
