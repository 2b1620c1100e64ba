from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from taizhang.documents.docx_facts import find_facts
from taizhang.documents.docx_reader import DocxText, read_docx
from taizhang.documents.docx_writer import write_docx
from taizhang.documents.layout import CHARACTER_PITCH, LINE_PITCH, LINES, twips
from taizhang.engines.tree import Document, FigureRun, Paragraph, Table

from .samples import FACTS, PROPERTIES, REPORT, figure, needs, paragraph, refusal, rewritten

PRINTED = {f.id: f.text for f in REPORT.figures()}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "report.docx"
    write_docx(REPORT, path, facts=FACTS, properties=PROPERTIES)
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def edited(path: Path, *changes: tuple[str, str]) -> Path:
    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        text = content.decode()
        for pattern, new in changes:
            text, count = re.subn(pattern, new, text)
            assert count, pattern
        return text.encode()

    return rewritten(path, path.with_name("edited.docx"), change)


NO_TAG = (r"<w:tag [^>]*/>", "")
NO_BINDING = (r"<w:dataBinding [^>]*/>", "")
NO_CONTROL = (r"<w:sdt>.*?<w:sdtContent>(.*?)</w:sdtContent></w:sdt>", r"\1")


def test_the_page_is_that_of_the_standard(written: Path) -> None:
    document = docx.Document(str(written))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side] == [37, 35, 28, 26]
    assert section.page_width is not None
    assert round(section.page_width.mm) == 210
    assert LINES * LINE_PITCH <= twips(297) - twips(37) - twips(35) < (LINES + 1) * LINE_PITCH
    assert round(CHARACTER_PITCH, 2) == 15.79
    xml = part(written, "word/document.xml")
    grid = re.search(r'docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="(-\d+)"', xml)
    assert grid
    assert 28 * (16 + int(grid[1]) / 4096) * 20 <= twips(210) - twips(28) - twips(26)


def test_headings_are_real_headings_and_faces_are_named(written: Path) -> None:
    document = docx.Document(str(written))
    styles = [p.style.name for p in document.paragraphs if p.style is not None]
    assert styles[:5] == ["Title", "Byline", "Heading 1", "Heading 2", "Body Text"]
    xml = part(written, "word/styles.xml")
    for face in ("方正小标宋简体", "楷体_GB2312", "黑体", "仿宋_GB2312", "宋体"):
        assert f'w:eastAsia="{face}"' in xml
    assert 'w:lang w:val="en-US" w:eastAsia="zh-CN"' in xml
    assert 'w:firstLineChars="200"' in xml
    assert "w:evenAndOddHeaders" in part(written, "word/settings.xml")
    assert 'w:jc w:val="left"' in part(written, "word/footer2.xml")


def test_every_number_is_a_bound_control_and_the_map_says_all_of_it(written: Path) -> None:
    read = read_docx(written)
    spans = {span.tag: span for p in read.paragraphs for span in p.spans}
    assert {tag: span.text for tag, span in spans.items()} == PRINTED
    assert spans["f1"].alias == "code.f1"
    body = next(p for p in read.paragraphs if "惠及" in p.text)
    assert all(body.text[span.start : span.end] == span.text for span in body.spans)
    assert read.facts["f2"] == {
        "code": "code.f2", "value": "7836", "unit": "人次", "rows": 24, "prints": "7800余人次",
        "query": "activities.activity?themes=a", "period": "2021", "unit_code": "SKX",
    }  # fmt: skip
    xml = part(written, "word/document.xml")
    (store,) = set(re.findall(r'w:storeItemID="([^"]+)"', xml))
    assert store in part(written, "customXml/itemProps1.xml")


def test_what_is_written_is_read_back_paragraph_by_paragraph(written: Path) -> None:
    read = read_docx(written)
    expected: list[str] = []
    for block in REPORT.blocks:
        if isinstance(block, Paragraph):
            expected.append(block.text)
        else:
            expected += ["".join(run.text for run in cell) for row in block.rows for cell in row]
    assert [p.text for p in read.paragraphs] == expected
    assert [p.text for p in read.paragraphs if p.in_table] == ["项目", "数量", "展览", "3次"]


def test_the_same_report_has_the_same_bytes(written: Path) -> None:
    buffer = io.BytesIO()
    write_docx(REPORT, buffer, facts=FACTS, properties=PROPERTIES)
    assert buffer.getvalue() == written.read_bytes()


def test_hostile_text_is_written_as_it_stands(tmp_path: Path) -> None:
    text = "<w:t> & ]]> \"q\" 'a' \x00\x0b\ud800 a\tb\nc"
    run = FigureRun("f'1", "c" * 90, text, None, "<unit>", 0, None)
    document = Document("x", "zh", (paragraph("p", "body", text, run), Table("t", ())))
    write_docx(document, tmp_path / "a.docx", facts={}, properties=PROPERTIES)
    docx.Document(str(tmp_path / "a.docx"))
    read = read_docx(tmp_path / "a.docx")
    clean = "<w:t> & ]]> \"q\" 'a'  a\tb\nc"
    assert read.paragraphs[0].text == clean * 2
    assert read.facts["f'1"]["unit"] == "<unit>"
    assert find_facts(read, document)["f'1"].text == clean


def test_ids_that_word_would_cut_or_confuse_are_refused(tmp_path: Path) -> None:
    def write(*ids: str) -> None:
        runs = [figure(key, "1", "1") for key in ids]
        document = Document("x", "zh", (paragraph("p", "body", *runs),))
        write_docx(document, tmp_path / "a.docx", facts={}, properties=PROPERTIES)

    write("f" * 64)
    assert refusal(lambda: write("f" * 65)).code == "document.tag-too-long"
    assert refusal(lambda: write("f1", "f1")).code == "document.tag-twice"


def test_facts_are_found_by_tag_with_the_text_that_now_stands_there(written: Path) -> None:
    found = find_facts(read_docx(edited(written, ("7800余人次", "7900余人次"))), REPORT)
    assert {key: fact.how for key, fact in found.items()} == dict.fromkeys(PRINTED, "tag")
    assert found["f2"].text == "7900余人次"
    assert found["f1"].text == "24场次"


def test_facts_are_found_by_binding_when_tags_are_lost(written: Path) -> None:
    found = find_facts(read_docx(edited(written, NO_TAG)), None)
    assert {key: (fact.text, fact.how) for key, fact in found.items()} == {
        key: (text, "binding") for key, text in PRINTED.items()
    }


def test_facts_are_found_by_alignment_when_controls_are_lost(written: Path) -> None:
    path = edited(
        written, NO_CONTROL, ("7800余人次", "约8000人次"), ("全年开展活动", "2021年共开展活动")
    )
    found = find_facts(read_docx(path), REPORT)
    assert {fact.how for fact in found.values()} == {"aligned"}
    assert {key: fact.text for key, fact in found.items()} == PRINTED | {"f2": "约8000人次"}


def test_a_number_whose_sentence_is_gone_is_not_invented(written: Path) -> None:
    path = edited(written, NO_CONTROL, (r"举办讲座.*?。", "另有安排，详见附件说明"))
    found = find_facts(read_docx(path), REPORT)
    assert "f4" not in found
    assert found["f1"].text == "24场次"


def test_numbers_side_by_side_are_shared_out_in_order(tmp_path: Path) -> None:
    runs = ("共计", figure("a", "24场", "24"), figure("b", "7人", "7"), "。")
    document = Document("x", "zh", (paragraph("p", "body", *runs),))
    write_docx(document, tmp_path / "report.docx", facts={}, properties=PROPERTIES)
    path = edited(tmp_path / "report.docx", NO_CONTROL, ("24场", "25场"))
    found = find_facts(read_docx(path), document)
    assert {key: fact.text for key, fact in found.items()} == {"a": "25场", "b": "7人"}


def foreign(tmp_path: Path, body: str) -> DocxText:
    path = tmp_path / "report.docx"
    docx.Document().save(str(path))
    return read_docx(edited(path, (r"<w:body>.*(?=<w:sectPr)", f"<w:body>{body}")))


def test_deleted_hidden_and_field_text_is_left_out(tmp_path: Path) -> None:
    def run(text: str, style: str = "") -> str:
        return f"<w:r>{style}<w:t>{text}</w:t></w:r>"

    body = (
        "<w:p>" + run("甲") + "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:ins>" + run("新") + "</w:ins>" + run("隐", "<w:rPr><w:vanish/></w:rPr>")
        + "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:tab/><w:br/></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("上") + "</w:p><w:p>" + run("下")
        + "</w:p><w:sdt><w:sdtPr><w:tag w:val='f9'/></w:sdtPr><w:sdtContent><w:p>"
        + run("9场") + "</w:p></w:sdtContent></w:sdt>"
    )  # fmt: skip
    read = foreign(tmp_path, body)
    assert [p.text for p in read.paragraphs] == ["甲新\t\n", "上下", "9场"]
    assert read.paragraphs[2].spans[0].tag == "f9"
    assert read.facts == {}


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>文</w:t><w:Choice>" + box + "</w:Choice><w:Fallback>" + box
        + "</w:Fallback></w:r></w:p>"
    )  # fmt: skip
    assert [p.text for p in foreign(tmp_path, body).paragraphs] == ["文", "框"]


def test_bad_word_files_are_refused(written: Path, tmp_path: Path) -> None:
    assert refusal(lambda: read_docx(written, "a.doc")).code == "document.unknown-kind"
    dtd = edited(
        written, (r"standalone=\"yes\"\?>", 'standalone="yes"?><!DOCTYPE w [<!ENTITY a "b">]>')
    )
    assert refusal(lambda: read_docx(dtd)).code == "document.damaged"
    deep = edited(
        written,
        ("<w:body>", "<w:body>" + "<w:x>" * 5000),
        ("</w:body>", "</w:x>" * 5000 + "</w:body>"),
    )
    assert refusal(lambda: read_docx(deep)).code == "document.damaged"


def office(path: Path, kind: str, folder: Path) -> Path:
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", kind, "--outdir", str(folder / "out"), str(path),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / "out" / f"{path.stem}.{kind}"


@pytest.mark.office
@needs("soffice")
def test_every_number_is_found_again_after_libreoffice_saved_the_report(
    written: Path, tmp_path: Path
) -> None:
    read = read_docx(office(written, "docx", tmp_path))
    found = find_facts(read, REPORT)
    assert {key: fact.text for key, fact in found.items()} == PRINTED


@pytest.mark.office
@needs("soffice")
@needs("pdftotext")
def test_a_page_in_libreoffice_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    blocks = tuple(paragraph(f"p-{i}", "body", "国" * 700) for i in range(3))
    write_docx(Document("x", "zh", blocks), tmp_path / "a.docx", facts={}, properties=PROPERTIES)
    pdf = office(tmp_path / "a.docx", "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-raw", "-l", "1", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    lines = [line.strip() for line in text.splitlines() if "国" in line]
    assert len(lines) == 22
    assert {len(line) for line in lines[1:21]} == {28}
