"""The index of words: it finds what looking through every row would find, whatever was written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.engines import pinyin, wordsearch
from taizhang.engines.queries import Query
from taizhang.ledger import access, catalogue, query, searching, write
from taizhang.search import index
from taizhang.search.models import Words
from tests.conftest import Cast
from tests.factories import make, values

ACTIVITIES = "activities.activity"
LETTERS = "科学普及讲座行长乐aBkpx1209-_%'\"\\ ＡＢ１－㎡ßé。"
texts = st.text(LETTERS, min_size=1, max_size=14).filter(lambda text: bool(wordsearch.fold(text)))
words = st.text([c for c in LETTERS if c not in " \\"], min_size=1, max_size=6)


def found(register: str, words: str, user: Any = None) -> set[str]:
    """The titles of what a search finds."""
    known = catalogue.get(register)
    with access.remembering():
        return {known.title_of(row) for row in query.rows(known, Query(search=words), user)}


def titled(cast: Cast, *titles: str, **more: Any) -> list[Any]:
    """Activities of the east town with these titles."""
    return [
        make(ACTIVITIES, number, cast.east, cast.su, title=title, location="", **more)
        for number, title in enumerate(titles, start=1)
    ]


def by_eye(word: str, fields: Iterable[str]) -> bool:
    """Whether the word stands in one of the fields, as a person would tell."""
    return any(wordsearch.fold(word) in wordsearch.fold(field) for field in fields)


def by_ear(word: str, title: str) -> bool:
    """Whether the word is how the title is read, or its initials."""
    for ways in pinyin.readings(title):
        for reading in ways:
            if word in pinyin.initials(reading):
                return True
            starts = ["".join(reading[place:]) for place in range(len(reading))]
            if any(start.startswith(word) for start in starts):
                return True
    return False


LARGE = -1
"""No area is small: the index is asked."""
WAYS = {
    "named": (LARGE, 20_000, 500),
    "indexed": (LARGE, 20_000, 0),
    "looked through": (LARGE, 0, 0),
    "small": (10_000, 20_000, 500),
    "small, in many rows": (10_000, 20_000, 0),
}


@pytest.fixture(params=WAYS)
def way(request: Any, monkeypatch: Any) -> str:
    """How a search is carried out, by the size of the area and how many rows a word stands in."""
    for name, value in zip(("SMALL", "MANY", "FEW"), WAYS[request.param], strict=True):
        monkeypatch.setattr(index, name, value)
    return str(request.param)


@pytest.fixture(autouse=True)
def of_unknown_size(monkeypatch: Any) -> None:
    """No test hears from another how large an area is."""
    monkeypatch.setattr(index, "_known_small", {})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=6), word=words)
def test_a_search_finds_what_looking_through_every_row_finds(
    cast: Cast, way: str, rows: list[tuple[str, str]], word: str
) -> None:
    with transaction.atomic():
        register = catalogue.get(ACTIVITIES)
        given_values = values(register, 1, cast.east, cast.su)
        made = write.create_many(
            register,
            [
                given_values | {"title": title, "location": location, "code": f"{number}号"}
                for number, (title, location) in enumerate(rows)
            ],
            actor=cast.su,
        )
        expected = {
            record.pk
            for number, ((title, location), record) in enumerate(zip(rows, made, strict=True))
            if by_eye(word, (f"{number}号", title, location))
            or (len(word) > 1 and by_ear(wordsearch.fold(word), title))
        }
        with access.remembering():
            got = {row.pk for row in query.rows(register, Query(search=word))}
        transaction.set_rollback(True)
    assert got == expected


@pytest.mark.fast
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kepu", {"青山村科普讲座"}),
        ("kep", {"青山村科普讲座"}),
        ("k", set()),
        ("kp", {"青山村科普讲座"}),
        ("KPJZ", {"青山村科普讲座"}),
        ("qsckp", {"青山村科普讲座"}),
        ("qingshan", {"青山村科普讲座"}),
        ("qingshancunkepujiangzuo", {"青山村科普讲座"}),
        ("shancun kpjz", {"青山村科普讲座"}),
        ("ingshan", set()),
        ("chongqing", {"重庆银行长跑"}),
        ("zhongqing", set()),
        ("yinhang", {"重庆银行长跑"}),
        ("yinxing", set()),
        ("xian", {"西安行", "县城的会", "先锋"}),
        ("xi'an", {"西安行"}),
        ("lvse", {"绿色出行"}),
        ("lüse", {"绿色出行"}),
    ],
)
def test_titles_are_found_by_their_sound_and_by_their_initials(
    typed: str, expected: set[str], cast: Cast, way: str
) -> None:
    titled(cast, "青山村科普讲座", "重庆银行长跑", "西安行", "县城的会", "先锋", "绿色出行", "2021")
    assert found(ACTIVITIES, typed, cast.re) == expected


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾小明", "zeng"),
        ("曾小明", "zxm"),
        ("单雄", "shanx"),
        ("仇英", "qiuying"),
        ("解晓东", "xie"),
        ("区志强", "ozq"),
        ("查建国", "zha"),
        ("尉迟恭", "yuchi"),
        ("万俟雪", "moqi"),
        ("王长乐", "wangchangle"),
        ("王长乐", "wangzhangle"),
        ("巴图", "batu"),
    ],
)
def test_people_are_found_by_the_sound_of_their_surname(name: str, typed: str, cast: Cast) -> None:
    make("volunteers.volunteer", 1, cast.east, cast.su, name=name)
    make("volunteers.volunteer", 2, cast.east, cast.su, name="李梅")
    assert found("volunteers.volunteer", typed, cast.su) == {name}


def test_a_surname_is_not_read_as_in_a_word(cast: Cast) -> None:
    make("volunteers.volunteer", 1, cast.east, cast.su, name="单雄")
    assert found("volunteers.volunteer", "danxiong", cast.su) == set()


def test_names_of_people_answer_only_those_who_may_read_them(cast: Cast, way: str) -> None:
    make("volunteers.volunteer", 1, cast.east, cast.su, name="曾小明", speciality="养蜂")
    west = make("volunteers.volunteer", 2, cast.west, cast.su, name="曾大明", speciality="养蜂")
    make("activities.participation", 1, cast.west, cast.su, volunteer=west)
    for typed in ("曾", "小明", "zeng", "zxm", "zdm"):
        assert found("volunteers.volunteer", typed, cast.re) == set()
        assert found("volunteers.volunteer", typed, cast.chen) == set()
    assert found("volunteers.volunteer", "曾", cast.bo) == {"曾小明"}
    assert found("volunteers.volunteer", "zeng", cast.su) == {"曾小明", "曾大明"}
    assert found("volunteers.volunteer", "养蜂", cast.re) == {"曾小明", "曾大明"}
    assert len(found("activities.participation", "zdm", cast.su)) == 1
    assert found("activities.participation", "zdm", cast.re) == set()
    assert found("activities.participation", "养蜂", cast.re) == set()


def test_child_rows_are_found_by_what_finds_their_parent(cast: Cast, way: str) -> None:
    place = make("places.place", 1, cast.east, cast.su, name="青山科技馆")
    make("places.zone", 1, cast.east, cast.su, place=place, name="声光展区")
    make("places.zone", 2, cast.east, cast.su, name="水展区")
    assert found("places.zone", "青山", cast.re) == {"声光展区"}
    assert found("places.zone", "qskjg", cast.re) == {"声光展区"}
    assert found("places.zone", "声光 qingshan", cast.re) == {"声光展区"}
    write.change(catalogue.get("places.place"), place, {"name": "绿水科技馆"}, actor=cast.su)
    assert found("places.zone", "青山", cast.re) == set()
    assert found("places.zone", "绿水", cast.re) == {"声光展区"}


def test_the_index_follows_every_change(cast: Cast, way: str) -> None:
    first, second = titled(cast, "养蜂技术培训", "冬季防火讲座")
    register = catalogue.get(ACTIVITIES)
    write.change(register, first, {"title": "养鸡技术培训"}, actor=cast.su)
    write.change(register, second, {"attendance": 7}, actor=cast.su)
    assert found(ACTIVITIES, "蜂") == found(ACTIVITIES, "yangfeng") == set()
    assert found(ACTIVITIES, "鸡") == found(ACTIVITIES, "yangji") == {"养鸡技术培训"}
    assert found(ACTIVITIES, "防火") == {"冬季防火讲座"}
    assert indexed() == made_anew()


def test_a_write_that_is_refused_leaves_the_index_as_it_was(cast: Cast) -> None:
    before = indexed()
    with transaction.atomic():
        titled(cast, "养蜂技术培训")
        transaction.set_rollback(True)
    assert indexed() == before
    assert found(ACTIVITIES, "蜂") == set()


def test_an_index_made_anew_is_the_one_that_was_kept(cast: Cast) -> None:
    titled(cast, "养蜂技术培训", "冬季防火讲座", "123")
    make("volunteers.volunteer", 1, cast.east, cast.su, name="曾小明")
    register = catalogue.get(ACTIVITIES)
    kept = indexed()
    assert kept == made_anew()
    Words.objects.all().delete()
    assert found(ACTIVITIES, "蜂") == set()
    assert sum(searching.rebuild(register)) == 3
    assert searching.is_built(register)
    assert found(ACTIVITIES, "蜂") == found(ACTIVITIES, "yfjs") == {"养蜂技术培训"}


def test_a_search_asks_the_same_number_of_queries_however_much_it_finds(cast: Cast) -> None:
    titled(cast, *(f"第{number}次科普讲座" for number in range(3)))
    register = catalogue.get(ACTIVITIES)

    def asked(words: str) -> int:
        with CaptureQueriesContext(connection) as queries, access.remembering():
            list(query.rows(register, Query(search=words), cast.su).values_list("pk"))
        return len(queries)

    asked("科")
    few = asked("科普")
    titled(cast, *(f"又第{number}次科普讲座" for number in range(3, 12)))
    assert asked("科普") == asked("讲座") == asked("又") == few
    assert asked("第9次") <= few + 1


def test_an_emptied_ledger_has_an_empty_index(cast: Cast, way: str) -> None:
    from django.core.management.color import no_style
    from django.core.management.sql import sql_flush

    titled(cast, "养蜂技术培训")
    connection.check_constraints()  # PostgreSQL empties no table that still waits for a check
    with connection.cursor() as cursor:  # what ``flush`` does, in a transaction that is taken back
        for statement in sql_flush(no_style(), connection, allow_cascade=True):
            cursor.execute(statement)
    assert proposed(ACTIVITIES, wordsearch.Run("养蜂")) == set()
    index.put(index.Area(ACTIVITIES), [(1, "养鸡")], new=True)
    assert proposed(ACTIVITIES, wordsearch.Run("养蜂")) == set()
    assert proposed(ACTIVITIES, wordsearch.Run("养")) == {1}


@pytest.mark.parametrize("at_once", [0, 3])
def test_rows_that_come_by_the_thousand_are_found_before_they_are_indexed(
    at_once: int, cast: Cast, way: str, monkeypatch: Any
) -> None:
    titled(cast, "养蜂技术培训")
    monkeypatch.setattr(index, "AT_ONCE", at_once)
    register = catalogue.get(ACTIVITIES)
    plain = values(register, 1, cast.east, cast.su)
    titles = ["养蜂讲座", "养鸡讲座", "防火讲座", "qsckp"]
    more = write.create_many(register, [plain | {"title": t} for t in titles], actor=cast.su)
    assert index.waiting() == 4

    def all_found() -> None:
        assert found(ACTIVITIES, "养蜂") == {"养蜂技术培训", "养蜂讲座"}
        assert found(ACTIVITIES, "蜂") == {"养蜂技术培训", "养蜂讲座"}
        assert found(ACTIVITIES, "养蜂讲座") == found(ACTIVITIES, "yangfengjiang") == {"养蜂讲座"}
        assert found(ACTIVITIES, "yfjz") == {"养蜂讲座"}
        assert found(ACTIVITIES, "QSCKP") == {"qsckp"}
        assert found(ACTIVITIES, "养鸭") == set()

    all_found()
    write.change_many(
        register, [(row, {"title": f"{row.title}。"}) for row in more[:2]], actor=cast.su
    )
    assert index.waiting() == (4 if not at_once else 2)
    write.change_many(
        register, [(row, {"title": row.title[:-1]}) for row in more[:2]], actor=cast.su
    )
    all_found()
    while index.settle(3):
        all_found()
    assert index.waiting() == index.settle(1) == 0
    assert indexed() == made_anew()


def proposed(register: str, run: wordsearch.Run) -> set[int]:
    """The numbers that the database's own index gives for a run of characters."""
    area = index.Area(register)
    with pytest.MonkeyPatch.context() as patch, connection.cursor() as cursor:
        patch.setattr(index, "SMALL", LARGE)
        patch.setattr(index, "_known_small", {})
        cursor.execute(*index._proposals(area, ((run,),), 0, decide=False))
        return {number - area.base for (number,) in cursor.fetchall()}


def indexed() -> dict[int, str]:
    """The texts of the index; every line of an activity's text is found by its grams."""
    base = index.Area(ACTIVITIES).base
    held = dict(Words.objects.values_list("id", "text"))
    for number in catalogue.get(ACTIVITIES).model._default_manager.values_list("pk", flat=True):
        for line in held[base + number].split("\n"):
            assert number in proposed(ACTIVITIES, wordsearch.Run(line))
    return held


def made_anew() -> dict[int, str]:
    """The texts after every register was indexed anew; units that were not written stay out."""
    kept = set(Words.objects.values_list("id", flat=True))
    for register in catalogue.registers():
        assert sum(searching.rebuild(register)) == register.model._default_manager.count()
    return {number: text for number, text in indexed().items() if number in kept}
