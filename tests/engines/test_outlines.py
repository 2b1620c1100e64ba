from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.findings import Finding
from taizhang.engines.outlines.compile import Compiled, ReportFact, compile_outline
from taizhang.engines.outlines.parse import (
    Outline,
    Slot,
    Variable,
    parse_outline,
    split_sentences,
)
from taizhang.engines.tree import FigureRun, Paragraph, Text
from taizhang.wording import say

from .helpers import codes, refusal

KNOWN = {"volunteering.events", "volunteering.beneficiaries", "rural.events", "aid.funds"}
VARIABLES = {"unit": "旗科协", "year": "2021", "date": "2021年12月31日", "version": "送审稿"}
SAMPLE = """
code = "county-annual"
name = {zh = "县级科协年度工作报告", en = "County annual work report"}
title = ["{@unit}", "{@year}年度工作报告"]
byline = "（{@version}）"
opening = ["{@year}年，工作迈上新台阶。"]
closing = ["特此报告。"]
signature = ["{@unit}", "{@date}"]

[[parts]]
heading = "科普信息"
paragraphs = ["现有科普信息员{officers.count}。"]

[[parts]]
heading = "志愿服务"
paragraphs = [
  "开展{volunteering.events}，受益{volunteering.beneficiaries}。现有信息员{officers.count}，活动{volunteering.events}。",
]
[[parts.sections]]
heading = "空的"
paragraphs = ["{officers.count}。"]
[[parts.sections]]
heading = "助力{@unit}振兴"
paragraphs = ["开展{rural.events}！协调{aid.funds|万}。"]
[[parts.sections.sections]]
heading = "三级"
paragraphs = ["文。"]
[[parts.sections.sections.sections]]
heading = "四级"
paragraphs = ["文。"]

[awaits]
"officers.count" = {zh = "科普信息员", en = "Information officers"}
"""


def outline(text: str = SAMPLE) -> Outline:
    return parse_outline(tomllib.loads(text), KNOWN, "county-annual")


def fact(code: str, value: int | None, unit: str = "场次", **more: Any) -> ReportFact:
    rows = more.pop("rows", 24)
    return ReportFact(code, code, None if value is None else Decimal(value), rows, unit, **more)


FACTS = {
    "volunteering.events": fact("volunteering.events", 24, query="activities.activity?x=1"),
    "volunteering.beneficiaries": fact("volunteering.beneficiaries", 7836, "人次", style="余:100"),
    "rural.events": fact("rural.events", 24),
    "aid.funds": fact("aid.funds", 600000, "元"),
}


def shared(group: str = "g", size: int = 24) -> dict[str, ReportFact]:
    grouped = {
        code: fact(code, 24, row_group=group, row_group_size=size)
        for code in ("volunteering.events", "volunteering.beneficiaries", "rural.events")
    }
    return FACTS | grouped


def compiled(facts: dict[str, ReportFact] | None = None) -> Compiled:
    return compile_outline(outline(), facts or FACTS, VARIABLES)


def paragraphs(result: Compiled) -> list[Paragraph]:
    return [block for block in result.document.blocks if isinstance(block, Paragraph)]


def test_an_outline_becomes_a_numbered_document() -> None:
    assert [(block.id, block.role, block.text) for block in paragraphs(compiled())] == [
        ("p-1", "title", "旗科协"),
        ("p-2", "title", "2021年度工作报告"),
        ("p-3", "byline", "（送审稿）"),
        ("p-4", "body", "2021年，工作迈上新台阶。"),
        ("p-5", "heading1", "一、志愿服务"),
        ("p-6", "body", "开展24场次，受益7800余人次。"),
        ("p-7", "heading2", "（一）助力旗科协振兴"),
        ("p-8", "body", "开展24场次！协调60万元。"),
        ("p-9", "heading3", "1.三级"),
        ("p-10", "body", "文。"),
        ("p-11", "heading3", "（1）四级"),
        ("p-12", "body", "文。"),
        ("p-13", "body", "特此报告。"),
        ("p-14", "signature", "旗科协"),
        ("p-15", "signature", "2021年12月31日"),
    ]
    assert compiled().document.title == "旗科协2021年度工作报告"
    assert compiled().findings == ()


def test_figures_know_their_facts_in_reading_order() -> None:
    runs = compiled().document.figures()
    assert [run.id for run in runs] == ["f1", "f2", "f3", "f4"]
    assert runs[0] == FigureRun(
        "f1", "volunteering.events", "24场次", "24", "场次", 24, "activities.activity?x=1"
    )


def test_words_between_figures_are_one_run() -> None:
    (body,) = [block for block in paragraphs(compiled()) if block.id == "p-8"]
    assert [run.text for run in body.runs] == ["开展", "24场次", "！协调", "60万元", "。"]


def test_a_sentence_that_awaits_a_figure_is_left_out_and_listed() -> None:
    to_come = compiled().to_come
    assert [(one.headings, one.text) for one in to_come] == [
        (("科普信息",), "现有科普信息员〔科普信息员〕。"),
        (("志愿服务",), "现有信息员〔科普信息员〕，活动〔volunteering.events〕。"),
        (("志愿服务", "空的"), "〔科普信息员〕。"),
    ]
    assert to_come[0].codes == ("officers.count",)
    assert to_come[0].names[0].en == "Information officers"


def test_an_outline_lists_the_figures_it_needs() -> None:
    assert outline().figures() == (
        "volunteering.events",
        "volunteering.beneficiaries",
        "rural.events",
        "aid.funds",
    )


@pytest.mark.parametrize("value", [None, 0])
def test_what_has_no_value_is_missing_and_must_be_seen_to(value: int | None) -> None:
    result = compiled(FACTS | {"rural.events": fact("rural.events", value, rows=0, weak=True)})
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.where) == (
        "report.missing-value",
        "must",
        "p-8",
    )
    run = result.document.figures()[2]
    assert (run.text, run.marks) == ("缺项", ("missing",))
    assert run.value == (None if value is None else "0")


def test_nought_with_a_wording_is_no_finding() -> None:
    result = compiled(FACTS | {"rural.events": fact("rural.events", 0, zero="无")})
    assert result.findings == ()
    assert result.document.figures()[2].text == "无"


def test_weak_proof_is_marked() -> None:
    result = compiled(FACTS | {"rural.events": fact("rural.events", 24, weak=True)})
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.where) == ("report.weak-proof", "look", "p-8")
    assert [run.marks for run in result.document.figures()] == [(), (), ("weak",), ()]


def test_a_sentence_says_once_that_the_rows_behind_its_numbers_are_weakly_proved() -> None:
    weak = {
        code: fact(code, 24, weak=True, row_group="one", row_group_size=24)
        for code in ("volunteering.events", "volunteering.beneficiaries")
    }
    (finding,) = compiled(FACTS | weak).findings
    assert finding.params["code"] == ("volunteering.events", "volunteering.beneficiaries")
    assert finding.params["rows"] == 24


def test_two_sentences_over_the_same_rows_say_so_once() -> None:
    result = compiled(shared())
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.where) == ("report.same-rows", "look", "p-8")
    assert finding.params["first"] == "p-6"
    assert finding.params["first_codes"] == ("volunteering.events", "volunteering.beneficiaries")
    assert finding.params["second_headings"] == "志愿服务 / 助力旗科协振兴"
    assert finding.params["rows"] == 24
    assert [run.marks for run in result.document.figures()] == [("same",), ("same",), ("same",), ()]
    assert "24 条记录" in say(finding)


def test_figures_within_one_sentence_may_share_their_rows() -> None:
    facts = shared() | {"rural.events": FACTS["rural.events"]}
    assert compiled(facts).findings == ()


def test_no_rows_are_not_the_same_rows() -> None:
    assert compiled(shared(size=0)).findings == ()


def test_each_later_sentence_over_the_same_rows_is_set_beside_the_first() -> None:
    text = SAMPLE.replace("特此报告。", "共{volunteering.events}。又{rural.events}。")
    findings = compile_outline(outline(text), shared(), VARIABLES).findings
    assert [(one.params["first"], one.where) for one in findings] == [
        ("p-6", "p-8"),
        ("p-6", "p-13"),
        ("p-6", "p-13"),
    ]


def test_a_thousand_sentences_over_the_same_rows_are_as_many_findings_and_not_their_square() -> (
    None
):
    text = SAMPLE.replace("特此报告。", "共{volunteering.events}。" * 1000)
    result = compile_outline(outline(text), shared(), VARIABLES)
    assert len(result.findings) == 1001


def test_findings_come_in_reading_order() -> None:
    facts = shared() | {"aid.funds": fact("aid.funds", None)}
    facts["volunteering.events"] = fact("volunteering.events", 24, weak=True)
    found = [(finding.where, finding.code) for finding in compiled(facts).findings]
    assert found == [
        ("p-6", "report.weak-proof"),
        ("p-8", "report.missing-value"),
        ("p-8", "report.same-rows"),
    ]


def test_braces_variables_and_styles_are_read() -> None:
    text = SAMPLE.replace("特此报告。", "{{甲}}{@unit}{aid.funds|万|量词:块}{aid.funds|}。")
    (paragraph,) = outline(text).closing
    assert paragraph == (
        (
            Text("{甲}"),
            Variable("unit"),
            Slot("aid.funds", "万|量词:块"),
            Slot("aid.funds", ""),
            Text("。"),
        ),
    )


def test_an_outline_may_be_bare() -> None:
    doc = {"code": "x", "name": {"zh": "甲", "en": "A"}, "title": [], "parts": []}
    bare = parse_outline(doc, (), "x")
    assert compile_outline(bare, {}, {}).document.blocks == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        (
            "rural.events",
            "rural.event",
            "outline.unknown-figure",
            "parts[1].sections[1].paragraphs[0]",
        ),
        ("{rural.events}", "{}", "outline.unknown-figure", "parts[1].sections[1].paragraphs[0]"),
        ("{@unit}振兴", "{@uint}振兴", "outline.unknown-variable", "parts[1].sections[1].heading"),
        (
            "{@unit}振兴",
            "{aid.funds}",
            "outline.figure-outside-paragraph",
            "parts[1].sections[1].heading",
        ),
        ("{@version}", "{@version", "outline.unbalanced-brace", "byline"),
        ("{@version}", "@version}", "outline.unbalanced-brace", "byline"),
        ("|万", "|完", "style.unknown", "parts[1].sections[1].paragraphs[0]"),
        ('officers.count" =', 'aid.funds" =', "outline.no-longer-awaited", "awaits"),
        (', en = "Information officers"', "", "table.missing-language", "awaits"),
        ('{zh = "科普信息员", en = "Information officers"}', "1", "table.wrong-type", "awaits"),
        ("closing =", "closings =", "table.unknown-key", ""),
        ('closing = ["特此报告。"]', 'closing = "特此报告。"', "table.wrong-type", ""),
        ('code = "county-annual"', "", "table.missing-key", ""),
        (', en = "County annual work report"', "", "table.missing-language", ""),
        ('heading = "空的"', "", "table.missing-key", "parts[1].sections[0]"),
    ],
)
def test_a_mistake_in_an_outline_is_refused_at_its_place(
    old: str, new: str, code: str, where: str
) -> None:
    assert old in SAMPLE
    findings = refusal(lambda: outline(SAMPLE.replace(old, new, 1)))
    assert (code, f"county-annual: {where}".rstrip()) in [(one.code, one.where) for one in findings]


def test_the_nearest_figure_is_named() -> None:
    (finding,) = refusal(lambda: outline(SAMPLE.replace("rural.events", "rural.event")))
    assert finding.params == {"code": "rural.event", "nearest": "rural.events"}


def test_awaits_that_are_no_table_are_refused() -> None:
    text = SAMPLE.partition("[awaits]")[0].replace("{officers.count}", "")
    assert codes(lambda: outline('awaits = "x"\n' + text)) == ["table.wrong-type"]


def test_parts_that_are_no_tables_are_refused() -> None:
    doc = {"code": "x", "name": {"zh": "甲", "en": "A"}, "title": [], "parts": ["x"]}
    assert codes(lambda: parse_outline(doc, (), "x")) == ["table.wrong-type"]
    assert codes(lambda: parse_outline(doc | {"parts": None}, (), "x")) == ["table.missing-key"]


def test_five_levels_are_too_deep() -> None:
    deeper = SAMPLE.replace(
        "[awaits]", '[[parts.sections.sections.sections.sections]]\nheading = "五"\n[awaits]'
    )
    assert codes(lambda: outline(deeper)) == ["outline.too-deep"]


def sentences(text: str) -> list[str]:
    return [
        "".join(p.text for p in s if isinstance(p, Text)) for s in split_sentences((Text(text),))
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("甲。乙！丙？", ["甲。", "乙！", "丙？"]),
        ("甲；乙。", ["甲；乙。"]),
        ("甲", ["甲"]),
        ("他说：“甲。”乙。", ["他说：“甲。”", "乙。"]),
        ("“甲。乙。”丙。", ["“甲。乙。”", "丙。"]),
        ("（甲。）乙。", ["（甲。）", "乙。"]),
        ("甲！？乙", ["甲！？", "乙"]),
        ("甲）。乙", ["甲）。", "乙"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_figure_may_begin_the_next_sentence() -> None:
    slot = Slot("a.b")
    assert split_sentences((Text("甲。"), slot, Text("乙。"))) == (
        (Text("甲。"),),
        (slot, Text("乙。")),
    )


@given(st.text("甲乙。！？；“”（）", max_size=30))
def test_cutting_into_sentences_loses_nothing(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_every_finding_of_a_report_can_be_said() -> None:
    findings: tuple[Finding, ...] = compiled(
        shared()
        | {"aid.funds": fact("aid.funds", None), "rural.events": fact("rural.events", 1, weak=True)}
    ).findings
    assert findings
    for finding in findings:
        assert "—" not in say(finding, "zh")
        assert "—" not in say(finding, "en")
