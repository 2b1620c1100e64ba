"""The demo as people meet it: every page answers, the tour leads somewhere, faults are named."""

from __future__ import annotations

import io
from collections import deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from taizhang.accounts.models import Membership, User
from taizhang.demo.faulty import build_faulty_workbook
from taizhang.ledger import catalogue
from taizhang.ledger.models import Entry
from taizhang.org.models import Unit
from taizhang.reports import tour
from tests.steps import body, links, troubles, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]
PAGES = {"manager": 150}
"""How many pages each role opens; the others see of the same pages what they may."""


@pytest.fixture(autouse=True)
def plain_statics(settings: Any) -> None:
    settings.DEMO = True


def enter(role: str) -> Client:
    client = Client()
    if role == "reader":
        user = User.objects.create(username="reader")
        Membership.objects.create(user=user, unit=Unit.objects.get(code="banner"), role="reader")
    elif role == "town":
        user = User.objects.create(username="town")
        Membership.objects.create(user=user, unit=Unit.objects.get(code="qinghe"), role="recorder")
    else:
        user = User.objects.get(demo_role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("role", ["reader", "recorder", "verifier", "manager", "town"])
def test_every_page_that_is_linked_answers(role: str) -> None:
    browser = enter(role)
    start = [
        *("/", "/registers/", "/figures/?period=2021", "/settings/", "/reports/"),
        "/reports/county-annual/?period=2021",
        *(f"/{register.path}/" for register in catalogue.registers()),
    ]
    if role in ("recorder", "verifier", "manager"):
        start += [f"/tour/{number}/" for number in range(1, len(tour.STEPS) + 1)]
    waiting, seen = deque(start), set(start)
    shapes: dict[str, int] = {}
    found_on: dict[str, str] = {}
    answered = 0
    while waiting and answered < PAGES.get(role, 70):
        address = waiting.popleft()
        response = browser.get(address, follow=True)
        answered += 1
        assert response.status_code == 200, (role, address, found_on.get(address))
        if response.streaming:
            assert body(response)
            continue
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for link in links(response.content.decode()):
            target = urljoin(response.request["PATH_INFO"], link).split("#")[0]
            parts = urlsplit(target)
            if (
                parts.netloc
                or parts.path.startswith("/static/")
                or target in seen
                or not parts.path
            ):
                continue
            if parts.path.startswith("/tour/") and role in ("reader", "town"):
                continue  # the tour is made for the three accounts of the demo
            # A few of each kind of page, not every page of each kind.
            shape = "/".join("n" if step.isdigit() else step for step in parts.path.split("/"))
            shapes[shape] = shapes.get(shape, 0) + 1
            if shapes[shape] <= 3:
                seen.add(target)
                found_on[target] = address
                waiting.append(target)
    assert answered > 60


def test_the_faulty_workbook_names_each_fault_and_nothing_is_written() -> None:
    target = io.BytesIO()
    build_faulty_workbook(target)
    register = catalogue.get("activities.activity")
    browser = enter("recorder")
    before = (Entry.objects.count(), register.model._default_manager.count())
    plan = upload(browser, register, target.getvalue(), "faulty-activities.xlsx")
    assert plan.status_code == 200
    assert plan.context["counts"] == {"new": 3, "changed": 1, "same": 1, "invalid": 9}
    codes = {number: [code for _cell, code in found] for number, found in troubles(plan).items()}
    assert [codes[number] for number in sorted(codes)] == [
        ["import.no-such-day"],
        ["import.vague-number"],
        ["import.no-such-row"],
        ["import.not-a-choice"],
        ["import.required"],
        ["write.broken-rule"],
        ["document.formula-without-value"],
        ["import.too-long"],
        ["import.row-twice"],
    ]
    page = plan.content.decode()
    assert "3356余" in page
    assert "2021-02-30" in page
    refused = browser.post(plan.redirect_chain[-1][0], {"digest": plan.context["kept"].digest})
    assert refused.status_code == 422
    assert (Entry.objects.count(), register.model._default_manager.count()) == before


def test_the_demo_says_that_it_is_one_and_its_passwords_open_nothing() -> None:
    client = Client()
    page = client.get("/sign-in/").content.decode()
    assert "演示" in page
    for user in User.objects.exclude(demo_role=""):
        assert not user.has_usable_password()
        assert f'value="{user.username}"' in page
    browser = enter("manager")
    for address in ("/", "/reports/county-annual/?period=2021"):
        assert "演示" in browser.get(address).content.decode()


def test_the_tour_leads_from_the_number_to_its_record() -> None:
    browser = enter("recorder")
    report = browser.get("/tour/1/", follow=True)
    assert "24场次" in report.content.decode()
    record = browser.get("/tour/2/", follow=True)
    assert record.context["record"].state == "verified"
    assert record.context["record"].themes.filter(code="rural").exists()
    edit = browser.get("/tour/3/", follow=True)
    assert edit.context["correcting"]
    returning = browser.get("/tour/4/", follow=True)
    assert returning.context["summary"]["count"] > 0
    assert browser.get("/tour/5/", follow=True).request["PATH_INFO"].endswith("/import/")
    assert browser.get("/tour/6/").status_code == 404
    browser.post("/tour/stop/")
    assert "tour" not in browser.session


def test_no_state_of_the_demo_was_set_by_a_loader() -> None:
    """Every record that is verified has the entries of two people who brought it there."""
    for register in catalogue.registers():
        rows = register.model._default_manager.filter(state="verified")
        if register.name == "org.unit":
            rows = rows.exclude(code="banner")
        verified = set(rows.values_list("pk", flat=True))
        told = Entry.objects.filter(register=register.name, record_id__in=verified)
        authors = dict(told.filter(verb="add").values_list("record_id", "actor_id"))
        judges = dict(told.filter(verb="verify").values_list("record_id", "actor_id"))
        assert set(authors) == set(judges) == verified, register.name
        assert all(authors[key] != judges[key] for key in verified), register.name
