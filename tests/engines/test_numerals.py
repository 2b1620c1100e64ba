from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.figures.numerals import check_style, hanzi, plain, spell

from .helpers import codes, refusal

decimals = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=3)

# The year 2021 of a county-level association, as its annual report prints it.
BANNER_2021 = [
    ("study.centre_group", 21, "次", "", "21次"),
    ("volunteers.corps_members", 124, "人", "", "124人"),
    ("volunteers.platform_members", 3356, "人", "", "3356人"),
    ("volunteering.events", 24, "场次", "", "24场次"),
    ("volunteering.turnout", 210, "人次", "余:10", "210人次"),
    ("volunteering.beneficiaries", 7836, "人次", "余:100", "7800余人次"),
    ("rural.events", 24, "场次", "", "24场次"),
    ("rural.beneficiaries", 7836, "人次", "余:100", "7800余人次"),
    ("minority.events", 10, "场次", "", "10场次"),
    ("minority.turnout", 106, "人次", "余:100", "100余人次"),
    ("minority.beneficiaries", 2045, "人次", "余:1000", "2000余人次"),
    ("cases.study_sessions", 1, "次", "", "1次"),
    ("cases.warning_sessions", 3, "次", "", "3次"),
    ("cases.party_lectures", 1, "次", "", "1次"),
    ("cases.cases_chosen", 6, "例", "", "6例"),
    ("cases.films", 1, "次", "", "1次"),
    ("cases.turnout", 27, "人次", "余:100", "27人次"),
    ("cases.reflections", 9, "篇", "", "9篇"),
    ("cases.suggestions", 7, "条", "", "7条"),
    ("cases.research_articles", 7, "篇", "", "7篇"),
    ("regulations.new", 1, "项", "", "1项"),
    ("regulations.improved", 1, "项", "", "1项"),
    ("rectification.group_problems", 8, "个", "", "8个"),
    ("rectification.group_measures", 8, "条", "", "8条"),
    ("rectification.personal_problems", 24, "个", "", "24个"),
    ("rectification.personal_measures", 24, "条", "", "24条"),
    ("rectification.closed_share", 100, "%", "", "100%"),
    ("aid.funds", 600000, "元", "万", "60万元"),
    ("aid.building_area", 300, "平方米", "", "300平方米"),
    ("aid.bricks", 20000, "块", "约:万", "2万块"),
    ("museum.building_area", 1500, "平方米", "", "1500平方米"),
    ("museum.exhibition_area", 1150, "平方米", "", "1150平方米"),
    ("museum.zones", 3, "个", "汉字|量词:部分", "三部分"),
    ("museum.exhibits", 258, "件", "", "258件"),
    ("museum.visits", 11500, "人次", "", "11500人次"),
    ("estations.count", 415, "个", "", "415个"),
    ("emergency.joint_notice_units", 5, "家", "汉字", "五家"),
    ("experts.new_members", 30, "名", "", "30名"),
    ("experts.events", 12, "场次", "", "12场次"),
    ("officers.count", 12073, "名", "", "12073名"),
    ("pushes.items", 804449, "条", "", "804449条"),
    ("column.items_per_week", 2, "条", "", "2条"),
    ("youth.caravan_schools", 3, "所", "", "3所"),
    ("youth.caravan_students", 4583, "人次", "余:10", "4580余人次"),
    ("youth.mobile_museum_visitors", 19862, "人次", "约:万", "约2万人次"),
]


@pytest.mark.parametrize(("figure", "value", "unit", "style", "prints"), BANNER_2021)
def test_the_annual_report_of_2021_prints_as_it_was(
    figure: str, value: int, unit: str, style: str, prints: str
) -> None:
    assert spell(Decimal(value), unit, style) == prints, figure


@pytest.mark.parametrize(
    ("value", "unit", "style", "prints"),
    [
        ("7800", "人次", "余:100", "7800人次"),
        ("45", "人次", "余:100", "45人次"),
        ("150.5", "人次", "余:100", "100余人次"),
        ("-7836", "人次", "余:100", "-7800余人次"),
        ("11500", "人次", "余:万", "1万余人次"),
        ("11500", "人次", "余:万|汉字", "一万余人次"),
        ("20000", "块", "约:万", "2万块"),
        ("4999", "块", "约:万", "4999块"),
        ("5000", "块", "约:万", "约1万块"),
        ("19862", "人次", "约:1000", "约20000人次"),
        ("19300", "人次", "约:1000|万", "约1.9万人次"),
        ("605000", "元", "万", "60.5万元"),
        ("804449", "条", "万|小数:1", "80.4万条"),
        ("45", "元", "万", "45元"),
        ("120000000", "元", "亿", "1.2亿元"),
        ("300000000", "元", "约:亿", "3亿元"),
        ("2", "所", "汉字", "两所"),
        ("2", "", "汉字", "二"),
        ("2", "所", "汉字|纯数", "二"),
        ("-2", "所", "汉字", "负两所"),
        ("12", "所", "汉字", "十二所"),
        ("22", "所", "汉字", "二十二所"),
        ("3.05", "亩", "汉字", "三点零五亩"),
        ("3.05", "亩", "汉字|小数:1", "三点一亩"),
        ("100", "%", "汉字", "百分之百"),
        ("2", "%", "汉字", "百分之二"),
        ("95.5", "%", "", "95.5%"),
        ("0.25", "万元", "小数:1", "0.3万元"),
        ("3", "次", "小数:2", "3.00次"),
        ("-0.04", "次", "小数:1", "0.0次"),
        ("2", "条", "纯数", "2"),
        ("1E+2", "条", "", "100条"),
        ("0", "条", "", "0条"),
        ("0", "条", "余:100", "0条"),
        ("0", "条", "约:100", "0条"),
        ("0", "条", "汉字", "零条"),
    ],
)
def test_wordings(value: str, unit: str, style: str, prints: str) -> None:
    assert spell(Decimal(value), unit, style) == prints


def test_what_has_no_value_cannot_be_printed() -> None:
    assert spell(None, "条") is None
    assert spell(None, "条", "", "无") is None
    assert spell(Decimal("NaN"), "条") is None


def test_nought_takes_its_own_wording() -> None:
    assert spell(Decimal(0), "条", "汉字", "无") == "无"
    assert spell(Decimal(1), "条", "", "无") == "1条"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"), (3, "三"), (10, "十"), (19, "十九"), (99, "九十九"), (101, "一百零一"),
        (110, "一百一十"), (200, "二百"), (2000, "二千"), (20000, "二万"), (10500, "一万零五百"),
        (105000, "十万五千"), (100000000, "一亿"), (105000000, "一亿零五百万"),
        (1000000000, "十亿"), (10**16, "一亿亿"),
    ],
)  # fmt: skip
def test_numbers_in_characters(number: int, text: str) -> None:
    assert hanzi(number) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1E+2", "100"), ("1.500", "1.5"), ("-0", "0"), ("-0.00", "0"), ("0.000001", "0.000001")],
)
def test_plain_digits(text: str, shown: str) -> None:
    assert plain(Decimal(text)) == shown


@given(decimals)
def test_plain_digits_lose_nothing(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


@given(decimals, st.sampled_from(["10", "100", "1000", "万", "亿"]))
def test_over_never_overstates(value: Decimal, step: str) -> None:
    size = {"万": 10**4, "亿": 10**8}.get(step) or int(step)
    text = spell(value, "人次", f"余:{step}")
    assert text is not None
    form = re.fullmatch(r"(-?[0-9.]+)([万亿]?)(余?)人次", text)
    assert form is not None
    printed = Decimal(form[1]) * {"": 1, "万": 10**4, "亿": 10**8}[form[2]]
    if form[3]:
        assert abs(printed) < abs(value) < abs(printed) + size
        assert printed % size == 0
    else:
        assert printed == value


@given(decimals)
def test_about_is_never_further_off_than_half_a_step(value: Decimal) -> None:
    text = spell(value, "", "约:1000")
    assert text is not None
    assert abs(Decimal(text.removeprefix("约")) - value) <= 500
    assert text.startswith("约") == (Decimal(text.removeprefix("约")) != value)


@pytest.mark.parametrize(
    ("style", "code"),
    [
        ("雨:100", "style.unknown"),
        ("余：100", "style.unknown"),
        ("万:1", "style.unknown"),
        ("余:100|", "style.unknown"),
        ("余:0", "style.bad-argument"),
        ("余", "style.bad-argument"),
        ("小数:9", "style.bad-argument"),
        ("量词:", "style.bad-argument"),
        ("万|亿", "style.conflict"),
        ("余:10|约:10", "style.conflict"),
        ("纯数|量词:部分", "style.conflict"),
    ],
)
def test_a_style_that_cannot_be_read_is_refused(style: str, code: str) -> None:
    assert codes(lambda: check_style(style)) == [code]
    assert codes(lambda: spell(Decimal(1), "", style)) == [code]


def test_a_mistyped_style_is_told_its_nearest() -> None:
    (finding,) = refusal(lambda: check_style("余：100"))
    assert finding.params == {"style": "余：100", "nearest": "余:100"}
