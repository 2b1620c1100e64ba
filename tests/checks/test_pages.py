"""A report is handed in for proofreading, looked through, remarks are set aside, comments taken."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.checks import actions
from taizhang.checks.models import Dismissal, Manuscript
from tests.conftest import Cast
from tests.factories import terms, verified
from tests.steps import body

PERIOD = "?period=2021"
TEXT = (
    "2021年工作总结\n\n一、志愿服务\n全年开展科技志愿服务活动4场次，受益公众303人次，参训3356余人。\n"
    "二、培训\n举办讲座15场，其中科普讲座16场。覆盖12个村。"
)


@pytest.fixture
def year(cast: Cast) -> Cast:
    """Three verified events of volunteers in 2021, with 303 people."""
    themes = terms("activities.theme", "volunteering")
    for number in range(3):
        verified(
            "activities.activity",
            number + 1,
            cast.association,
            cast,
            themes=themes,
            held_on=date(2021, 3, 1) + timedelta(days=number),
            attendance=101,
        )
    return cast


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def handed_in(client: Client, text: str = TEXT, name: str = "征求意见稿") -> Manuscript:
    response = client.post(f"/checks/{PERIOD}", {"text": text, "name": name})
    assert response.status_code == 302, response.content.decode()
    return Manuscript.objects.get(pk=int(response["Location"].split("/")[2]))


def page(client: Client, manuscript: Manuscript) -> str:
    response = client.get(f"/checks/{manuscript.pk}/")
    assert response.status_code == 200
    return str(response.content.decode())


def key_of(html: str, words: str) -> str:
    """The key of the remark whose line quotes these words."""
    for line in re.findall(r'<li class="finding".*?</li>', html, re.DOTALL):
        if words in line:
            found = re.search(r'name="key" value="([0-9a-f]{64})"', line)
            assert found
            return found[1]
    raise AssertionError(words)


def test_the_text_is_shown_with_marks_and_jumps_both_ways(year: Cast) -> None:
    client = signed_in(year.su)
    html = page(client, handed_in(client))
    assert '<p class="title">2021年工作总结</p>' in html
    assert "<h2>一、志愿服务</h2>" in html
    anchors = set(re.findall(r'id="(q\d+(?:-\d+)?|k\d+)"', html))
    links = set(re.findall(r'href="#(q\d+(?:-\d+)?|k\d+)"', html))
    assert links
    assert links <= anchors
    assert {name for name in anchors if name.startswith("k")} <= links
    assert re.search(r'<mark class="q bad"[^>]*>3356余人<a href="#k\d', html)


def test_numbers_are_compared_with_the_ledger_and_open_their_figure(year: Cast) -> None:
    client = signed_in(year.su)
    html = page(client, handed_in(client))
    assert re.search(r'<mark class="q">303人次', html)
    assert re.search(r'<mark class="q bad"[^>]*>4场次', html)
    assert re.search(r'<mark class="q none">12个', html)
    line = next(x for x in re.findall('<li class="finding".*?</li>', html, re.S) if "4场次" in x)
    assert "与台账不符" in line
    link = re.search(r'href="(/figures/volunteering\.events/\?[^"]*)"', line)
    assert link
    assert link[1] == "/figures/volunteering.events/?unit=assoc&amp;period=2021"
    opened = client.get(link[1].replace("&amp;", "&"))
    assert opened.status_code == 200


def test_another_period_is_compared_when_the_switch_says_so(year: Cast) -> None:
    client = signed_in(year.su)
    manuscript = handed_in(client)
    client.post("/switch/", {"period": "2020", "next": "/checks/"})
    assert "改与2020年的台账比对" in page(client, manuscript)
    client.post(f"/checks/{manuscript.pk}/compare/")
    manuscript.refresh_from_db()
    assert manuscript.period == "2020"
    assert "/figures/volunteering.events/?unit=assoc&amp;period=2021" not in page(
        client, manuscript
    )


def test_a_remark_is_set_aside_with_a_reason_for_the_unit_and_for_the_next_version(
    year: Cast,
) -> None:
    client = signed_in(year.su)
    manuscript = handed_in(client)
    key = key_of(page(client, manuscript), "3356余人")
    address = f"/checks/{manuscript.pk}/dismiss/"
    refused = client.post(address, {"key": key, "reason": "  "})
    assert refused.status_code == 400
    assert "请写明略过的理由" in refused.content.decode()
    assert client.post(address, {"key": key, "reason": "平台如此显示"}).status_code == 302
    html = page(client, manuscript)
    assert "平台如此显示" in html
    assert '<mark class="q bad">3356余人' not in html
    colleague = signed_in(year.zhi)
    later = handed_in(colleague, TEXT.replace("覆盖12个村", "覆盖13个村"))
    assert "平台如此显示" in page(colleague, later)
    changed = handed_in(colleague, TEXT.replace("3356余人", "3357余人"))
    assert "平台如此显示" not in page(colleague, changed)
    assert colleague.post(f"/checks/{later.pk}/again/", {"key": key}).status_code == 302
    assert not Dismissal.objects.exists()
    assert key_of(page(client, manuscript), "3356余人") == key


def test_a_reader_looks_but_does_not_speak_for_the_unit(year: Cast) -> None:
    manuscript = handed_in(signed_in(year.su))
    reader = signed_in(year.re)
    html = page(reader, manuscript)
    assert "/dismiss/" not in html
    key = key_of(page(signed_in(year.su), manuscript), "3356余人")
    for act in ("dismiss", "again", "remove"):
        response = reader.post(f"/checks/{manuscript.pk}/{act}/", {"key": key, "reason": "x"})
        assert response.status_code == 400, act
    own = handed_in(reader, "参训3356余人。")
    assert reader.post(f"/checks/{own.pk}/remove/").status_code == 302


def test_outside_the_unit_a_manuscript_does_not_exist(year: Cast) -> None:
    manuscript = handed_in(signed_in(year.su))
    for outsider in (year.chen, year.bo):
        client = signed_in(outsider)
        assert client.get(f"/checks/{manuscript.pk}/").status_code == 404
        assert client.get(f"/checks/{manuscript.pk}/commented.docx").status_code == 404
        for act in ("compare", "dismiss", "again", "remove"):
            assert client.post(f"/checks/{manuscript.pk}/{act}/").status_code == 404
        assert "征求意见稿" not in client.get("/checks/").content.decode()
    assert Client().get(f"/checks/{manuscript.pk}/").status_code == 302


def test_deleting_takes_the_file_too(year: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(year.su)
    manuscript = handed_in(client)
    path = actions.path_of(manuscript)
    assert path.read_text("utf-8") == TEXT
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/checks/{manuscript.pk}/remove/").status_code == 302
    assert not path.exists()
    assert client.get(f"/checks/{manuscript.pk}/").status_code == 404


def test_a_word_file_goes_in_and_comes_back_with_comments(year: Cast, tmp_path: Path) -> None:
    document = docx.Document()
    for line in TEXT.split("\n"):
        document.add_paragraph(line)
    table = document.add_table(2, 2)
    for at, text in enumerate(("项目", "场次（场）", "讲座", "15")):
        table.cell(at // 2, at % 2).text = text
    target = io.BytesIO()
    document.save(target)
    client = signed_in(year.su)
    given = SimpleUploadedFile("总结.docx", target.getvalue())
    response = client.post(f"/checks/{PERIOD}", {"file": given})
    assert response.status_code == 302
    html = client.get(response["Location"]).content.decode()
    assert "<td>讲座</td>" in html
    answer = client.get(f"{response['Location']}commented.docx")
    assert answer.status_code == 200
    found = docx.Document(io.BytesIO(body(answer)))
    comments = [comment.text for comment in found.comments]
    assert any("与台账" in text or "台账“" in text for text in comments)
    assert any("精确数后不用“余”" in text for text in comments)
    assert [p.text for p in found.paragraphs][:3] == TEXT.split("\n")[:3]


def test_our_own_report_is_read_through_its_controls_after_editing(
    year: Cast, tmp_path: Path
) -> None:
    client = signed_in(year.su)
    content = body(client.get("/reports/county-annual.docx?unit=assoc&period=2021"))
    from tests.documents.samples import rewritten

    source = tmp_path / "ours.docx"
    source.write_bytes(content)

    def typed(name: str, part: bytes) -> bytes:
        if name not in ("word/document.xml", "customXml/item1.xml"):
            return part
        return part.replace("300余人次".encode(), "500余人次".encode())

    changed = rewritten(source, tmp_path / "edited.docx", typed).read_bytes()
    given = SimpleUploadedFile("年报.docx", changed)
    response = client.post(f"/checks/{PERIOD}", {"file": given})
    html = client.get(response["Location"]).content.decode()
    line = next(x for x in re.findall('<li class="finding".*?</li>', html, re.S) if "500余" in x)
    assert "与台账不符" in line
    assert "volunteering.beneficiaries" in line


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.docx", b"%PDF-1.7", "扩展名与内容不符"),
        ("a.pdf", b"%PDF-1.7", "不能读取"),
        ("a.txt", b"   ", "没有可以核对的文字"),
        ("a.txt", ("字" * (actions.LONGEST + 1)).encode(), "最多核对"),
        ("a.docx", b"", "空的"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_page_and_not_kept(
    cast: Cast, settings: Any, name: str, content: bytes, sentence: str
) -> None:
    client = signed_in(cast.su)
    given = SimpleUploadedFile(name, content)
    response = client.post("/checks/", {"file": given})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Manuscript.objects.exists()
    assert not list((settings.UPLOAD_ROOT / "checks").glob("*"))


def test_nothing_given_and_a_lost_file_are_said(cast: Cast) -> None:
    client = signed_in(cast.su)
    assert "还没有文稿" in client.post("/checks/", {"text": " "}).content.decode()
    manuscript = handed_in(client)
    actions.path_of(manuscript).unlink()
    response = client.get(f"/checks/{manuscript.pk}/")
    assert response.status_code == 400
    assert "已不在服务器上" in response.content.decode()


def test_hostile_words_are_shown_as_words(cast: Cast) -> None:
    client = signed_in(cast.su)
    html = page(client, handed_in(client, "<script>alert(1)</script>参训3356余人", "<b>稿</b>"))
    assert "<script>alert" not in html
    assert "<b>稿</b>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_number_of_queries_does_not_grow_with_the_text(year: Cast) -> None:
    client = signed_in(year.su)
    short, long = handed_in(client), handed_in(client, TEXT * 40)

    def queries(manuscript: Manuscript) -> int:
        page(client, manuscript)
        with CaptureQueriesContext(connection) as caught:
            page(client, manuscript)
        return len(caught)

    assert queries(short) == queries(long)
