from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines import pinyin


def heard(name: str, *, person: bool = False) -> list[list[str]]:
    return [[pinyin.told(one) for one in some] for some in pinyin.readings(name, person=person)]


@pytest.mark.parametrize(
    ("surname", "sound"),
    [
        ("曾", "zeng"),
        ("单", "shan"),
        ("仇", "qiu"),
        ("解", "xie"),
        ("区", "ou"),
        ("查", "zha"),
        ("朴", "piao"),
        ("任", "ren"),
        ("华", "hua"),
        ("盖", "ge"),
        ("缪", "miao"),
        ("覃", "qin"),
        ("翟", "zhai"),
        ("尹", "yin"),
        ("车", "che"),
        ("尉迟", "yu chi"),
        ("万俟", "mo qi"),
        ("长孙", "zhang sun"),
        ("单于", "chan yu"),
        ("澹台", "tan tai"),
        ("令狐", "ling hu"),
        ("欧阳", "ou yang"),
        ("诸葛", "zhu ge"),
        ("司马", "si ma"),
    ],
)
def test_a_surname_is_read_as_a_surname(surname: str, sound: str) -> None:
    ((first, *_more),) = heard(f"{surname}明", person=True)
    assert first == f"{sound} ming"


def test_a_surname_of_two_readings_has_both_and_only_at_the_head_of_a_name() -> None:
    assert {one.split()[0] for one in heard("翟明", person=True)[0]} == {"zhai", "di"}
    ((first, *_more),) = heard("王单", person=True)
    assert first == "wang dan"
    assert heard("单")[0][0] == "dan"


@pytest.mark.parametrize(
    ("title", "sound"),
    [
        ("重庆银行长春分行", "chong qing yin hang chang chun fen hang"),
        ("音乐快乐会计会议", "yin yue kuai le kuai ji hui yi"),
        ("科学施肥走进青山村", "ke xue shi fei zou jin qing shan cun"),
        ("绿色出行宣传活动", "lv se chu xing xuan chuan huo dong"),
    ],
)
def test_words_decide_how_a_title_is_read(title: str, sound: str) -> None:
    assert heard(title) == [[sound]]


def test_short_names_have_every_likely_reading_and_no_more_than_four() -> None:
    (some,) = heard("长乐重行")
    assert len(some) == pinyin.VARIANTS
    assert {"chang le", "zhang le"} & {" ".join(one.split()[:2]) for one in some}


def test_each_run_of_characters_is_read_for_itself() -> None:
    assert heard("2021年（春）e站") == [["nian"], ["chun"], ["zhan"]]
    assert heard("2021 abc") == []


def test_a_reading_begins_with_its_initials() -> None:
    assert pinyin.initials(pinyin.spoken("qing", "shan", "cun")) == "qsc"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kepu", {("ke", "pu")}),
        ("kep", {("ke", "p")}),
        ("xian", {("", "xian"), ("xi", "an")}),
        ("xi'an", {("xi", "an")}),
        ("fangan", {("fang", "an"), ("fan", "gan")}),
        ("lüse", {("lv", "se")}),
        ("qlkp", set()),
        ("hello", set()),
        ("科普", set()),
        ("", set()),
        ("'", set()),
    ],
)
def test_letters_are_split_into_the_syllables_they_may_be(
    typed: str, expected: set[tuple[str, str]]
) -> None:
    found = {(pinyin.told(whole), begun) for whole, begun in pinyin.splits(typed)}
    assert found >= expected
    assert bool(found) == bool(expected)


def test_the_syllables_that_begin_alike_are_one_span() -> None:
    for begun in {sound[:size] for sound in pinyin.syllables() for size in range(1, 7)}:
        span = pinyin.span(begun)
        assert span is not None
        numbers = range(ord(span[0]) - pinyin.FIRST, ord(span[1]) - pinyin.FIRST + 1)
        inside = [pinyin.syllables()[number] for number in numbers]
        assert inside == [sound for sound in pinyin.syllables() if sound.startswith(begun)]
    assert pinyin.span("q'") is None


@given(st.text())
def test_any_name_is_read_and_any_word_split(name: str) -> None:
    for person in (False, True):
        for some in pinyin.readings(name, person=person):
            assert 1 <= len(some) <= pinyin.VARIANTS
            assert len({len(reading) for reading in some}) == 1
    pinyin.splits(name)


@given(st.lists(st.sampled_from(pinyin.syllables()), min_size=1, max_size=5))
def test_what_is_written_with_marks_is_read_back(sounds: list[str]) -> None:
    found = pinyin.splits("'".join(sounds))
    assert any((*pinyin.told(whole).split(), begun) == (*sounds,) for whole, begun in found)
