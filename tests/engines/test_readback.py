"""A report comes back from Word: what became of its words, and of every number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taizhang.engines.figures.numerals import hanzi, spell
from taizhang.engines.figures.reading import value_of
from taizhang.engines.outlines.accepting import Source, accepted
from taizhang.engines.outlines.likeness import out_of_order
from taizhang.engines.outlines.readback import (
    Control,
    Number,
    Present,
    Printed,
    ReadBack,
    ReadParagraph,
    read_back,
)
from taizhang.engines.tree import Document, FigureRun, Paragraph, Run, Table, Text


def figure(key: str, text: str, value: str | None = None, unit: str = "场次") -> FigureRun:
    return FigureRun(key, f"code.{key}", text, value or str(value_of(text)), unit, 3, None)


def paragraph(key: str, *runs: str | FigureRun) -> Paragraph:
    return Paragraph(key, "body", tuple(Text(r) if isinstance(r, str) else r for r in runs))


EVENTS, PEOPLE, SHEETS = (
    figure("f1", "24场次"),
    figure("f2", "7800余人次", "7836"),
    figure("f3", "1.2万份"),
)
TALKS, SHOWS = figure("f4", "12场"), figure("f5", "3次")
REPORT = Document(
    "总结",
    "zh",
    (
        paragraph("p-1", "一、科普工作"),
        paragraph("p-2", "全年开展活动", EVENTS, "，惠及群众", PEOPLE, "，发放资料", SHEETS, "。"),
        paragraph("p-3", "举办讲座", TALKS, "，反响良好，群众普遍欢迎。"),
        Table("t-1", (((Text("项目"),), (Text("数量"),)), ((Text("展览"),), (SHOWS,)))),
        paragraph("p-4", "明年继续努力，把工作做得更好。"),
    ),
)


def map_of(document: Document) -> dict[str, Printed]:
    return {f.id: Printed(f.code, f.text, f.value) for f in document.figures()}


def as_read(runs: Sequence[Run], controls: bool = True) -> ReadParagraph:
    text, found = "", []
    for run in runs:
        if isinstance(run, FigureRun):
            found.append(Control(run.id, len(text), len(text) + len(run.text)))
        text += run.text
    return ReadParagraph(text, tuple(found) if controls else ())


def written(document: Document, controls: bool = True) -> list[ReadParagraph]:
    found = []
    for block in document.blocks:
        cells = [block.runs] if isinstance(block, Paragraph) else [c for r in block.rows for c in r]
        found += [as_read(runs, controls) for runs in cells]
    return found


def came_back(found: Sequence[ReadParagraph], **present: Present) -> ReadBack:
    return read_back(REPORT, found, map_of(REPORT), present)


def states(result: ReadBack) -> dict[str, str]:
    return {number.id: number.state for number in result.numbers}


def number(result: ReadBack, key: str) -> Number:
    return next(one for one in result.numbers if one.id == key)


def stripped(*lines: str) -> list[ReadParagraph]:
    return [ReadParagraph(line) for line in lines]


LINES = [one.text for one in written(REPORT)]


def test_what_nobody_touched_is_unchanged_and_agrees() -> None:
    result = came_back(written(REPORT))
    assert {block.kind for block in result.blocks} == {"unchanged"}
    assert set(states(result).values()) == {"agreed"}
    assert result.counts()["agreed"] == 5


def test_a_number_typed_over_in_its_control_was_changed_by_hand() -> None:
    found = written(REPORT)
    found[1] = as_read(
        ("全年开展活动", figure("f1", "26场次")) and (
            Text("全年开展活动"), figure("f1", "26场次"), Text("，惠及群众"), PEOPLE,
            Text("，发放资料"), SHEETS, Text("。"),
        )
    )  # fmt: skip
    result = came_back(found, f1=Present("26场次", "26"))
    assert states(result) == {"f1": "changed"} | dict.fromkeys(("f2", "f3", "f4", "f5"), "agreed")
    changed = number(result, "f1")
    assert (changed.printed, changed.text, changed.value) == ("24场次", "26场次", Decimal(26))
    assert changed.has_control
    assert changed.follows  # somebody typed what the ledger says by now
    assert [block.kind for block in result.blocks if block.kind != "unchanged"] == ["changed"]


def test_a_number_the_ledger_has_overtaken_is_stale() -> None:
    result = came_back(
        written(REPORT), f2=Present("7800余人次", "7861"), f1=Present("24场次", "24")
    )
    assert states(result)["f2"] == "stale"
    assert states(result)["f1"] == "agreed"
    assert number(result, "f2").outdated


def test_without_controls_untouched_numbers_are_lost_and_typed_over_ones_are_changed() -> None:
    lines = [line.replace("7800余人次", "8100余人次") for line in LINES]
    result = came_back(stripped(*lines))
    assert states(result) == {"f2": "changed"} | dict.fromkeys(("f1", "f3", "f4", "f5"), "lost")
    assert number(result, "f2").value == 8100
    assert not number(result, "f2").has_control


@pytest.mark.parametrize(
    "typed", ["124场次", "24.5场次", "24万场次", "240场次", "二十四场次", "30余场次"]
)
def test_a_number_that_only_holds_the_old_one_was_changed(typed: str) -> None:
    result = came_back(stripped(*[line.replace("24场次", typed) for line in LINES]))
    assert states(result)["f1"] == "changed"
    assert number(result, "f1").text == typed


def test_moved_paragraphs_and_tables_keep_their_numbers_with_and_without_controls() -> None:
    for controls in (True, False):
        found = written(REPORT, controls)
        result = came_back(
            [*found[3:7], found[2], ReadParagraph("新写的一段话。"), *found[:2], found[7]]
        )
        assert set(states(result).values()) == {"agreed" if controls else "lost"}
        kinds = [block.kind for block in result.blocks]
        assert kinds.count("added") == 1
        assert "moved" in kinds
        assert "removed" not in kinds


def test_a_paragraph_cut_in_two_keeps_its_numbers_even_without_controls() -> None:
    first, second = "全年开展活动24场次，惠及群众7800余人次。", "一年来发放资料1.2万份。"
    result = came_back(stripped(LINES[0], first, second, *LINES[2:]))
    assert set(states(result).values()) == {"lost"}
    both = came_back(stripped(LINES[0], LINES[1] + LINES[2], *LINES[3:]))
    assert set(states(both).values()) == {"lost"}


def test_a_number_cut_out_is_gone_and_a_sentence_cut_out_is_shown_where_it_stood() -> None:
    result = came_back(stripped(LINES[0], "全年开展活动24场次，发放资料1.2万份。", *LINES[3:]))
    assert states(result) == {"f1": "lost", "f2": "gone", "f3": "lost", "f4": "gone", "f5": "lost"}
    kinds = [block.kind for block in result.blocks]
    assert kinds[:3] == ["unchanged", "changed", "removed"]
    cut = [piece for piece in result.blocks[1].pieces if piece.cut == "figure-gone"]
    assert [piece.figure for piece in cut] == ["f2"]


def test_words_are_shown_as_they_changed() -> None:
    result = came_back([*written(REPORT)[:7], ReadParagraph("明年再接再厉，把工作做得更实更好。")])
    pieces = [(piece.cut, piece.text) for piece in result.blocks[-1].pieces]
    assert pieces == [
        ("same", "明年"), ("gone", "继续努力"), ("new", "再接再厉"), ("same", "，把工作做得更"),
        ("new", "实更"), ("same", "好。"),
    ]  # fmt: skip


def test_a_cell_written_anew_is_the_one_between_the_same_neighbours() -> None:
    result = came_back(stripped(*LINES[:6], "五场", LINES[-1]))
    assert states(result)["f5"] == "changed"
    assert number(result, "f5").value == 5


SLOTS = {f.id: f"{{{f.code}}}" for f in REPORT.figures()}
SOURCES = (
    Source("{@year}", "2021", fixed=True),
    Source("年开展", "年开展"),
    Source("{code.f1}", "24场次", "f1"),
    Source("。", "。"),
    Source("另有{code.awaited}。", "", fixed=True),
    Source("群众欢迎。", "群众欢迎。"),
)
PRINTED = Document(
    "x",
    "zh",
    (paragraph("p-1", "2021年开展", EVENTS, "。群众欢迎。"), paragraph("p-2", "办讲座", TALKS)),
)


def accept(*runs: str | FigureRun, number: str = "", sources: Any = SOURCES) -> str | None:
    found = as_read(paragraph("p", *runs).runs)
    result = read_back(PRINTED, [found], map_of(PRINTED), {})
    (block,) = [one for one in result.blocks if one.after == 0]
    return accepted(sources, number, block, SLOTS)


def test_accepted_words_keep_figures_variables_and_what_was_not_printed() -> None:
    kept = "{@year}年扎实开展{code.f1}。另有{code.awaited}。群众普遍欢迎。"
    assert accept("2021年扎实开展", EVENTS, "。群众普遍欢迎。") == kept
    assert accept("2021年扎实开展", figure("f1", "99场次"), "。群众普遍欢迎。") == kept
    assert accept("今年开展", EVENTS, "。大家欢迎{好}。") == (
        "今年开展{code.f1}。另有{code.awaited}。大家欢迎{{好}}。"
    )
    assert accept("2021年开展", EVENTS, "。办讲座", TALKS, "，群众欢迎。") == (
        "{@year}年开展{code.f1}。另有{code.awaited}。办讲座{code.f4}，群众欢迎。"
    )


def test_words_that_lost_a_figure_or_the_number_of_a_heading_are_not_accepted() -> None:
    assert accept("2021年开展各项工作。群众欢迎。") is None
    heading = (Source("开展", "开展"),)
    assert accept("一、全面开展", number="一、", sources=heading) == "全面开展"
    assert accept("二、全面开展", number="一、", sources=heading) is None


def test_copied_text_with_its_control_counts_once() -> None:
    found = written(REPORT)
    result = came_back([*found, found[2]])
    assert set(states(result).values()) == {"agreed"}
    assert [block.kind for block in result.blocks][-1] == "added"


def test_an_empty_control_is_a_number_gone_and_another_text_has_none_of_ours() -> None:
    found = written(REPORT)
    found[2] = ReadParagraph("举办讲座，反响良好，群众普遍欢迎。", (Control("f4", 4, 4),))
    assert states(came_back(found))["f4"] == "gone"
    other = came_back(stripped("今天天气很好。", "买了3斤苹果。"))
    assert set(states(other).values()) == {"gone"}
    assert set(states(came_back([])).values()) == {"gone"}


def test_wide_signs_and_blanks_are_no_change() -> None:
    lines = [
        line.replace("7800余人次", "７８００ 余人次").replace("24场次", "24 场次") for line in LINES
    ]
    result = came_back(stripped(*lines))
    assert set(states(result).values()) <= {"lost"}


def test_a_number_of_the_map_that_the_text_no_longer_has_is_found_by_its_control() -> None:
    printed = map_of(REPORT) | {"f9": Printed("old.code", "5项", "5")}
    found = [*written(REPORT), ReadParagraph("另有5项。", (Control("f9", 2, 4),))]
    result = read_back(REPORT, found, printed, {})
    assert states(result)["f9"] == "agreed"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7900余人次", 7900), ("约2万人次", 20000), ("60.5万元", 605000), ("两所", 2),
        ("一万零五百人", 10500), ("1,234", 1234), ("１２３", 123), ("-3", -3), ("98.5%", "98.5"),
        ("百分之十二", 12), ("二十", 20), ("一百零五", 105), ("1.5亿", 150000000), ("三点五", "3.5"),
        ("近30场", 30), ("零", 0), ("无", None), ("", None), ("若干场", None), ("一二", None),
    ],
)  # fmt: skip
def test_what_is_typed_is_understood(text: str, value: object) -> None:
    assert value_of(text) == (None if value is None else Decimal(str(value)))


@given(st.decimals(0, 10**10, places=2), st.sampled_from(["", "万", "小数:2", "汉字"]))
def test_a_wording_that_cuts_nothing_is_read_back_as_its_value(value: Decimal, style: str) -> None:
    if style == "万":
        value = value.quantize(Decimal(1))
    text = spell(value, "人次", style)
    assert text is not None
    assert value_of(text) == value


@given(st.integers(0, 10**12))
def test_characters_are_read_back(value: int) -> None:
    assert value_of(hanzi(value)) == value


@given(st.permutations(list(range(8))))
def test_the_fewest_paragraphs_count_as_moved(order: list[int]) -> None:
    moved = out_of_order(dict(enumerate(order)))
    left = [order[i] for i in range(8) if i not in moved]
    assert left == sorted(left)


WORDS = st.text("开展活动惠及群众发放资料组织举办了和，。、新的方便", min_size=1, max_size=12)
NUMBERS = st.tuples(
    st.integers(0, 99999),
    st.sampled_from(["人次", "场", "份", "%"]),
    st.sampled_from(["", "余:100", "约:万", "汉字"]),
)
Draft = list[list[str | tuple[int, str, str]]]
DRAFTS = st.lists(
    st.tuples(WORDS, st.lists(st.tuples(NUMBERS, WORDS), max_size=3)).map(
        lambda made: [made[0], *(piece for pair in made[1] for piece in pair)]
    ),
    min_size=1,
    max_size=6,
)


def document_of(draft: Draft) -> Document:
    count, blocks = 0, []
    for place, pieces in enumerate(draft):
        runs: list[str | FigureRun] = []
        for piece in pieces:
            if isinstance(piece, str):
                runs.append(piece)
            else:
                count += 1
                value, unit, style = piece
                text = spell(Decimal(value), unit, style)
                assert text is not None
                runs.append(figure(f"f{count}", text, str(value), unit))
        blocks.append(paragraph(f"p-{place + 1}", *runs))
    return Document("x", "zh", tuple(blocks))


def said(result: ReadBack, place: int, cuts: set[str]) -> str:
    return "".join(piece.text for piece in result.blocks[place].pieces if piece.cut in cuts)


@given(DRAFTS, st.randoms(use_true_random=False), st.lists(WORDS, max_size=3))
def test_no_edit_beside_the_numbers_changes_a_number(
    draft: Draft, chance: random.Random, added: list[str]
) -> None:
    document = document_of(draft)
    found = []
    for block in document.blocks:
        assert isinstance(block, Paragraph)
        runs = [
            run if isinstance(run, FigureRun) else Text(edited(run.text, chance))
            for run in block.runs
        ]
        found.append(as_read(runs))
    found += [ReadParagraph(text) for text in added]
    chance.shuffle(found)
    result = read_back(document, found, map_of(document), {})
    assert set(states(result).values()) <= {"agreed"}
    standing = [block for block in result.blocks if block.after is not None]
    kept = [one for one in found if one.text.strip()]
    assert [block.after for block in standing] == list(range(len(kept)))
    for block in standing:
        assert block.after is not None
        text = "".join(p.text for p in block.pieces if p.cut in ("same", "new", "figure"))
        assert text == kept[block.after].text


def edited(text: str, chance: random.Random) -> str:
    cut = chance.randint(0, len(text))
    return (
        text[:cut]
        + chance.choice(["", "进一步", "扎实有效地推进", "，"])
        + text[cut + chance.randint(0, 2) :]
    )


@given(DRAFTS, st.randoms(use_true_random=False), st.lists(WORDS, max_size=3))
def test_with_all_controls_stripped_untouched_numbers_are_lost_with_their_text(
    draft: Draft, chance: random.Random, added: list[str]
) -> None:
    document = document_of(draft)
    found = written(document, controls=False) + [ReadParagraph(text) for text in added]
    chance.shuffle(found)
    result = read_back(document, found, map_of(document), {})
    for one in result.numbers:
        assert (one.state, one.text) == ("lost", one.printed)


@given(DRAFTS, st.integers(0, 17), st.integers(0, 99999), st.booleans())
def test_one_number_typed_over_is_the_only_one_changed(
    draft: Draft, which: int, typed: int, controls: bool
) -> None:
    document = document_of(draft)
    figures = document.figures()
    assume(figures)
    chosen = figures[which % len(figures)]
    other = f"{typed}{chosen.unit}"
    assume(value_of(chosen.text) != typed)
    found = [
        as_read(
            [
                figure(run.id, other) if isinstance(run, FigureRun) and run.id == chosen.id else run
                for run in block.runs
            ],
            controls,
        )
        for block in document.blocks
        if isinstance(block, Paragraph)
    ]
    # Nobody can tell which of two equal paragraphs or numbers was typed over.
    assume(len({one.text for one in found}) == len(found))
    assume(len({one.text for one in figures} | {other}) == len(figures) + 1)
    result = read_back(document, found, map_of(document), {})
    changed = [one for one in result.numbers if one.state == "changed"]
    assert [one.value for one in changed] == [Decimal(typed)]
    assert {one.state for one in result.numbers} <= {"changed", "agreed" if controls else "lost"}
    if controls:
        assert changed[0].id == chosen.id


def test_hostile_texts_are_compared_in_time() -> None:
    began = process_time()
    many = [ReadParagraph("1" * 40000), ReadParagraph("，" * 40000)]
    many += [ReadParagraph(f"全年开展活动{n}场次，惠及群众{n}人次。") for n in range(2000)]
    long = Document("x", "zh", (paragraph("p-1", "1" * 40000, EVENTS, "，" * 20000),))
    read_back(long, many, map_of(long), {})
    came_back(many)
    assert process_time() - began < 20
