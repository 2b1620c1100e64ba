"""Writing the index of words and asking it: the same on both databases.

SQLite keeps the grams in an FTS5 table of its own, which is written here; PostgreSQL keeps them in
a GIN index over the texts. Either proposes rows; where a word is longer than a gram, or stands in
very many rows, the text decides, and where an area is small, it alone. Indexing a row costs more
than half of what writing it does, so rows that come by the thousand stay ``fresh`` – found by
looking through them – until somebody with time to spare calls ``settle``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import Any
from zlib import crc32

from django.db import connection, models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from taizhang.engines import wordsearch
from taizhang.engines.wordsearch import Run

from .models import Built, Words

MANY = 20_000
"""A word in more rows than this is found quicker by looking at the rows one after the other; for a
count that stops at ten thousand so many of them are enough."""
FEW = 500
"""So few rows are named one by one, which every query makes the best of."""
SMALL = 10_000
"""An area of no more rows is looked through: that is quicker than asking an index over all areas."""
SURE_FOR = 600.0
"""For so many seconds an area is taken for as large as it was; it is only a matter of speed."""
AT_ONCE = 200
"""More rows than these are not indexed while somebody waits for them to be written."""
_RECORDS = 41
_AREAS = 22
_CHUNK = 500
Sought = tuple[tuple[Run, ...], ...]
"""For each word the runs of characters it may mean."""
_Sql = tuple[str, tuple[str | int, ...]]


@dataclass(frozen=True)
class Area:
    """The texts of one register, or of the personal fields of one."""

    name: str

    @cached_property
    def base(self) -> int:
        """What the number of a record is added to: the area in the high bits."""
        return (crc32(self.name.encode()) & ((1 << _AREAS) - 1)) << _RECORDS

    @property
    def ends(self) -> tuple[int, int]:
        """The least and the greatest number of the area."""
        return self.base, self.base + (1 << _RECORDS) - 1


def put(area: Area, texts: Iterable[tuple[int, str]], *, new: bool) -> None:
    """Keep the texts of these records, whose numbers are ``new`` or may be known already.

    Empty texts are left out. Few are indexed at once, many are left fresh.
    """
    rows = [(area.base + number, text) for number, text in texts]
    if not new:
        _drop([number for number, _text in rows])
    rows = [row for row in rows if row[1]]
    fresh = len(rows) > AT_ONCE
    if fresh:
        _known_small.pop(area, None)
    _insert(rows, fresh)
    if not fresh:
        _write_grams(rows)


def drop(area: Area, numbers: Iterable[int]) -> None:
    """Forget records."""
    _drop([area.base + number for number in numbers])


def waiting() -> int:
    """How many rows are fresh."""
    return Words.objects.filter(fresh=True).count()


def settle(most: int) -> int:
    """Index up to ``most`` fresh rows and return how many there were: nought when all is done."""
    fresh = Words.objects.filter(fresh=True).order_by("id")
    if not fresh.exists():  # asked often, and without the lock that writing takes
        return 0
    with transaction.atomic():
        rows = list(fresh.select_for_update().values_list("id", "text")[:most])
        _write_grams(rows)
        for start in range(0, len(rows), _CHUNK):
            numbers = [number for number, _text in rows[start : start + _CHUNK]]
            Words.objects.filter(id__in=numbers).update(fresh=False)
    return len(rows)


def _insert(rows: Sequence[tuple[int, str]], fresh: bool) -> None:
    """As ``bulk_create``, which takes five times as long for such narrow rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            numbers, texts = [number for number, _ in rows], [text for _, text in rows]
            cursor.execute(
                "INSERT INTO search_words (id, text, fresh)"
                " SELECT *, %s FROM unnest(%s::bigint[], %s::text[])",
                [fresh, numbers, texts],
            )
        else:
            statement = "INSERT INTO search_words (id, text, fresh) VALUES (%s, %s, %s)"
            cursor.executemany(statement, [(number, text, fresh) for number, text in rows])


def _drop(numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), _CHUNK):
        known = Words.objects.filter(id__in=numbers[start : start + _CHUNK])
        # An index without content must be told what it held.
        _write_grams(list(known.filter(fresh=False).values_list("id", "text")), gone=True)
        known.delete()


def _write_grams(rows: Sequence[tuple[int, str]], *, gone: bool = False) -> None:
    if connection.vendor != "sqlite" or not rows:  # PostgreSQL does it by itself
        return
    statement = "INSERT INTO search_grams(rowid, grams) VALUES (%s, %s)"
    if gone:
        statement = "INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', %s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [(number, " ".join(wordsearch.grams(text))) for number, text in rows]
        )


def is_built(area: Area) -> bool:
    """Whether every record of the area stands in the index as this version makes it."""
    return Built.objects.filter(area=area.name, format=wordsearch.FORMAT).exists()


def begin(area: Area) -> None:
    """Empty an area before all its records are indexed anew."""
    Built.objects.filter(area=area.name).delete()
    while numbers := list(
        Words.objects.filter(id__range=area.ends).values_list("id", flat=True)[:5000]
    ):
        _drop(numbers)


def finish(area: Area) -> None:
    """Note that every record of the area is indexed."""
    Built.objects.update_or_create(area=area.name, defaults={"format": wordsearch.FORMAT})


@dataclass(frozen=True)
class Found:
    """The records of an area in which every one of some words stands, for use in any query.

    ``few`` are all of them where they are few; ``many`` tells that they are very many.
    """

    area: Area
    words: Sought
    few: tuple[int, ...] | None = None
    many: bool = False

    def condition(self, path: str = "pk") -> Q:
        """The rows whose ``path`` is the number of such a record."""
        if self.few is not None:
            return Q(**{f"{path}__in": self.few})
        if not self.many:
            return Q(**{f"{path}__in": self._numbers()})
        number = Cast(OuterRef(path), models.BigIntegerField()) + Value(self.area.base)
        return Q(Exists(Words.objects.filter(_Standing(self.words), id=number)))

    def some(self) -> Q:
        """Of very many rows only some: quickly had, and enough to count as far as people do."""
        return Q(pk__in=self._numbers(MANY)) if self.many else self.condition()

    def _numbers(self, most: int = 0) -> RawSQL:
        statement, params = _proposals(self.area, self.words, most, decide=True)
        return RawSQL(f"SELECT id - %s FROM ({statement}) AS found", (self.area.base, *params))  # noqa: S608, S611


_known_small: dict[Area, tuple[float, bool]] = {}


def _is_small(area: Area) -> bool:
    """Whether the area has few rows, asked of the database once in a while."""
    asked_at, small = _known_small.get(area, (-SURE_FOR, False))
    if monotonic() - asked_at >= SURE_FOR:
        some = Words.objects.filter(id__range=area.ends).order_by()[: SMALL + 1]
        small = some.count() <= SMALL
        _known_small[area] = monotonic(), small
    return small


def find(area: Area, words: Sequence[str]) -> Found:
    """Look words up that all stand in the same record, in three queries at most."""
    sought = tuple(tuple(wordsearch.runs(word)) for word in words)
    # The rows of a small area are looked through; how many an exact word stands in is known first.
    small, exact = _is_small(area), _is_exact(sought)
    if exact and not small and _count(area, sought) > MANY:
        return Found(area, sought, many=True)
    statement, params = _proposals(area, sought, FEW + 1, decide=True)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        numbers = [number for (number,) in cursor.fetchall()]
    if len(numbers) <= FEW:
        return Found(area, sought, few=tuple(number - area.base for number in numbers))
    return Found(area, sought, many=not (small or exact) and _count(area, sought) > MANY)


def _count(area: Area, words: Sought) -> int:
    """How many rows the index proposes, as far as it matters."""
    statement, params = _proposals(area, words, MANY + 1, decide=False)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({statement}) AS proposed", params)  # noqa: S608
        (count,) = cursor.fetchone()
    return int(count)


def _is_exact(words: Sought) -> bool:
    """Whether the index alone says which rows they are."""
    return all(wordsearch.asked(run).exact for runs in words for run in runs)


def _proposals(area: Area, words: Sought, most: int, *, decide: bool) -> _Sql:
    """The numbers of the rows that the index proposes, and of the fresh ones with the words.

    To ``decide`` is to look at the texts where the index alone does not say for certain; ``most``
    rows are proposed, all when it is nought.
    """
    low, high = area.ends
    limit = f" LIMIT {most}" if most else ""
    standing, texts = _standing("text", words)
    if _is_small(area):
        statement = f"SELECT id FROM search_words WHERE id BETWEEN %s AND %s AND {standing}{limit}"  # noqa: S608
        return statement, (low, high, *texts)
    fresh = f"SELECT id FROM search_words WHERE fresh AND id BETWEEN %s AND %s AND {standing}"  # noqa: S608
    if connection.vendor == "sqlite":
        known = "SELECT rowid AS id FROM search_grams WHERE search_grams MATCH %s"
        asked = _match(words)
    else:
        known = "SELECT id FROM search_words WHERE NOT fresh AND search_grams(text) @@ %s::tsquery"
        asked = _tsquery(words)
    known += " AND {} BETWEEN %s AND %s".format("rowid" if connection.vendor == "sqlite" else "id")
    params: tuple[str | int, ...] = (asked, low, high)
    if decide and not _is_exact(words):
        if connection.vendor == "sqlite":
            known = f"SELECT id FROM search_words WHERE id IN ({known}) AND {standing}"  # noqa: S608
        else:
            known = f"{known} AND {standing}"
        params += texts
    return f"{known} UNION ALL {fresh}{limit}", (*params, low, high, *texts)


def _standing(text: str, words: Sought) -> _Sql:
    """Whether every word stands in the text. Neither holds anything that a pattern means."""
    sqlite = connection.vendor == "sqlite"
    every: list[str] = []
    params: list[str] = []
    for runs in words:
        either = []
        for run in runs:
            pattern = f"{run.text}[{run.first}-{run.last}]" if run.first else run.text
            if run.first:
                either.append(f"{text} GLOB %s" if sqlite else f"{text} ~ %s")
                params.append(f"*{pattern}*" if sqlite else pattern)
            else:
                either.append(f"instr({text}, %s)" if sqlite else f"{text} LIKE %s")
                params.append(pattern if sqlite else f"%{pattern}%")
        every.append(f"({' OR '.join(either)})")
    return " AND ".join(every), tuple(params)


class _Standing(Func):
    """Rows in whose text every word stands."""

    output_field = models.BooleanField()

    def __init__(self, words: Sought) -> None:
        super().__init__(F("text"))
        self.words = words

    def as_sql(self, compiler: Any, connection: Any, *extra: Any, **more: Any) -> _Sql:
        text, _params = compiler.compile(self.get_source_expressions()[0])
        standing, params = _standing(text, self.words)
        return f"({standing})", params


def _match(words: Sought) -> str:
    """The words as FTS5 is asked for them."""
    return _asked(words, " AND ", " OR ", lambda gram, whole: f'"{gram}"' + ("" if whole else "*"))


def _tsquery(words: Sought) -> str:
    """The words as PostgreSQL is asked for them; grams hold no quotes and no backslashes."""
    return _asked(words, " & ", " | ", lambda gram, whole: f"'{gram}'" + ("" if whole else ":*"))


def _asked(words: Sought, every: str, either: str, term: Callable[[str, bool], str]) -> str:
    found = []
    for runs in words:
        alternatives = []
        for run in runs:
            groups = [
                f"({either.join(term(gram, whole) for gram, whole in group)})"
                for group in wordsearch.asked(run).groups
            ]
            alternatives.append(f"({every.join(groups)})")
        found.append(f"({either.join(alternatives)})")
    return every.join(found)
