from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.figures.definitions import Definition, parse_definitions
from taizhang.engines.figures.evaluate import LeafValue, evaluate, leaves_of
from taizhang.engines.figures.formula import Trace, parse_formula, to_decimal, write
from taizhang.engines.figures.rows import additive_over, rows_query
from taizhang.engines.periods import Period

from .helpers import codes, refusal

YEAR = Period.parse("2021")
SAMPLE = """
[volunteering.events]
name    = {zh = "科技志愿服务活动", en = "Science volunteering events"}
subject = ["科技志愿服务活动", "志愿服务活动"]
unit    = "场次"
rows    = "activities.activity?themes=volunteering&themes!=minority"
measure = "count"
time    = "flow:held_on"

[volunteering.beneficiaries]
name    = {zh = "受益公众", en = "Beneficiaries"}
unit    = "人次"
rows    = "activities.activity?themes!=minority&themes=volunteering"
measure = "sum:attendance"
time    = "flow:held_on"
style   = "余:100"
zero    = "无"
note    = {zh = "现场参加", en = "On the spot"}

[volunteers.members]
name = {zh = "注册志愿者", en = "Registered volunteers"}
unit = "人"
rows = "volunteers.volunteer"
measure = "count"
time = "stock:joined_on, left_on"

[youth.schools]
name = {zh = "进校园学校数", en = "Schools visited"}
unit = "所"
rows = "activities.activity?setting=school&state="
measure = "distinct:place.school"
time = "cumulative:held_on"

[averages.per_event]
name = {zh = "场均受益", en = "Per event"}
unit = "人次"
formula = "volunteering.beneficiaries / volunteering.events"

[averages.per_event_share]
name = {zh = "比例", en = "Share"}
formula = "averages.per_event / (volunteers.members + 0.5) * weeks - days + months"
percent = true

[totals.all]
name = {zh = "合计", en = "All"}
unit = "人次"
formula = "volunteering.events + volunteering.beneficiaries - volunteers.members"
"""


def read(text: str) -> dict[str, Definition]:
    return parse_definitions({"figures.toml": tomllib.loads(text)})


@pytest.fixture(scope="module")
def sample() -> dict[str, Definition]:
    return read(SAMPLE)


def broken(**changes: Any) -> Callable[[], object]:
    table: dict[str, Any] = {
        "name": {"zh": "甲", "en": "A"},
        "unit": "次",
        "rows": "activities.activity?form=a",
        "measure": "count",
        "time": "flow:held_on",
    } | changes
    table = {key: value for key, value in table.items() if value is not None}
    return lambda: parse_definitions({"f.toml": {"a": {"b": table}}})


def formula(text: str, **more: Any) -> Callable[[], object]:
    return broken(rows=None, measure=None, time=None, formula=text, **more)


def test_definitions_are_read(sample: Mapping[str, Definition]) -> None:
    events = sample["volunteering.events"]
    assert events.leaf is not None
    assert events.leaf.register == "activities.activity"
    assert events.leaf.query.canonical() == "themes=volunteering&themes!=minority"
    assert (events.group, events.kind, events.unit) == ("volunteering", "flow", "场次")
    assert events.name.say("zh-hans") == "科技志愿服务活动"
    assert events.name.say("en") == "Science volunteering events"
    assert (events.zero, events.note, events.style) == (None, None, "")
    beneficiaries = sample["volunteering.beneficiaries"]
    assert (beneficiaries.zero, beneficiaries.style) == ("无", "余:100")
    assert [sample[code].kind for code in ("volunteers.members", "youth.schools")] == [
        "stock",
        "cumulative",
    ]
    share = sample["averages.per_event_share"]
    assert (share.kind, share.unit, share.percent) == ("formula", "%", True)


def test_the_hash_is_over_the_value_and_not_over_the_words(sample: dict[str, Definition]) -> None:
    words = SAMPLE.replace("场次", "次").replace("余:100", "余:10").replace("受益公众", "受益")
    order = words.replace(
        "themes=volunteering&themes!=minority", "themes!=minority&themes=volunteering"
    )
    assert {c: d.hash for c, d in read(order).items()} == {c: d.hash for c, d in sample.items()}
    other = read(SAMPLE.replace("sum:attendance", "sum:visitors"))
    changed = {code for code in sample if other[code].hash != sample[code].hash}
    assert changed == {
        "volunteering.beneficiaries",
        "averages.per_event",
        "averages.per_event_share",
        "totals.all",
    }


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (broken(rowz="x"), "table.unknown-key"),
        (broken(name={"zh": "甲"}), "table.missing-language"),
        (broken(name={"zh": "甲", "en": ""}), "table.missing-language"),
        (broken(name="甲"), "table.wrong-type"),
        (broken(name=None), "table.missing-key"),
        (broken(note={"en": "A"}), "table.missing-language"),
        (broken(unit=None), "table.missing-key"),
        (broken(unit=""), "table.missing-key"),
        (broken(subject=[1]), "table.wrong-type"),
        (broken(subject="甲"), "table.wrong-type"),
        (broken(rows=None), "table.missing-key"),
        (broken(rows="activity?form=a"), "definition.bad-register"),
        (broken(rows="activities.activity?form"), "query.bad-path"),
        (broken(rows="activities.activity?held_on=2021.."), "definition.time-field-in-query"),
        (broken(rows="activities.activity?unit=NM"), "definition.time-field-in-query"),
        (broken(rows="activities.activity?sort=code"), "definition.layout-in-query"),
        (broken(measure="sum"), "definition.bad-measure"),
        (broken(measure="sum:a__b"), "definition.bad-measure"),
        (broken(measure="distinct:"), "definition.bad-measure"),
        (broken(time="flow:a,b"), "definition.bad-time"),
        (broken(time="stock:a"), "definition.bad-time"),
        (broken(time="stock:a,a"), "definition.bad-time"),
        (broken(time="cumulative:"), "definition.bad-time"),
        (broken(time="yearly:a"), "definition.bad-time"),
        (broken(style="雨:100"), "style.unknown"),
        (broken(percent=True, unit="%"), "definition.percent-without-formula"),
        (formula("1", percent=True), "definition.percent-unit"),
        (formula("1 +"), "definition.formula-syntax"),
        (formula(""), "table.missing-key"),
        (formula("a.c"), "definition.formula-unknown-figure"),
        (formula("a.b"), "definition.formula-cycle"),
        (broken(formula="1"), "definition.formula-and-rows"),
    ],
)
def test_a_mistake_in_a_definition_is_refused_at_its_place(
    action: Callable[[], object], code: str
) -> None:
    (finding,) = refusal(action)
    assert (finding.code, finding.where) == (code, "f.toml: a.b")


def test_all_mistakes_of_all_files_come_out_at_once() -> None:
    one = {"a": {"b": {"name": {"zh": "甲"}, "unit": "次", "mesure": "count"}}, "title": "x"}
    two = {
        "a": {"b": {"name": {"zh": "乙", "en": "B"}, "formula": "a.x"}, "class": {}},
        "x": {"name": 1},
    }
    found = refusal(lambda: parse_definitions({"1.toml": one, "2.toml": two}))
    assert [(finding.code, finding.where) for finding in found] == [
        ("table.unknown-key", "1.toml: a.b"),
        ("table.missing-language", "1.toml: a.b"),
        ("table.missing-key", "1.toml: a.b"),
        ("table.missing-key", "1.toml: a.b"),
        ("table.missing-key", "1.toml: a.b"),
        ("definition.not-a-table", "1.toml: title"),
        ("definition.duplicate-code", "2.toml: a.b"),
        ("definition.bad-code", "2.toml: a.class"),
        ("definition.bad-code", "2.toml: x"),
    ]
    assert found[0].params == {"key": "mesure", "nearest": "measure"}


def test_a_figure_that_cannot_be_read_is_not_also_unknown() -> None:
    good = {"name": {"zh": "甲", "en": "A"}, "unit": "次", "formula": "a.bad + a.missing"}
    bad = {
        "name": {"zh": "甲", "en": "A"},
        "unit": "次",
        "rows": "x.y",
        "measure": "?",
        "time": "flow:d",
    }
    found = refusal(lambda: parse_definitions({"f.toml": {"a": {"good": good, "bad": bad}}}))
    assert [finding.code for finding in found] == [
        "definition.bad-measure",
        "definition.formula-unknown-figure",
    ]
    assert found[1].params["code"] == "a.missing"


def test_each_ring_of_formulas_is_told_once() -> None:
    def ring(text: str) -> dict[str, Any]:
        return {"name": {"zh": "甲", "en": "A"}, "unit": "次", "formula": text}

    tables = {"a": ring("r.b"), "b": ring("r.c + r.a"), "c": ring("r.b"), "d": ring("r.a + r.b")}
    (finding,) = refusal(lambda: parse_definitions({"f.toml": {"r": tables}}))
    assert finding.code == "definition.formula-cycle"
    assert finding.params["codes"] == ("r.b", "r.c", "r.b")


@pytest.mark.parametrize(
    "text",
    [
        "", "-a.b", "a.b ** 2", "a.b // 2", "f(1)", "a.b[0]", "f().b", "'x'", "1e5", "0x1", "1_0",
        "True", "a.b if 1 else 2", "(" * 300, "1+" * 400 + "1", "a;b", "\0",
    ],
)  # fmt: skip
def test_a_formula_is_only_arithmetic(text: str) -> None:
    assert codes(lambda: parse_formula(text)) == ["definition.formula-syntax"]


def test_a_formula_has_one_spelling() -> None:
    assert (
        write(parse_formula(" a.b*2.50+weeks/(c.d-e.f) "))
        == "((a.b * 2.5) + (weeks / (c.d - e.f)))"
    )


OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
Tree = Any
trees = st.recursive(
    st.integers(0, 9999).map(lambda n: Fraction(n, 100)),
    lambda below: st.tuples(st.sampled_from("+-*/"), below, below),
    max_leaves=12,
)


def text_of(tree: Tree) -> str:
    if isinstance(tree, Fraction):
        return f"{float(tree):.2f}"
    return f"({text_of(tree[1])} {tree[0]} {text_of(tree[2])})"


def value_of(tree: Tree) -> Fraction:
    if isinstance(tree, Fraction):
        return tree
    return OPERATIONS[tree[0]](value_of(tree[1]), value_of(tree[2]))


@given(trees)
def test_formulas_agree_with_exact_arithmetic(tree: Tree) -> None:
    table = {"name": {"zh": "甲", "en": "A"}, "unit": "次", "formula": text_of(tree)}
    if len(text_of(tree)) > 500:
        return
    definitions = parse_definitions({"f.toml": {"a": {"b": table}}})
    outcome = evaluate(["a.b"], definitions, {}, YEAR)["a.b"]
    try:
        expected = value_of(tree)
    except ZeroDivisionError:
        assert outcome.value is None
        assert outcome.findings[0].code == "figure.divided-by-nought"
        return
    assert outcome.value is not None
    assert abs(Fraction(outcome.value) - expected) <= Fraction(1, 2 * 10**6)
    assert "E" not in str(outcome.value) or outcome.value.adjusted() < -6


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (Fraction(100), "100"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(1, 2**10), "0.0009765625"),
        (Fraction(-5, 4), "-1.25"),
        (Fraction(10**40, 1), "1" + "0" * 40),
        (Fraction(1, 3 * 10**9), "0"),
    ],
)
def test_a_result_is_exact_where_it_ends_and_else_has_six_places(
    fraction: Fraction, text: str
) -> None:
    assert str(to_decimal(fraction)) == text


VALUES = {
    "volunteering.events": LeafValue(Decimal(24), 24),
    "volunteering.beneficiaries": LeafValue(Decimal("7836.00"), 24),
    "volunteers.members": LeafValue(Decimal(124), 124),
}


def test_the_leaves_come_in_first_use_order(sample: dict[str, Definition]) -> None:
    assert leaves_of(["averages.per_event_share", "youth.schools"], sample) == (
        "volunteering.beneficiaries",
        "volunteering.events",
        "volunteers.members",
        "youth.schools",
    )


def test_figures_are_evaluated_with_their_trace(sample: dict[str, Definition]) -> None:
    found = evaluate(["volunteering.events", "averages.per_event"], sample, VALUES, YEAR)
    assert found["volunteering.events"].value == 24
    assert found["volunteering.events"].rows == 24
    average = found["averages.per_event"]
    assert (average.value, average.rows, average.findings) == (Decimal("326.5"), 0, ())
    assert average.trace == Trace(
        "averages.per_event",
        Decimal("326.5"),
        (
            Trace(
                "/",
                Decimal("326.5"),
                (
                    Trace("volunteering.beneficiaries", Decimal(7836)),
                    Trace("volunteering.events", Decimal(24)),
                ),
            ),
        ),
    )


def test_counts_of_the_period_and_percent_stand_in_formulas(sample: dict[str, Definition]) -> None:
    (outcome,) = evaluate(["averages.per_event_share"], sample, VALUES, YEAR).values()
    exact = (Fraction(653, 2) / Fraction(249, 2) * 52 - 365 + 12) * 100
    assert outcome.value == to_decimal(exact)


def test_no_rows_is_nought_and_rows_without_values_are_not(sample: dict[str, Definition]) -> None:
    def outcome(value: LeafValue) -> tuple[Decimal | None, list[str]]:
        code = "volunteering.beneficiaries"
        (one,) = evaluate([code], sample, {code: value}, YEAR).values()
        assert all(finding.where == code for finding in one.findings)
        return one.value, [finding.code for finding in one.findings]

    assert outcome(LeafValue(None, 0)) == (Decimal(0), [])
    assert outcome(LeafValue(None, 3, 3)) == (None, ["figure.blank-values"])
    assert outcome(LeafValue(Decimal(0), 3, 3)) == (None, ["figure.blank-values"])
    assert outcome(LeafValue(Decimal(5), 3, 1)) == (Decimal(5), ["figure.blank-values"])
    assert outcome(LeafValue(Decimal(5), 3)) == (Decimal(5), [])


def test_a_formula_without_a_part_says_which(sample: dict[str, Definition]) -> None:
    values = VALUES | {"volunteering.beneficiaries": LeafValue(None, 24, 24)}
    found = evaluate(["averages.per_event_share", "averages.per_event"], sample, values, YEAR)
    outcome = found["averages.per_event_share"]
    assert outcome.value is None
    assert [(f.code, f.where, f.params.get("part")) for f in outcome.findings] == [
        ("figure.blank-values", "volunteering.beneficiaries", None),
        ("figure.missing-part", "averages.per_event", "volunteering.beneficiaries"),
        ("figure.missing-part", "averages.per_event_share", "averages.per_event"),
    ]


def test_dividing_by_nought_gives_no_value_and_the_reason(sample: dict[str, Definition]) -> None:
    values = VALUES | {"volunteering.events": LeafValue(None, 0)}
    outcome = evaluate(["averages.per_event"], sample, values, YEAR)["averages.per_event"]
    assert outcome.value is None
    (finding,) = outcome.findings
    assert (finding.code, finding.where) == ("figure.divided-by-nought", "averages.per_event")
    assert finding.params == {"divisor": "volunteering.events"}


def test_the_same_finding_is_told_once(sample: dict[str, Definition]) -> None:
    table = {"name": {"zh": "甲", "en": "A"}, "unit": "次", "formula": "a.c + a.c"}
    leaf = {
        "name": {"zh": "甲", "en": "A"},
        "unit": "次",
        "rows": "x.y",
        "measure": "sum:n",
        "time": "flow:d",
    }
    definitions = parse_definitions({"f.toml": {"a": {"b": table, "c": leaf}}})
    outcome = evaluate(["a.b"], definitions, {"a.c": LeafValue(Decimal(2), 3, 1)}, YEAR)["a.b"]
    assert outcome.value == 4
    assert len(outcome.findings) == 1


@pytest.mark.parametrize(
    ("code", "unit", "query"),
    [
        (
            "volunteering.events",
            "NM",
            "held_on=2021-01-01..2021-12-31&state=verified&themes=volunteering&themes!=minority&unit=NM",
        ),
        (
            "volunteers.members",
            "NM",
            "joined_on=..2021-12-31&left_on!=..2021-12-30&state=verified&unit=NM@2021-12-31",
        ),
        ("volunteers.members", None, "joined_on=..2021-12-31&left_on!=..2021-12-30&state=verified"),
        ("youth.schools", "NM", "held_on=..2021-12-31&setting=school&state=&unit=NM"),
    ],
)
def test_a_figure_opens_to_its_rows(
    sample: dict[str, Definition], code: str, unit: str | None, query: str
) -> None:
    leaf = sample[code].leaf
    assert leaf is not None
    assert rows_query(leaf, YEAR, unit) == query


@pytest.mark.parametrize(
    ("code", "over"),
    [
        ("volunteering.events", {"units", "periods"}),
        ("volunteers.members", {"units"}),
        ("youth.schools", set()),
        ("averages.per_event", set()),
        ("totals.all", {"units"}),
    ],
)
def test_additivity_is_derived(sample: dict[str, Definition], code: str, over: set[str]) -> None:
    assert additive_over(sample[code], sample) == over


def test_a_constant_does_not_add_up() -> None:
    table = {"name": {"zh": "甲", "en": "A"}, "unit": "次", "formula": "1 + weeks"}
    definitions = parse_definitions({"f.toml": {"a": {"b": table}}})
    assert additive_over(definitions["a.b"], definitions) == set()
