"""Reports of anybody are read as one text with a map back, and given back with comments."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from taizhang.documents.docx_comments import Remark, write_commented, write_text_commented
from taizhang.documents.docx_writer import write_docx
from taizhang.documents.manuscripts import of_text, read_manuscript

from .samples import FACTS, PROPERTIES, REPORT, refusal, rewritten

AT = datetime(2024, 1, 5, tzinfo=UTC)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A report as somebody else writes it: table, tracked changes, a comment, a box, a footnote."""
    document = docx.Document()
    document.add_heading("工作总结", 1)
    paragraph = document.add_paragraph("全年开展活动")
    paragraph.add_run("24").bold = True
    paragraph.add_run("场次，受益公众7800余人次。")
    document.add_comment(paragraph.runs, "请核对99场", "甲", "甲")
    tracked = document.add_paragraph("志愿者")._p
    tracked.append(_xml("<w:del {ns}><w:r><w:delText>120名</w:delText></w:r></w:del>"))
    tracked.append(_xml("<w:ins {ns}><w:r><w:t>124名</w:t></w:r></w:ins>"))
    table = document.add_table(3, 3)
    for row, cells in enumerate(("项目 场次（场） 备注", "讲座 12", "合计 12 全年")):
        for column, text in enumerate(cells.split(" ")):
            table.cell(row, column).text = text
    box = "<w:r {ns}><w:pict><w:txbxContent><w:p><w:r><w:t>展品258件</w:t></w:r></w:p>"
    document.add_paragraph("见图。")._p.append(_xml(box + "</w:txbxContent></w:pict></w:r>"))
    path = tmp_path / "foreign.docx"
    document.save(str(path))
    return path


def _xml(text: str) -> object:
    return parse_xml(text.replace("{ns}", nsdecls("w")))


def test_tables_boxes_and_insertions_are_read_and_comments_and_deletions_are_not(
    foreign: Path,
) -> None:
    read = read_manuscript(foreign)
    assert read.text == (
        "工作总结\n全年开展活动24场次，受益公众7800余人次。\n志愿者124名\n"
        "项目\t场次（场）\t备注\n讲座\t12\t\n合计\t12\t全年\n见图。\n展品258件"
    )
    assert all(read.text[block.start : block.end] == block.text for block in read.blocks)
    kinds = [block.kind for block in read.blocks]
    assert kinds == ["heading", "paragraph", "paragraph", *["cell"] * 9, "paragraph", "textbox"]
    cell = next(block for block in read.blocks if block.text == "全年")
    assert cell.cell is not None
    assert (cell.cell.table, cell.cell.row, cell.cell.column) == (0, 2, 2)


def test_a_report_of_ours_carries_the_facts_of_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "ours.docx"
    write_docx(REPORT, path, facts=FACTS, properties=PROPERTIES)
    read = read_manuscript(path)
    said = {control.id: read.text[control.start : control.end] for control in read.controls}
    assert said == {figure.id: figure.text for figure in REPORT.figures()}
    assert read.facts["f1"]["code"] == "code.f1"


def test_footnotes_stand_behind_the_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("志愿者124名")._p.append(
        _xml('<w:r {ns}><w:footnoteReference w:id="2"/></w:r>')
    )
    document.add_paragraph("完。")
    plain = tmp_path / "plain.docx"
    document.save(str(plain))
    path = tmp_path / "notes.docx"
    _with_footnotes(plain, path, "不含返聘人员3名")
    read = read_manuscript(path)
    assert read.text == "志愿者124名\n完。\n不含返聘人员3名"
    assert read.blocks[-1].kind == "footnote"
    target = tmp_path / "commented.docx"
    start = read.text.index("3名")
    assert write_commented(path, [Remark(start, start + 2, "请核对")], target) == 1
    assert _marked(target) == [""]  # it hangs on the sign of the note, which has no text
    assert read_manuscript(target).text == read.text


def _with_footnotes(source: Path, target: Path, text: str) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"

    def change(name: str, content: bytes) -> bytes:
        found = content.decode("utf-8") if name.endswith((".xml", ".rels")) else ""
        if name == "[Content_Types].xml":
            part = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
            return found.replace("</Types>", part).encode()
        if name == "word/_rels/document.xml.rels":
            link = f'<Relationship Id="rId90" Type="{relation}" Target="footnotes.xml"/>'
            return found.replace("</Relationships>", link + "</Relationships>").encode()
        return content

    rewritten(source, target, change)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(
            "word/footnotes.xml",
            f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r>'
            '</w:p></w:footnote><w:footnote w:id="3"><w:p><w:r><w:t>没有引用</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>",
        )


def test_remarks_become_comments_on_exactly_their_words(foreign: Path, tmp_path: Path) -> None:
    read = read_manuscript(foreign)
    remarks = []
    for words in ("24场次", "7800余人次", "124名", "合计\t12", "展品258件", "7800"):
        start = read.text.index(words)
        remarks.append(Remark(start, start + len(words), f"核对“{words}”"))
    target = tmp_path / "commented.docx"
    assert write_commented(foreign, remarks, target) == len(remarks)
    after = read_manuscript(target)
    assert after.text == read.text
    marked = _marked(target)
    assert marked[1:4] == ["24场次", "7800余人次", "124名"]
    assert marked[6] == "7800"
    texts = [comment.text for comment in docx.Document(str(target)).comments]
    assert texts == ["请核对99场", *(remark.text for remark in remarks)]
    assert docx.Document(str(target)).paragraphs[1].runs[1].bold


def _marked(path: Path) -> list[str]:
    """The words between the marks of each comment, by its id."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
    found = {}
    for start in re.finditer(r'<w:commentRangeStart w:id="(\d+)"/>', xml):
        end = xml.index(f'<w:commentRangeEnd w:id="{start[1]}"/>')
        piece = re.sub(r"<w:txbxContent>.*?</w:txbxContent>", "", xml[start.end() : end])
        found[int(start[1])] = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", piece))
    return [found[key] for key in sorted(found)]


def test_a_plain_text_becomes_a_word_file_with_comments(tmp_path: Path) -> None:
    text = "全年开展活动24场次。\r\n参训3356余人。\x00\r\n\r\n完。"
    start = text.index("3356余人")
    target = tmp_path / "a.docx"
    remark = Remark(start, start + 6, "精确数后不用余")
    assert write_text_commented(of_text(text), [remark], target, title="稿", at=AT) == 1
    assert _marked(target) == ["3356余人"]


def test_lines_with_tabs_are_the_rows_of_a_table() -> None:
    read = of_text("表\n项目\t场\r\n讲座\t12\n\n另\t1")
    cells = [
        (b.text, b.cell.table, b.cell.row, b.cell.column) for b in read.blocks if b.cell is not None
    ]
    assert cells == [
        ("项目", 0, 0, 0), ("场", 0, 0, 1), ("讲座", 0, 1, 0), ("12", 0, 1, 1),
        ("另", 1, 0, 0), ("1", 1, 0, 1),
    ]  # fmt: skip
    assert all(read.text[block.start : block.end] == block.text for block in read.blocks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_that_offices_write(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("全年开展活动24场次，\r\n受益7800余人次。".encode(encoding))
    assert read_manuscript(path).text == "全年开展活动24场次，\r\n受益7800余人次。"


MIXED = "第一部分由甲写成。\n".encode() + "第二部分由乙写成。\n".encode("gb18030")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "document.empty"),
        ("a.txt", b" \n\t\n", "document.no-text"),
        ("a.txt", MIXED, "document.mixed-encoding"),
        ("a.txt", b"\xff\xff\xff\x80abc", "document.mixed-encoding"),
        ("a.txt", b"%PDF-1.7 ...", "document.not-what-its-name-says"),
        ("a.txt", b"abc\0\0def", "document.not-what-its-name-says"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document.unknown-kind"),
        ("a.docx", b"%PDF-1.7 ...", "document.not-what-its-name-says"),
        ("a.docx", b"PK\x03\x04 cut off", "document.damaged"),
        ("a.docx", "正文".encode(), "document.not-what-its-name-says"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
         "document.not-what-its-name-says"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "document.encrypted"),
        ("a.txt", b"a" * (21 * 1024 * 1024), "document.too-large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(lambda: read_manuscript(path)).code == code


def test_pictures_without_text_and_bombs_are_said(foreign: Path, tmp_path: Path) -> None:
    empty = tmp_path / "scan.docx"
    docx.Document().save(str(empty))
    assert refusal(lambda: read_manuscript(empty)).code == "document.no-text"

    def bomb(name: str, content: bytes) -> bytes:
        return b" " * (30 * 1024 * 1024) + content if name == "word/document.xml" else content

    large = rewritten(foreign, tmp_path / "bomb.docx", bomb)
    assert refusal(lambda: read_manuscript(large)).code == "document.too-large-unpacked"

    def entities(name: str, content: bytes) -> bytes:
        head = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        return head + content.split(b"?>", 1)[1] if name == "word/document.xml" else content

    laughs = rewritten(foreign, tmp_path / "laughs.docx", entities)
    assert refusal(lambda: read_manuscript(laughs)).code == "document.damaged"
    assert refusal(lambda: write_commented(laughs, [], io.BytesIO())).code == "document.damaged"


def test_the_checker_takes_a_cell_as_one_block_and_a_fact_by_its_figure(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "讲座"
    table.cell(0, 0).add_paragraph("（线上）")
    table.cell(0, 1).text = "12场"
    path = tmp_path / "a.docx"
    document.save(str(path))
    tree = read_manuscript(path).tree
    shown = [(tree.plain[b.start : b.end], b.kind, b.row, b.column) for b in tree.blocks]
    assert shown == [("讲座 （线上）", "cell", 0, 0), ("12场", "cell", 0, 1)]
    ours = tmp_path / "ours.docx"
    write_docx(REPORT, ours, facts=FACTS, properties=PROPERTIES)
    tree = read_manuscript(ours).tree
    assert tree.facts[0].id == "code.f1@SKX@2021"
    assert tree.plain[tree.facts[0].start : tree.facts[0].end] == "24场次"
