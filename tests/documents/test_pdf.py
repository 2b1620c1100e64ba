from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from taizhang.documents.glyphs import coverage
from taizhang.documents.pdf import write_pdf
from taizhang.engines.tree import Document, Table, Text
from taizhang.wording import say

from .samples import PROPERTIES, REPORT, needs, paragraph

HOSTILE = '#set page() $x$ *a* _b_ `c` "q" \\ // d <tag> @ref [e] #(1+1) = f'


def printed(document: Document, tmp_path: Path, *options: str) -> list[str]:
    path = tmp_path / "a.pdf"
    assert write_pdf(document, path, properties=PROPERTIES) == []
    text = subprocess.run(
        ["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return text.split("\f")[:-1]


@needs("pdftotext")
def test_the_text_stands_in_the_pdf(tmp_path: Path) -> None:
    (page,) = printed(REPORT, tmp_path, "-layout")
    flat = "".join(page.split())
    for figure in REPORT.figures():
        assert figure.text in flat
    for words in (
        "某市科学技术协会2021年工作总结",
        "（一）科技志愿服务",
        "2022年1月5日",
        "—1—",
        "封存3f2a",
    ):
        assert words in flat


@needs("pdftotext")
def test_text_that_looks_like_typst_prints_as_it_stands(tmp_path: Path) -> None:
    cell = ((Text(HOSTILE),),)
    document = Document(
        HOSTILE,
        "zh",
        (
            paragraph("p-1", "title", HOSTILE),
            paragraph("p-2", "heading1", HOSTILE),
            paragraph("p-3", "body", HOSTILE, "\n", "\x00\x0b\ud800"),
            Table("t", (cell, cell)),
            Table("t-2", ()),
        ),
    )
    text = "".join("".join(printed(document, tmp_path, "-raw")).split())
    assert text.count("".join(HOSTILE.split())) == 5


@needs("pdftotext")
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    blocks = tuple(paragraph(f"p-{i}", "body", "国" * 700) for i in range(3))
    pages = printed(Document("x", "zh", blocks), tmp_path, "-raw")
    lines = [line.strip() for line in pages[0].splitlines() if "国" in line]
    assert len(lines) == 22
    assert {len(line) for line in lines[1:21]} == {28}
    assert ("— 2 —" in pages[1], "— 3 —" in pages[2]) == (True, True)


@needs("pdftotext")
@pytest.mark.parametrize("length", [60, 300])
def test_the_signature_never_stands_on_a_page_without_text(length: int, tmp_path: Path) -> None:
    filler = [paragraph(f"p-{i}", "body", "国" * 20) for i in range(18)]
    ending = [paragraph("e", "body", "末" * length), paragraph("s", "signature", "某会")]
    pages = printed(Document("x", "zh", (*filler, *ending)), tmp_path)
    assert "末" in pages[-1]
    assert "某会" in pages[-1]
    assert sum(page.count("末") for page in pages) == length


def test_the_same_report_has_the_same_bytes_and_says_what_it_is() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_pdf(REPORT, first, properties=PROPERTIES)
    write_pdf(REPORT, second, properties=PROPERTIES)
    assert first.getvalue() == second.getvalue()
    content = first.getvalue()
    assert b"pdfaid:part>2<" in content
    assert b"/Outlines" in content


def test_a_character_no_font_has_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    document = Document("x", "zh", (paragraph("p-1", "body", "张😀某", "\ue000"),))
    findings = write_pdf(document, tmp_path / "a.pdf", properties=PROPERTIES)
    assert {str(f.params["codepoint"]) for f in findings} == {"U+1F600", "U+E000"}
    assert {f.where for f in findings} == {"p-1"}
    assert "😀" in say(findings[0]) + say(findings[1])


def test_a_file_that_is_no_font_has_no_coverage(tmp_path: Path) -> None:
    (tmp_path / "a.otf").write_bytes(b"OTTO\0\0" + b"\0" * 20)
    with pytest.raises(ValueError, match="no cmap"):
        coverage(tmp_path / "a.otf")
