"""Outlines in blocks: changed, compared, shown, and written as TOML."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.findings import Refused
from taizhang.engines.outlines import differing, draft, showing, written
from taizhang.engines.outlines.compile import ListFact, ReportFact, compile_outline
from taizhang.engines.outlines.draft import Draft
from taizhang.engines.outlines.parse import Listing, parse_outline
from taizhang.engines.tree import Paragraph
from taizhang.wording import say

from .helpers import codes, refusal

LISTS = {"campaigns", "top-activities"}
KNOWN = {"volunteering.events", "rural.events"}
SAMPLE = """
code = "annual"
name = {zh = "年报", en = "Annual report"}
title = ["{@unit}", "年度报告"]
byline = "（{@version}）"
opening = ["开头。"]
closing = ["特此报告。"]
signature = ["{@unit}"]

[[parts]]
heading = "甲"
paragraphs = ["活动{volunteering.events}。信息员{officers.count}。", "名为{list:campaigns}。"]
[[parts.sections]]
heading = "甲一"
paragraphs = ["信息员{officers.count}。"]
[[parts.sections]]
heading = "甲二"
paragraphs = ["文二。"]
[[parts]]
heading = "乙"
paragraphs = ["文乙。"]

[awaits]
"officers.count" = {zh = "信息员", en = "Officers"}
"""
VARIABLES = {"unit": "旗科协", "version": "送审稿"}
FACTS = {
    "volunteering.events": ReportFact("volunteering.events", "活动", Decimal(24), 24, "场次"),
    "rural.events": ReportFact("rural.events", "助力", Decimal(0), 0, "场次"),
}
NAMES = {
    Listing("campaigns"): ListFact("品牌活动", "科普日、活动周"),
    Listing("top-activities", 3): ListFact("人数最多的活动", ""),
}


def sample() -> Draft:
    return draft.from_document(tomllib.loads(SAMPLE))


def order(one: Draft) -> str:
    """The draft as its ids, headings with their level."""
    return " ".join(f"{b.id}{'h' * b.level}" for b in one.blocks)


def test_the_blocks_of_an_outline_give_the_same_outline_again() -> None:
    doc = tomllib.loads(SAMPLE)
    again = draft.to_document(sample(), "annual")
    first = parse_outline(doc, KNOWN, "a", lists=LISTS)
    assert parse_outline(again, KNOWN, "a", lists=LISTS) == first
    assert draft.from_data(draft.to_data(sample())) == sample()


def test_blocks_keep_their_ids_through_toml_and_through_changes() -> None:
    one = draft.insert(sample(), "b6", "body", 0, "新的一段。")
    one = draft.remove(one, "b7")
    text = written.write_toml(draft.to_document(one, "annual", ids=True))
    back = draft.from_document(written.read_toml(text.encode()))
    assert order(back) == order(one)
    assert one.made == 16
    assert draft.insert(back, "b6", "body", 0, "再一段。").blocks[5].id == "b6"


def test_ids_of_a_file_that_do_not_fit_are_given_anew() -> None:
    doc = tomllib.loads(SAMPLE)
    for ids in (["b1"], ["b1"] * 14, [f"<{n}>" for n in range(14)], "b1", list(range(14))):
        assert [b.id for b in draft.from_document(doc | {"ids": ids}).blocks] == [
            b.id for b in sample().blocks
        ]


def test_text_is_rewritten_and_further_lines_become_paragraphs() -> None:
    one = draft.rewrite(sample(), "b4", "  开头\u3000改了。\r\n\r\n第二段。\n第三段。")
    assert [b.text for b in one.blocks[3:6]] == ["开头 改了。", "第二段。", "第三段。"]
    one = draft.stamped(sample(), one, 5)
    assert [b.version for b in one.blocks[2:7]] == [0, 5, 5, 5, 0]
    heading = draft.rewrite(sample(), "b5", "甲\n方").block("b5")
    assert heading.text == "甲 方"
    again = draft.stamped(one, sample(), 6)
    assert (again.block("b4").version, again.block("b3").version, again.made) == (6, 0, 17)


def test_blocks_and_sections_change_places_with_their_neighbours() -> None:
    start = "b1 b2 b3 b4 b5h b6 b7 b8hh b9 b10hh b11 b12h b13 b14 b15"
    one = sample()
    assert order(one) == start
    assert order(draft.move(one, "b7", "up")) == start.replace("b6 b7", "b7 b6")
    down = draft.move(one, "b8", "down")
    assert order(down) == start.replace("b8hh b9 b10hh b11", "b10hh b11 b8hh b9")
    assert draft.move(down, "b8", "up") == one
    parts = draft.move(one, "b5", "down")
    assert order(parts).startswith("b1 b2 b3 b4 b12h b13 b5h")
    assert draft.move(parts, "b12", "down") == one
    for key, way in (("b5", "up"), ("b12", "down"), ("b8", "up"), ("b10", "down"), ("b3", "up")):
        told = codes(lambda: draft.move(one, key, way))  # type: ignore[arg-type]  # noqa: B023
        assert told == ["outline.at-the-edge"]


def test_a_heading_goes_with_everything_under_it() -> None:
    assert order(draft.remove(sample(), "b5")) == "b1 b2 b3 b4 b12h b13 b14 b15"
    assert order(draft.remove(sample(), "b8")) == "b1 b2 b3 b4 b5h b6 b7 b10hh b11 b12h b13 b14 b15"


def test_what_would_be_no_outline_any_more_is_refused() -> None:
    one = sample()

    told = codes
    assert told(lambda: draft.rewrite(one, "b4", " \n\0 ")) == ["outline.needs-text"]
    assert told(lambda: draft.rewrite(one, "b4", "长" * 4001)) == ["outline.too-long"]
    assert told(lambda: draft.rewrite(one, "b99", "文")) == ["outline.block-gone"]
    assert told(lambda: draft.insert(one, "b14", "body", 0, "文")) == ["outline.bad-place"]
    assert told(lambda: draft.insert(one, "b3", "byline", 0, "文")) == ["outline.bad-place"]
    assert told(lambda: draft.insert(one, "b12", "heading", 3, "题")) == ["outline.level-skipped"]
    assert told(lambda: draft.insert(one, "b12", "heading", 0, "题")) == ["outline.level-skipped"]
    less = draft.remove(one, "b1")
    assert told(lambda: draft.remove(less, "b2")) == ["outline.needs-one"]
    less = draft.remove(one, "b5")
    assert told(lambda: draft.remove(less, "b12")) == ["outline.needs-one"]
    deep = one
    for level in (2, 3, 4):
        deep = draft.insert(deep, deep.blocks[-3].id, "heading", level, f"{level}级")
    assert told(lambda: draft.insert(deep, deep.blocks[-3].id, "heading", 5, "五")) == [
        "outline.too-deep"
    ]
    many = "\n".join(["文"] * 1000)
    assert told(lambda: draft.rewrite(one, "b4", many)) == ["outline.too-many-blocks"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("up", "down", "remove", "rewrite", "insert", "heading")),
        st.integers(0, 40),
        st.integers(1, 4),
    ),
    max_size=25,
)


@given(ACTS)
def test_whatever_is_done_the_draft_stays_an_outline(acts: list[tuple[str, int, int]]) -> None:
    one = sample()
    for act, place, level in acts:
        key = one.blocks[place % len(one.blocks)].id
        try:
            if act in ("up", "down"):
                one = draft.move(one, key, act)  # type: ignore[arg-type]
            elif act == "remove":
                one = draft.remove(one, key)
            elif act == "rewrite":
                one = draft.rewrite(one, key, "甲。\n乙。")
            else:
                kind = "heading" if act == "heading" else "body"
                one = draft.insert(one, key, kind, level, "新")  # type: ignore[arg-type]
        except Refused:
            continue
    ids = [block.id for block in one.blocks]
    assert len(ids) == len(set(ids))
    doc = draft.to_document(one, "annual", ids=True)
    text = written.write_toml(doc)
    assert draft.from_document(written.read_toml(text.encode())).blocks == tuple(
        draft.Block(b.id, b.kind, b.text, b.level) for b in one.blocks
    )
    doc.pop("ids")
    parse_outline(doc, KNOWN, "a", lists=LISTS)


@given(st.text(max_size=60))
def test_any_text_comes_back_from_a_file(text: str) -> None:
    doc = tomllib.loads(SAMPLE) | {"byline": text}
    back = written.read_toml(written.write_toml(doc).encode())
    assert back.get("byline", "") == text.encode("utf-8", "replace").decode()


def test_files_that_are_no_outline_are_named() -> None:
    for content, code in (
        (b"\xff\xfe", "outline.not-utf-8"),
        (b"code = ", "outline.not-toml"),
        (b"a = " + b"[" * 50_000, "outline.not-toml"),
        (b"#" * (written.LARGEST + 1), "outline.file-too-large"),
    ):
        (found,) = refusal(lambda: written.read_toml(content))  # noqa: B023
        assert found.code == code
        assert all(say(found, language) for language in ("zh", "en"))


def test_a_figure_that_vanished_is_told_at_its_place_and_nothing_breaks() -> None:
    doc = draft.to_document(sample(), "annual")
    outline = parse_outline(doc, {"rural.events"}, "a", lists=(), lenient=True)
    assert outline.figures() == ()
    made = compile_outline(outline, {}, VARIABLES)
    told = {(finding.code, finding.where) for finding in made.findings}
    assert told == {("outline.unknown-figure", "p-6"), ("outline.unknown-list", "p-7")}
    assert [b.text for b in made.document.blocks if isinstance(b, Paragraph)][5:7] == [
        "活动{volunteering.events}。",
        "名为{list:campaigns}。",
    ]
    assert {finding.severity for finding in made.findings} == {"must"}


def test_lists_of_names_stand_in_the_text_and_an_empty_one_is_a_finding() -> None:
    one = draft.insert(sample(), "b7", "body", 0, "人多的是{list:top-activities|3}。")
    outline = parse_outline(draft.to_document(one, "annual"), KNOWN, "a", lists=LISTS)
    assert outline.lists() == (Listing("campaigns"), Listing("top-activities", 3))
    made = compile_outline(outline, FACTS, VARIABLES, NAMES)
    texts = [b.text for b in made.document.blocks if isinstance(b, Paragraph)]
    assert "名为科普日、活动周。" in texts
    assert "人多的是缺项。" in texts
    assert [finding.code for finding in made.findings] == ["report.empty-list"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{list:campaign}", "outline.unknown-list"),
        ("{list:campaigns|0}", "outline.bad-count"),
        ("{list:campaigns|21}", "outline.bad-count"),
        ("{list:campaigns|}", "outline.bad-count"),
        ("{list:}", "outline.unknown-list"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(text: str, code: str) -> None:
    doc = draft.to_document(draft.rewrite(sample(), "b4", text), "annual")
    (found,) = refusal(lambda: parse_outline(doc, KNOWN, "a", lists=LISTS))
    assert (found.code, found.where) == (code, "a: opening[0]")
    assert all(say(found, language) for language in ("zh", "en"))


def test_the_editor_s_paper_numbers_what_is_printed_and_shows_the_rest() -> None:
    read = showing.read_blocks(sample(), KNOWN, LISTS)
    shown = showing.show_blocks(read, sample().awaits, FACTS, VARIABLES, NAMES)
    assert [one.number for one in shown if one.block.level] == ["一、", "", "（一）", "二、"]
    assert [one.block.id for one in shown if one.left_out] == ["b8", "b9"]
    texts = {one.block.id: "".join(run.text for run in one.runs) for one in shown}
    assert texts["b6"] == "活动24场次。信息员〔信息员〕。"
    assert texts["b1"] == "旗科协"
    assert read[5].figures() == {"volunteering.events", "officers.count"}


def test_versions_are_compared_block_by_block_and_word_by_word() -> None:
    old = sample()
    new = draft.rewrite(old, "b6", "活动{rural.events}，都办成了。信息员{officers.count}。")
    new = draft.insert(draft.remove(new, "b11"), "b13", "body", 0, "添。")
    new = draft.move(new, "b7", "up")
    told = {change.block.id: change for change in differing.compare(old, new)}
    assert {key: change.how for key, change in told.items()} == {
        "b6": "changed",
        "b7": "moved",
        "b11": "removed",
        "b16": "added",
    } or {key: change.how for key, change in told.items()} == {
        "b6": "changed",
        "b11": "removed",
        "b16": "added",
    }
    pieces = [(piece.how, piece.text) for piece in told["b6"].pieces]
    assert pieces == [
        ("same", "活动"),
        ("gone", "{volunteering.events}"),
        ("new", "{rural.events}，都办成了"),
        ("same", "。信息员{officers.count}。"),
    ]
    assert differing.compare(old, old) == ()


@given(st.text("甲乙{}a。 ", max_size=40), st.text("甲乙{}a。 ", max_size=40))
def test_the_pieces_are_both_texts_whole(old: str, new: str) -> None:
    pieces = differing.words(old, new)
    assert "".join(p.text for p in pieces if p.how != "new") == old
    assert "".join(p.text for p in pieces if p.how != "gone") == new
    assert not any(one.how == two.how == "same" for one, two in pairwise(pieces))
