"""The annual report of the demo year: written three ways, and every number in it found again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from taizhang.accounts.models import Membership, User
from taizhang.documents.docx_facts import find_facts
from taizhang.documents.docx_reader import read_docx
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.org.models import Unit
from taizhang.outlines import catalogue, compile, files
from tests.steps import body, links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]
PAGE = "/reports/county-annual/?unit=banner&period=2021"


def report(unit: str = "banner", period: str = "2021") -> compile.Report:
    outline = catalogue.get(catalogue.ANNUAL)
    return compile.report(outline, Unit.objects.get(code=unit), Period.parse(period))


def written(kind: str, made: compile.Report | None = None) -> bytes:
    target = io.BytesIO()
    files.write(files.printed(made or report()), kind, target)
    return target.getvalue()


def reader(unit: str = "banner") -> Client:
    user = User.objects.create(username=f"reader-{unit}")
    Membership.objects.create(user=user, unit=Unit.objects.get(code=unit), role="reader")
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_every_number_of_the_word_file_is_found_again_by_its_tag(tmp_path: Path) -> None:
    made = report()
    path = tmp_path / "年报.docx"
    files.write(files.printed(made), "docx", path)
    found = find_facts(read_docx(path), None)
    figures = made.compiled.document.figures()
    assert len(figures) >= 26
    assert {one.how for one in found.values()} == {"tag"}
    assert {run.id: run.text for run in figures} == {key: one.text for key, one in found.items()}
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        kept = "".join(
            package.read(name).decode()
            for name in package.namelist()
            if name.startswith("customXml/")
        )
    for run in figures:
        assert run.code in kept
    assert made.facts["volunteering.events"].definition.hash in kept


def test_the_same_rows_give_the_same_bytes_and_another_year_others() -> None:
    assert written("docx") == written("docx")
    assert written("html") == written("html")
    assert written("docx") != written("docx", report(period="2020"))


def test_the_pdf_is_one_and_the_kind_of_file_must_be_known() -> None:
    content = written("pdf")
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(content) > 20_000
    with pytest.raises(Refused) as caught:
        written("odt")
    assert caught.value.findings[0].code == "report.unknown-kind"


class _Strict(HTMLParser):
    """Tags that open and close in order, ids that stand once, addresses that stay in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)
        if "id" in given:
            self.ids.append(str(given["id"]))
        for name in ("src", "href"):
            address = given.get(name)
            if address and address.startswith("#"):
                self.targets.append(address[1:])
            elif address:
                self.outside.append(address)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_without_a_server_is_whole_and_fetches_nothing() -> None:
    made = report()
    page = written("html", made).decode()
    parser = _Strict()
    parser.feed(page)
    assert parser.open == []
    assert parser.outside == []
    assert len(parser.ids) == len(set(parser.ids))
    assert set(parser.targets) <= set(parser.ids)
    assert "url(" not in page
    assert "@import" not in page
    data = json.loads(page.split('id="facts">')[1].split("</script>")[0])
    assert {run.id for run in made.compiled.document.figures()} == set(data)
    assert data[made.compiled.document.figures()[0].id]["unit_code"] == "banner"
    for run in made.compiled.document.figures():
        assert f'href="#n-{run.id}"' in page
        assert f'id="n-{run.id}"' in page


def test_the_page_shows_every_number_as_a_link_that_opens() -> None:
    browser = reader()
    response = browser.get(PAGE)
    page = response.content.decode()
    figures = response.context["report"].compiled.document.figures()
    for run in figures:
        link = re.search(
            rf'<a class="fig[^"]*" id="{run.id}" href="([^"]+)"[^>]*>([^<]*)</a>', page
        )
        assert link, run.code
        assert link[2] == run.text
        opened = browser.get(link[1].replace("&amp;", "&"))
        assert opened.status_code == 200
        fact = opened.context["fact"]
        assert (fact.code, fact.rows, fact.text) == (run.code, run.rows, run.value)
        if fact.address:
            assert browser.get(fact.address).status_code == 200
            # Beyond ten thousand a list counts on request: its totals are exact.
            path, _mark, query = fact.address.partition("?")
            totals = browser.get(f"{path}totals/?{query}").context["summary"]
            assert totals["count"] == run.rows
    assert [f["text"] for f in response.context["findings"]]
    assert len(response.context["findings"]) == len(response.context["report"].compiled.findings)


def test_files_come_from_the_page_and_carry_the_chosen_unit_and_period() -> None:
    browser = reader()
    page = browser.get(PAGE).content.decode()
    files = [link for link in links(page) if link.startswith("/reports/county-annual.")]
    assert len(files) == 3
    for link in files:
        response = browser.get(link)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        assert body(response)
    assert browser.get("/reports/county-annual.odt?unit=banner&period=2021").status_code == 404


def test_unit_and_period_are_switched_and_nothing_outside_opens() -> None:
    browser = reader()
    whole = browser.get(PAGE).context["report"].facts["volunteering.events"].value
    parts = [
        browser.get(f"/reports/county-annual/?unit={unit}&period=2021").context["report"].facts
        for unit in ("qinghe", "wanghe")
    ]
    assert whole == 24
    assert all(part["volunteering.events"].value < 24 for part in parts)
    earlier = browser.get("/reports/county-annual/?unit=banner&period=2020").context["report"]
    assert earlier.facts["volunteering.events"].value not in (None, 24)
    assert "2020年" in earlier.title
    town = reader("qinghe")
    assert town.get(PAGE).status_code == 404
    assert town.get("/reports/county-annual.pdf?unit=wanghe&period=2021").status_code == 404
    assert town.get("/reports/county-annual/?unit=qinghe&period=2021").status_code == 200
    assert browser.get("/reports/county-anual/?period=2021").status_code == 404
    assert "county-annual" in browser.get("/reports/county-anual/?period=2021").content.decode()
    assert browser.get("/reports/county-annual/?period=2021-13").status_code == 400


def test_the_report_asks_a_fixed_number_of_questions(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(130):
        report()


def test_what_people_typed_is_escaped_in_every_file(tmp_path: Path) -> None:
    unit = Unit.objects.get(code="banner")
    unit.name = "甲<script>alert(1)</script>&乙"
    outline = catalogue.get(catalogue.ANNUAL)
    made = compile.report(outline, unit, Period.parse("2021"))
    page = written("html", made).decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    path = tmp_path / "a.docx"
    files.write(files.printed(made), "docx", path)
    assert any("甲<script>" in paragraph.text for paragraph in read_docx(path).paragraphs)
    assert written("pdf", made).startswith(b"%PDF-")
