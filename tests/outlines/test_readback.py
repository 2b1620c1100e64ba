"""A report goes out as Word, is changed on somebody's desk, and comes back to be looked at."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from taizhang.documents.layout import Mark
from taizhang.outlines import catalogue, compile, files, own, readback
from taizhang.outlines.models import Comment
from tests.conftest import Cast
from tests.documents.samples import needs, rewritten
from tests.factories import terms, verified
from tests.steps import body, texts

from .test_editing import HERE, browser, place, report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = f"/reports/county-annual/readback/?{HERE}"
NO_CONTROL = (r"<w:sdt>.*?<w:sdtContent>(.*?)</w:sdtContent></w:sdt>", r"\1")


@pytest.fixture
def year(cast: Cast) -> Any:
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


def file(client: Client) -> bytes:
    return body(client.get(f"/reports/county-annual.docx?{HERE}"))


def edited(content: bytes, folder: Path, *changes: tuple[str, str]) -> bytes:
    source, target = folder / "ours.docx", folder / "edited.docx"
    source.write_bytes(content)

    def typed(part: bytes) -> bytes:
        """Word writes what is typed into a bound control to the bound place too."""
        text = part.decode()
        for pattern, new in changes:
            text = re.sub(pattern, new, text)
        return text.encode()

    def change(name: str, part: bytes) -> bytes:
        if name == "customXml/item1.xml":
            return typed(part)
        if name != "word/document.xml":
            return part
        text = part.decode()
        for pattern, new in changes:
            text, count = re.subn(pattern, new, text)
            assert count, pattern
        return text.encode()

    return rewritten(source, target, change).read_bytes()


def send(client: Client, content: bytes, name: str = "改后.docx", where: str = PAGE) -> Any:
    return client.post(where, {"file": SimpleUploadedFile(name, content, DOCX)}, follow=True)


def shown(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()
    return "\n".join(texts(response.content.decode()))


def states(response: Any) -> dict[str, str]:
    lines = [*response.context["open"], *response.context["agreed"]]
    return {line["number"].code: line["number"].state for line in lines}


def printed(response: Any, code: str) -> Any:
    lines = [*response.context["open"], *response.context["agreed"]]
    return next(line["number"] for line in lines if line["number"].code == code)


def test_a_file_nobody_touched_agrees_in_every_word_and_number(year: Cast) -> None:
    su = browser(year.su)
    answer = send(su, file(su))
    assert set(states(answer).values()) == {"agreed"}
    assert answer.context["changed"] == 0
    assert "文字没有改动。" in shown(answer)
    assert "每个数字都与印出时一致" in shown(answer)


def test_words_numbers_and_the_ledger_change_and_each_is_told_apart(
    year: Cast, tmp_path: Path
) -> None:
    su = browser(year.su)
    ours = file(su)
    events = verified_text(su, "volunteering.events")
    later = verified(
        "activities.activity", 9, year.association, year, held_on=date(2021, 5, 1),
        themes=terms("activities.theme", "volunteering"), attendance=50,
    )  # fmt: skip
    assert later.pk
    content = edited(ours, tmp_path, (rf">{events}<", ">5场次<"), ("工作", "事业"))
    answer = send(su, content)
    number = printed(answer, "volunteering.events")
    assert (number.state, number.text, number.printed) == ("changed", "5场次", events)
    assert number.outdated
    assert states(answer)["volunteering.beneficiaries"] == "stale"
    text = shown(answer)
    assert "手工改动" in text
    assert "台账已变" in text
    assert "事业" in text


def verified_text(client: Client, code: str) -> str:
    response = client.get(f"/reports/county-annual/?{HERE}")
    runs = response.context["report"].compiled.document.figures()
    return next(run.text for run in runs if run.code == code)


def test_with_every_control_stripped_the_numbers_are_still_found(
    year: Cast, tmp_path: Path
) -> None:
    su = browser(year.su)
    answer = send(su, edited(file(su), tmp_path, NO_CONTROL))
    assert set(states(answer).values()) == {"lost"}
    assert "控件丢失，数字未改" in shown(answer)


def test_accepted_words_become_the_text_of_the_report_and_numbers_stay_figures(
    year: Cast, tmp_path: Path
) -> None:
    su = browser(year.su)
    events = verified_text(su, "volunteering.events")
    block = next(b for b in own.text_of(place(year))[0].blocks if "{volunteering.events}" in b.text)
    content = edited(file(su), tmp_path, (rf">{events}<", ">8场次<"), ("开展", "扎实开展"))
    answer = send(su, content)
    lines = [line for stretch in answer.context["stretches"] for line in stretch["lines"]]
    target = next(t for line in lines if (t := line["target"]) and t.key == block.id)
    assert "{volunteering.events}" in target.text
    assert "扎实开展" in target.text
    assert "8场次" not in target.text
    blocks = {b.id: b.text for b in own.text_of(place(year))[0].blocks}
    offered = [t for line in lines if (t := line["target"]) and t.text]
    assert len(offered) > 5
    for one in offered:
        # Figures, variables and sentences that await their registers are all still there.
        braces = re.findall(r"\{[^{}]*\}", one.text)
        assert braces == re.findall(r"\{[^{}]*\}", blocks[one.key])
    accept = re.search(rf'action="([^"]*accept/{where_of(answer, block.id)}/[^"]*)"', html(answer))
    assert accept
    done = su.post(accept[1].replace("&amp;", "&"), follow=True)
    assert "已写入报告文字。" in shown(done)
    text = own.text_of(place(year))[0]
    assert text.block(block.id).text == target.text
    assert text.block(block.id).text.count("{") == block.text.count("{")
    assert "扎实开展" in report(su)
    assert events in report(su)


def where_of(answer: Any, key: str) -> str:
    for stretch in answer.context["stretches"]:
        for line in stretch["lines"]:
            if line["target"] and line["target"].key == key:
                return str(line["block"].where)
    raise AssertionError(key)


def html(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_paragraph_that_lost_its_number_cannot_be_accepted(year: Cast, tmp_path: Path) -> None:
    su = browser(year.su)
    events = verified_text(su, "volunteering.events")
    control = r"<w:sdt>(?:(?!</w:sdt>).)*>" + events + r"<(?:(?!</w:sdt>).)*</w:sdt>"
    answer = send(su, edited(file(su), tmp_path, (control, "")))
    assert printed(answer, "volunteering.events").state == "gone"
    assert "这一段原有的数字在文件里不见了" in shown(answer)


def test_a_changed_number_becomes_a_question_beside_the_text(year: Cast, tmp_path: Path) -> None:
    su = browser(year.su)
    events = verified_text(su, "volunteering.events")
    answer = send(su, edited(file(su), tmp_path, (rf">{events}<", ">8场次<")))
    number = printed(answer, "volunteering.events")
    asked = re.search(rf'action="([^"]*ask/{number.id}/[^"]*)"', html(answer))
    assert asked
    done = su.post(asked[1].replace("&amp;", "&"), follow=True)
    assert "已在报告文字旁提出疑问。" in shown(done)
    said = Comment.objects.get()
    assert "8场次" in said.text
    assert events in said.text
    assert "/activities/activity/?" in said.text
    blocks = {b.id: b.text for b in own.text_of(place(year))[0].blocks}
    assert "{volunteering.events}" in blocks[said.block]
    agreed = next(line["number"] for line in answer.context["agreed"])
    again = su.post(
        asked[1].replace("&amp;", "&").replace(f"ask/{number.id}/", f"ask/{agreed.id}/")
    )
    assert "没有可问的" in html(again)


def test_readers_look_but_neither_accept_nor_ask_and_others_see_nothing(
    year: Cast, tmp_path: Path
) -> None:
    su, re_, chen = browser(year.su), browser(year.re), browser(year.chen)
    content = edited(file(su), tmp_path, ("开展", "扎实开展"))
    answer = send(re_, content)
    assert "扎实" in shown(answer)
    assert "接受文字" not in shown(answer)
    here = answer.redirect_chain[-1][0]
    accept = here.replace("/?", "/accept/p-5/?")
    assert re_.post(accept).status_code == 403
    assert chen.get(PAGE).status_code == 404
    # A kept file is its uploader's.
    assert "只保留一天" in html(su.get(here))
    assert send(chen, content).status_code == 404


def test_a_signed_report_comes_back_without_its_seal_being_taken_for_text(year: Cast) -> None:
    su = browser(year.su)
    made = compile.report(catalogue.get("county-annual"), year.association, place(year).period)
    mark = Mark("TZ1", ("第1版", "防篡改校验，不具有印章效力"))
    paper = replace(files.printed(compile.final(made)), mark=mark, seal="第1版")
    target = io.BytesIO()
    files.write(paper, "docx", target)
    assert "定稿" in "".join(block.text for block in paper.document.blocks)
    answer = send(su, target.getvalue())
    assert answer.context["changed"] == 0
    assert set(states(answer).values()) == {"agreed"}


def test_a_program_that_drops_the_map_leaves_the_words_to_compare(
    year: Cast, tmp_path: Path
) -> None:
    su = browser(year.su)
    source = tmp_path / "a.docx"
    source.write_bytes(file(su))
    bare = rewritten(
        source, tmp_path / "b.docx",
        lambda name, part: re.sub(rb"<Relationship [^>]*customXml[^>]*/>", b"", part)
        if name == "word/_rels/document.xml.rels" else part,
    )  # fmt: skip
    answer = send(su, bare.read_bytes())
    assert "文件里没有数字的来源" in shown(answer)
    assert set(states(answer).values()) <= {"agreed", "lost"}


def docx_of(text: str) -> bytes:
    target = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def refused(client: Client, content: bytes, name: str = "x.docx", where: str = PAGE) -> str:
    answer = send(client, content, name, where)
    assert answer.status_code == 422
    kept = readback._folder()
    assert not kept.exists() or list(kept.iterdir()) == []
    return html(answer)


def test_what_is_no_report_of_ours_gets_a_sentence_and_is_not_kept(
    year: Cast, tmp_path: Path
) -> None:
    su = browser(year.su)
    assert "不是本系统生成的这份报告" in refused(su, docx_of("今天天气很好。"))
    assert refused(su, b"no zip at all")
    assert refused(su, b"PK\x03\x04 broken")
    assert refused(su, b"")
    assert "报告.pdf" in refused(su, file(su), "报告.pdf")
    box = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    encrypted = box + "EncryptedPackage".encode("utf-16-le")
    assert "密码" in refused(su, encrypted + b"\0" * 600)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Type="http://x/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr("word/document.xml", b"\0" * 60_000_000)
    assert refused(su, bomb.getvalue())
    other = f"/reports/county-annual/readback/?{HERE.replace('2021', '2020')}"
    assert "是另一份报告" in refused(su, file(su), where=other)
    long = docx_of("长" * 400_001)
    assert "太长" in refused(su, long)
    assert su.post(PAGE).status_code == 422


def test_addresses_that_lead_nowhere(year: Cast) -> None:
    su = browser(year.su)
    token = "0" * 32
    for path in ("zz", token, f"{token}/accept/p-1", f"{token}/ask/f1"):
        method = su.post if "/" in path else su.get
        answer = method(f"/reports/county-annual/readback/{path}/?{HERE}")
        assert answer.status_code in (400, 404), path
    assert su.get(f"/reports/nothing/readback/?{HERE}").status_code == 404
    assert reverse("readback", args=("county-annual",)) in PAGE


def test_reading_back_takes_the_same_queries_for_every_file(
    year: Cast, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    su = browser(year.su)
    ours = file(su)
    content = edited(ours, tmp_path, ("开展", "扎实开展"), NO_CONTROL)
    first = send(su, ours).redirect_chain[-1][0]
    second = send(su, content).redirect_chain[-1][0]
    with django_assert_max_num_queries(100) as one:  # a few for each register that it counts
        su.get(first)
    with django_assert_max_num_queries(len(one) + 2):
        su.get(second)


def saved_by_libreoffice(content: bytes, folder: Path) -> bytes:
    source = folder / "ours.docx"
    source.write_bytes(content)
    out = folder / "out"
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", "docx", "--outdir", str(out), str(source),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (out / "ours.docx").read_bytes()


@pytest.mark.office
@needs("soffice")
def test_what_libreoffice_saved_is_read_back_number_by_number(year: Cast, tmp_path: Path) -> None:
    su = browser(year.su)
    events = verified_text(su, "volunteering.events")
    content = edited(file(su), tmp_path, (rf">{events}<", ">8场次<"), ("开展", "扎实开展"))
    answer = send(su, saved_by_libreoffice(content, tmp_path))
    assert printed(answer, "volunteering.events").state == "changed"
    assert printed(answer, "volunteering.events").text == "8场次"
    others = {
        code: state for code, state in states(answer).items() if code != "volunteering.events"
    }
    assert set(others.values()) <= {"agreed", "lost"}
    assert "扎实" in shown(answer)
    kinds = [line["block"].kind for s in answer.context["stretches"] for line in s["lines"]]
    assert "removed" not in kinds
    assert "added" not in kinds


@pytest.mark.office
@needs("soffice")
def test_what_libreoffice_only_opened_and_saved_has_not_changed(year: Cast, tmp_path: Path) -> None:
    su = browser(year.su)
    answer = send(su, saved_by_libreoffice(file(su), tmp_path))
    assert set(states(answer).values()) == {"agreed"}
    assert answer.context["changed"] == 0
