"""How a report is read before anything is checked: its year, its parts, and only the patterns it needs."""

from __future__ import annotations

import pytest

from taizhang.engines.checking import check, read
from taizhang.engines.checking.checks import conflicts
from taizhang.engines.checking.expressions import expression
from tests.engines.checking.weighing import Pair, points


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("某县科协2023年工作总结\n对照2021年以来的安排。", 2023),
        ("某市科技创新大赛总结\n自2024年11月启动，至2025年4月收官。", 2025),
        ("联合会二〇二二年工作总结\n全县有农技协18个。", 2022),
        ("某县科协关于督查情况的通报\n10月14日起开展督查。", None),
    ],
)
def test_a_report_is_dated_by_its_title_or_else_by_its_opening(text: str, year: int | None) -> None:
    assert read(text).year == year


def test_the_year_that_is_asked_for_goes_before_that_of_the_title() -> None:
    assert read("某县科协2023年工作总结", year=2022).year == 2022


def test_a_weekday_right_in_a_year_named_near_by_is_right_where_nobody_says_which_is_meant() -> (
    None
):
    text = (
        "某州流动科技馆工作总结\n州科协2019年再度承接巡展。3月5日（星期二），巡展起步；2020年续办。"
    )
    assert [one.code for one in check(text).issues] == []
    assert [one.code for one in check(text, year=2020).issues] == ["date_or_year.weekday"]


def test_parts_stand_above_the_numbered_headings() -> None:
    report = check("总结\n第一部分 回顾\n一、科普\n举办讲座12场。\n第二部分 打算\n举办讲座15场。")
    assert [one.section for one in report.quantities] == ["第一部分/一", "第二部分"]


def test_a_pattern_is_compiled_when_it_is_first_looked_for() -> None:
    sought = expression("[0-9]{2}")
    assert "search" not in vars(sought)
    found = sought.search("共36场")
    assert found is not None
    assert found[0] == "36"
    assert "search" in vars(sought)


def test_what_is_called_by_another_word_counts_as_that_word() -> None:
    context = read("", synonyms={"宣传大使": "信息员", "大使": "使者"})
    assert context.called("网络宣传大使198名") == "网络信息员198名"


def test_the_points_of_evidence_are_found_from_what_is_true_and_what_is_not() -> None:
    told = [
        Pair(0, {"alike": 1.0, "planned": float(planned)}, frozenset(), not planned)
        for planned in (False, True)
        for _times in range(20)
    ]
    weights, needed = points(told)
    assert weights["planned"] < -2
    assert weights["alike"] > needed


def test_every_kind_of_evidence_has_its_points() -> None:
    context = read(
        "某县科协2023年工作总结\n一、科普\n年末受训科普人员426人。\n二、问题\n受过培训的462名科普人员成为骨干。"
    )
    told = conflicts.read(context)
    (pair,) = conflicts.candidates(told)
    assert {name for name, _much in conflicts.evidence(context, told, pair)} == set(
        conflicts.POINTS
    )
