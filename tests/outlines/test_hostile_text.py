"""Whatever somebody writes into an outline is text: on pages, in Word, in PDF, in files."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from taizhang.engines.periods import Period
from taizhang.outlines import catalogue, compile, files, own
from taizhang.outlines.own import Place
from tests.conftest import Cast

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(2)> &amp; "引" #import "x": * $x$ '
    '#read("/etc/passwd") \\ `c` *b* _i_ <tag> @ref {{{{ }}}} ]]> <w:t>'
)
SHOWN = HOSTILE.replace("{{", "{").replace("}}", "}")


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def place(cast: Cast) -> Place:
    """A report in which title, heading, paragraph and signature are hostile, and a comment too."""
    found = Place("county-annual", cast.association, Period.parse("2021"))
    text, _kept = own.text_of(found)
    for kind in ("title", "heading", "body", "signature"):
        block = next(one for one in text.blocks if one.kind == kind)
        own.write(found, block.id, HOSTILE, 0, cast.su)
    return found


def made(place: Place) -> compile.Report:
    return compile.report(
        catalogue.find(place.code, place.unit, place.period), place.unit, place.period
    )


def test_no_page_takes_it_for_markup(place: Place, cast: Cast) -> None:
    su = browser(cast.su)
    su.post(f"/reports/county-annual/edit/blocks/b4/comment/say/?{place.query}", {"text": HOSTILE})
    for path in (
        "",
        "edit/",
        "edit/blocks/b4/",
        "edit/blocks/b4/add/",
        "edit/versions/",
        "edit/changes/",
    ):
        for more in ("", "&from=1&to=5&since=1"):
            response = su.get(f"/reports/county-annual/{path}?{place.query}{more}")
            assert response.status_code == 200
            page = response.content.decode()
            for tag in ("<script>alert", "<img src=x", "<tag>", "<w:t>"):
                assert tag not in page, path
    assert (
        "&lt;script&gt;alert(1)"
        in su.get(f"/reports/county-annual/?{place.query}").content.decode()
    )


def test_the_page_without_a_server_shows_it_as_it_stands(place: Place) -> None:
    target = io.BytesIO()
    files.write(files.printed(made(place)), "html", target)
    page = target.getvalue().decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_word_holds_it_as_text(place: Place, tmp_path: Path) -> None:
    from taizhang.documents.docx_reader import read_docx

    path = tmp_path / "a.docx"
    files.write(files.printed(made(place)), "docx", path)
    with zipfile.ZipFile(path) as package:
        assert "<script>" not in package.read("word/document.xml").decode()
    read = [paragraph.text for paragraph in read_docx(path).paragraphs]
    assert sum(SHOWN in text for text in read) == 4


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_pdf_prints_it_as_it_stands(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    files.write(files.printed(made(place)), "pdf", path)
    text = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    flat = "".join(text.split())
    assert flat.count("".join(SHOWN.split())) == 4


def test_the_file_brings_it_back_as_it_was(place: Place, cast: Cast) -> None:
    before, _kept = own.text_of(place)
    file = own.written(place)
    own.restore(place, 1, cast.su)
    own.take_in(place, file.encode(), "a.toml", cast.su)
    after, _kept = own.text_of(place)
    assert [(b.id, b.text) for b in after.blocks] == [(b.id, b.text) for b in before.blocks]
