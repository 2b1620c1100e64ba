"""The marked-up reports can be read, and what is annotated fits the text it is annotated on."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engines.checking import markup

REPORTS = Path(__file__).parent / "reports"
ALL = sorted(REPORTS.glob("*/*.txt"))

SAMPLE = """title: 某县科协2023年工作总结
year: 2023
clean: no
---
全年开展活动⟦24场次|24|场次|exact|科普活动⟧，参训⟪1:⟦3356余人|3356|人|over|参训人员⟧⟫，
新建⟦?3—5个|3..5|个|range|基地⟧，覆盖⟦近十余县||县|nearly+over|县⟧。
---
1 exact_with_over error doubtful 精确到个位又加“余”
"""


def test_marks_are_taken_out_and_offsets_fit_the_plain_text() -> None:
    report = markup.parse(SAMPLE)
    assert report.text == "全年开展活动24场次，参训3356余人，\n新建3—5个，覆盖近十余县。"
    for each in report.quantities:
        assert report.text[each.start : each.end] == each.text
    first, second, third, fourth = report.quantities
    assert (first.value, first.unit, first.qualifier, first.optional) == (
        24,
        "场次",
        "exact",
        False,
    )
    assert (third.value, third.value_max, third.optional) == (3, 5, True)
    assert (fourth.value, fourth.qualifier) == (None, "nearly|over")
    (issue,) = report.issues
    assert issue.spans == ((second.start, second.end, "3356余人"),)
    assert (issue.doubtful, issue.comment) == (True, "精确到个位又加“余”")
    assert report.as_gold()["issues"] == [
        {
            "type": "exact_with_over",
            "severity": "error",
            "spans": [[second.start, second.end, "3356余人"]],
            "reason": "精确到个位又加“余”",
            "doubtful": True,
        }
    ]


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("⟦24场次|24|场次|exact|科普活动⟧", "⟦24场次|24|场次|exact⟧", "line 5: .*five fields"),
        ("|exact|", "|exactly|", "unknown qualifier exactly"),
        ("3..5", "3", "a range has two values"),
        ("|24|", "|twenty|", "not a number"),
        ("余人|3356|人|over|参训人员⟧⟫", "余人|3356|人|over|参训人员⟧", "not closed"),
        ("⟪1:", "⟪2:", "issue 1 needs spans"),
        ("exact_with_over error", "exact_with_over fault", "unknown"),
        ("clean: no", "clean: yes", "does not fit"),
        ("clean: no", "clean: perhaps", "clean: yes or no"),
        ("\n---\n1 exact", "\n1 exact", "three parts"),
    ],
)
def test_a_mistake_in_the_marks_is_named_with_its_place(
    before: str, after: str, complaint: str
) -> None:
    with pytest.raises(markup.MarkupError, match=complaint):
        markup.parse(SAMPLE.replace(before, after, 1))


def test_there_are_at_least_thirty_reports_a_third_unknown_to_the_rules_and_a_third_clean() -> None:
    reports = [markup.read(path) for path in ALL]
    frozen = [*markup.read_all(REPORTS / "frozen"), *markup.read_all(REPORTS / "unread")]
    assert len(reports) >= 30
    assert len(frozen) >= len(reports) / 3
    for part in (reports, frozen):
        assert sum(report.clean for report in part) >= 0.3 * len(part)
    assert {issue.type for report in reports for issue in report.issues} == set(markup.TYPES)


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_annotated_fits_the_text(path: Path) -> None:
    report = markup.read(path)
    assert report.text == report.text.strip("\n")
    assert not re.search(r"[⟦⟧⟪⟫{}<>]", report.text)
    end = 0
    for each in report.quantities:
        assert each.start >= end, f"{each.text} overlaps the quantity before it"
        end = each.end
        assert report.text[each.start : each.end] == each.text
        assert each.text == each.text.strip()
        if each.optional:
            continue
        if numbers := re.findall(r"\d[\d,]*(?:\.\d+)?", each.text):
            values = [value for value in (each.value, each.value_max) if value is not None]
            assert len(values) in (1, len(numbers)), each.text
            read = _read(each.text, numbers[0], each.unit)
            bare = re.fullmatch(r"[\d.]+", each.text) and each.unit in ("人次", "次")
            if bare and re.search(f"[（：]万{each.unit}", report.text) and each.value != read:
                read *= 10**4  # the head of the column says 万
            if each.text.startswith("-"):
                read = -read
            assert each.value == read, each.text
        if each.unit in ("元", "万元", "亿元", "%"):
            continue
        assert (
            each.unit in each.text
            or each.unit == "百分点"
            or re.fullmatch(r"[\d,.]+[万亿]?|\D{1,3}", each.text)
        )


def _read(text: str, number: str, unit: str) -> Decimal:
    """The first number of the text with 万 and 亿 behind it – written for this check, not taken from the checker."""
    value = Decimal(number.replace(",", ""))
    rest = text[text.index(number) + len(number) :]
    if mixed := re.match(r"千(\d)百万元", rest):
        return value * 1000 + int(mixed.group(1)) * 100
    if unit in ("万元", "亿元"):
        return value
    if mixed := re.match(r"亿(\d+)万", rest):
        return value * 10**8 + int(mixed.group(1)) * 10**4
    if mixed := re.match(r"万(\d)千", rest):
        return value * 10**4 + int(mixed.group(1)) * 1000
    scale = re.match(r"[余多]?((?:百|千(?![瓦米克]))?[万亿]?)", rest)
    if not scale or not scale.group(1):
        later = re.search(r"[—～~至-]\d[\d.]*([万亿])", rest)
        return value * (10**4 if later and later.group(1) == "万" else 1)
    for sign in scale.group(1):
        value *= {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[sign]
    return value
