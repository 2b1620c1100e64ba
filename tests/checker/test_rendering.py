"""However marks lie over each other, the text between them stays what it was."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from taizhang.checker.rendering import Marks, as_html, as_json
from taizhang.documents.manuscripts import of_text
from taizhang.engines.checking import Issue, Report, Span, Text, check

TEXT = "全年开展活动24场次，\n受益公众7800余人次。\n\n参训3356余人\t12\n"
spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(
    lambda ends: Span(min(ends), max(ends))
)
issues = st.lists(st.lists(spans, min_size=1, max_size=4), max_size=6)
words = st.text(st.sampled_from("全年活动12380余近约万人次场、，。\n\t（）XX%—<&"), max_size=80)


def report_with(places: list[list[Span]]) -> Report:
    found = check(TEXT)
    said = [Issue("other", "other.any", "hint", tuple(each)) for each in places]
    return Report(found.text, found.quantities, tuple(said))


@given(issues)
def test_the_pieces_of_all_blocks_are_the_text_of_the_blocks(places: list[list[Span]]) -> None:
    report = report_with(places)
    blocks = of_text(TEXT).blocks
    marks = Marks(report, report.issues, [(block.start, block.end) for block in blocks])
    for at, block in enumerate(blocks):
        pieces = marks.pieces(at)
        assert "".join(piece.text for piece in pieces) == block.text
        for piece in pieces:
            covering = {
                n
                for n, each in enumerate(places, start=1)
                if any(max(s.start, piece.start) < min(s.end, piece.end) for s in each)
            }
            assert set(piece.issues) == covering


@given(words)
def test_the_page_holds_the_text_and_every_jump_has_its_goal(text: str) -> None:
    seen = _Page()
    seen.feed(as_html("稿", check(text), "zh"))
    assert seen.jumps <= seen.goals


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.jumps: set[str] = set()
        self.goals: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "href":
                self.jumps.add((value or "").removeprefix("#"))
            if name == "id":
                self.goals.add(value or "")


@given(words)
def test_json_quotes_the_text_at_its_offsets(text: str) -> None:
    found = as_json(check(Text.of(text)), "zh")
    for each in found["quantities"]:
        assert text[each["start"] : each["end"]] == each["text"]
    for issue in found["issues"]:
        for start, end, quoted in issue["spans"]:
            assert text[start:end] == quoted
