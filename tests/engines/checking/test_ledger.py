"""Quantities of a report against the figures of the ledger: agrees, differs, or silence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from taizhang.engines.checking import check
from taizhang.engines.checking.ledger import Known, Verdict, judge


def known(code: str, name: str, subject: str, unit: str, value: str | None) -> Known:
    return Known(code, name, tuple(subject.split("、")), unit, (value and Decimal(value)) or None)


FIGURES = (
    known("vol.events", "科技志愿服务活动", "科技志愿服务活动、志愿服务活动", "场次", "24"),
    known("vol.public", "科技志愿服务受益公众", "受益公众、受益群众", "人次", "7836"),
    known("minority.events", "少数民族志愿服务活动", "少数民族科技志愿服务活动", "场次", "10"),
    known("minority.public", "少数民族活动受益公众", "受益公众", "人次", "2045"),
    known("museum.exhibits", "科技馆展品", "展品", "件", "258"),
    known("museum.area", "科技馆建筑面积", "建筑面积", "平方米", "1500"),
    known("money", "科普专项经费", "科普专项经费", "元", "650000"),
    known("none", "科普e站", "科普e站", "个", None),
)


def verdicts(text: str, named: dict[int, str] | None = None) -> list[Verdict]:
    return list(judge(text, check(text).quantities, FIGURES, named))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年开展科技志愿服务活动24场次。", ("agrees", "vol.events")),
        ("全年开展科技志愿服务活动26场。", ("differs", "vol.events")),
        ("科技志愿服务受益公众7800余人次。", ("agrees", "vol.public")),
        ("科技志愿服务受益公众7800人次。", ("differs", "vol.public")),
        ("少数民族科技志愿服务活动受益公众达2000余人次。", ("agrees", "minority.public")),
        ("科技馆有展品285件。", ("differs", "museum.exhibits")),
        ("展品近260件。", ("agrees", "museum.exhibits")),
        ("建筑面积1500平米。", ("agrees", "museum.area")),
        ("投入科普专项经费65万元。", ("agrees", "money")),
        ("投入科普专项经费0.6亿元。", ("differs", "money")),
    ],
)
def test_a_quantity_is_compared_with_the_figure_that_it_tells(
    text: str, expected: tuple[str, str]
) -> None:
    (verdict,) = verdicts(text)
    assert (verdict.state, verdict.code) == expected


@pytest.mark.parametrize(
    "text",
    [
        "去年开展科技志愿服务活动20场次。",  # another year
        "计划开展科技志愿服务活动30场次。",  # a plan
        "科技志愿服务活动比上年增加6场次。",  # a change
        "平均每场受益公众300人次。",  # an average
        "科技志愿服务活动覆盖12个乡镇。",  # another unit
        "共有科普e站415个。",  # nothing in the ledger
        "受益公众100人。",  # people are no person-times
        "展品XX件。",  # nothing to compare
        "召开座谈会24次。",  # a subject of nobody
    ],
)
def test_what_cannot_be_compared_for_certain_stays_unknown(text: str) -> None:
    assert [verdict.state for verdict in verdicts(text)] == ["unknown"]


def test_the_same_words_belong_to_the_activity_told_before_them() -> None:
    text = (
        "科技志愿服务活动24场次，受益公众7800余人次。\n"
        "少数民族科技志愿服务活动10场次，受益公众2000余人次。"
    )
    assert [verdict.code for verdict in verdicts(text)] == [
        "vol.events",
        "vol.public",
        "minority.events",
        "minority.public",
    ]


def test_a_control_of_ours_says_for_certain_which_figure_it_is() -> None:
    text = "甲24场次，乙25场次，丙7个。"
    named = {0: "vol.events", 1: "vol.events", 2: "none"}
    states = [(verdict.state, verdict.code) for verdict in verdicts(text, named)]
    assert states == [("agrees", "vol.events"), ("differs", "vol.events"), ("unknown", "none")]
    (lost,) = verdicts("一处24场次。", {0: "gone.figure"})
    assert lost == Verdict("unknown", "")
