"""What every register gives, asked of every register; a new one is tested the day it is declared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.ledger import catalogue, write
from taizhang.ledger.models import Entry, Record, State
from taizhang.ledger.register import Register
from tests import factories
from tests.conftest import Cast
from tests.factories import act, make
from tests.steps import (
    body,
    csv_rows,
    entries,
    form_data,
    form_of,
    json_rows,
    questions,
    upload,
    without_tokens,
    xlsx_rows,
)

REGISTERS = [register.name for register in catalogue.registers()]
PERSONAL = [register.name for register in catalogue.registers() if register.personal]
CHILDREN = [register.name for register in catalogue.registers() if register.parent]
each_register = pytest.mark.parametrize("name", REGISTERS)
ROLES = ("reader", "recorder", "verifier", "manager")


def as_role(name: str, role: str, cast: Cast) -> Any:
    return cast.by_role()[role]


def may(register: Register, role: str, least: str, *, writing: bool = False) -> bool:
    least = "manager" if writing and register.manager_only else least
    return ROLES.index(role) >= ROLES.index(least)


def clerk(register: Register, cast: Cast) -> Any:
    """Who records in this register."""
    return cast.lin if register.manager_only else cast.su


def in_state(name: str, number: int, state: str, cast: Cast, wen: Any) -> Any:
    """A record that Wen wrote and others brought to this state."""
    record = make(name, number, cast.east, wen)
    steps = {
        "draft": (),
        "submitted": (("submit", wen),),
        "verified": (("submit", wen), ("verify", cast.zhi)),
        "returned": (("submit", wen), ("return", cast.zhi)),
        "void": (("void", wen),),
    }[state]
    for action, actor in steps:
        assert act(record, action, actor, reason="演示").done == 1
    assert record.state == state
    return record


def plain_field(register: Register) -> str:
    """A field whose change touches nothing else."""
    free = [n for n in register.editable if n not in (*register.key, *register.personal, "code")]
    kinds = ({"integer", "decimal", "text"}, {"choice"})
    return next(n for kind in kinds for n in free if register.fields[n].kind in kind)


def another(register: Register, record: Record, name: str) -> str:
    """Another value for that field, as a person types it."""
    old = register.fields[name].value(record)
    if register.fields[name].kind == "choice":
        return next(code for code, _label in register.fields[name].options() if code != old)
    if register.fields[name].kind == "text":
        return f"{old}（更正）"
    return str((old or 0) + 1)


def test_every_register_has_values_for_tests() -> None:
    assert [name for name in REGISTERS if factories.factory(name) is None] == []


@each_register
def test_each_role_gets_what_it_may_and_a_refusal_for_the_rest(
    name: str, cast: Cast, wen: Any, client: Any
) -> None:
    register = catalogue.get(name)
    number = 0
    for role in ROLES:
        client.force_login(
            as_role(name, role, cast), backend="django.contrib.auth.backends.ModelBackend"
        )
        base = f"/{register.path}/"
        draft = in_state(name, number := number + 1, "draft", cast, wen)
        page = f"{base}{draft.pk}/"
        reading = [base, page, f"{base}lookup/", f"{base}lookup/?q=1"]
        reading += [f"/{register.path}.{kind}" for kind in ("xlsx", "csv", "json")]
        for address in reading:
            response = client.get(address)
            assert response.status_code == 200, (role, address)
            assert body(response)
        writes = may(register, role, "recorder", writing=True)
        for address in (f"{base}add/", f"{page}edit/", f"{base}import/"):
            assert client.get(address).status_code == (200 if writes else 403), (role, address)
            if not writes:
                assert client.post(address, {}).status_code == 403, (role, address)
        moves = {
            "submit": ("draft", writes),
            "verify": ("submitted", may(register, role, "verifier")),
            "return": ("submitted", may(register, role, "verifier")),
            "void": ("draft", writes),
            "restore": ("void", writes),
        }
        for verb, (before, allowed) in moves.items():
            record = in_state(name, number := number + 1, before, cast, wen)
            response = client.post(f"{base}{record.pk}/{verb}/", {"reason": "演示"})
            assert response.status_code == (302 if allowed else 403), (role, verb)
            record.refresh_from_db()
            assert (record.state != before) is allowed, (role, verb)


@each_register
def test_what_lies_outside_ones_units_does_not_exist(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    record = in_state(name, 1, "submitted", cast, wen)
    key, version = register.key_text(record), record.version
    browser = sign_in(cast.chen)
    own = 1 if name == "org.unit" else 0
    base = f"/{register.path}/"
    assert browser.get(f"{base}{record.pk}/").status_code == 404
    assert browser.get(f"{base}{record.pk}/edit/").status_code == 404
    sent = form_of(register, record)
    assert browser.post(f"{base}{record.pk}/edit/", sent).status_code == 404
    for verb in ("submit", "verify", "return", "void", "restore"):
        answer = browser.post(f"{base}{record.pk}/{verb}/", {"reason": "x"})
        assert answer.status_code == 404
    bulk = {"action": "verify", "pick": [record.pk]}
    assert browser.post(f"{base}act/", bulk).status_code in (302, 400)
    listed = browser.get(base)
    assert listed.context["summary"]["count"] == own
    assert key not in listed.content.decode()
    assert json_rows(browser, register)["total"] == own
    assert len(csv_rows(body(browser.get(f"/{register.path}.csv")))[1]) == own
    found = browser.get(f"{base}lookup/").json()["rows"]
    assert key not in [row["key"] for row in found]
    record.refresh_from_db()
    assert (record.state, record.version) == ("submitted", version)


@each_register
def test_a_guest_is_sent_to_the_sign_in_page(name: str, cast: Cast, wen: Any, client: Any) -> None:
    register = catalogue.get(name)
    record = in_state(name, 1, "draft", cast, wen)
    base = f"/{register.path}/"
    for address in (
        *(base, f"{base}{record.pk}/", f"{base}add/", f"{base}{record.pk}/edit/"),
        *(f"{base}import/", f"{base}lookup/"),
        *(f"/{register.path}.{kind}" for kind in ("xlsx", "csv", "json")),
    ):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.url.startswith("/sign-in/?next="), address
    response = client.post(f"{base}{record.pk}/submit/")
    assert response.url.startswith("/sign-in/")
    record.refresh_from_db()
    assert record.state == "draft"


@each_register
def test_list_and_files_and_read_api_have_the_same_rows(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    for number, state in enumerate(("draft", "submitted", "verified", "returned", "void")):
        in_state(name, number, state, cast, wen)
    browser = sign_in(cast.re)
    for query, least in (("", 5), ("state=verified", 1), ("state!=void&state!=draft", 3)):
        total = browser.get(f"/{register.path}/?{query}").context["summary"]["count"]
        read = json_rows(browser, register, query)
        _head, from_csv = csv_rows(body(browser.get(f"/{register.path}.csv?{query}")))
        content = body(browser.get(f"/{register.path}.xlsx?{query}"))
        header, from_xlsx = xlsx_rows(content, tmp_path)
        assert total >= least
        assert total == read["total"] == len(read["rows"]) == len(from_csv) == len(from_xlsx)
        assert len(header) == len(register.editable) + 1


AWKWARD = (
    "=SUM(A1)",
    "-5℃以下",
    "'引号",
    "007",
    "甲、乙，丙;丁",
    "第一行\n第二行",
    "１２３",
    "a/b",
)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@each_register
def test_an_exported_file_imported_again_changes_nothing(
    name: str, language: str, kind: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    for number, state in enumerate(("draft", "verified", "void")):
        in_state(name, number, state, cast, wen)
    for number, shift in ((10, 0), (11, 3), (12, 5)):
        values = factories.values(register, number, cast.east, wen)
        loose = [
            n
            for n in register.editable
            if register.fields[n].kind == "text" and n not in (*register.key, "code", "phone")
        ]
        for position, field in enumerate(loose):
            limit = register.fields[field].source.max_length or 100
            values[field] = AWKWARD[(position + shift) % len(AWKWARD)][:limit]
        write.create(register, values, actor=wen)
    needed = {
        n: value
        for n, value in factories.values(register, 20, cast.east, wen).items()
        if register.fields[n].required
        or n in register.key
        or n in ("parent", "closed_on", "done_on")
    }
    write.create(register, needed | _with_rules(register), actor=wen)
    person = clerk(register, cast)
    person.language = language
    person.save()
    browser = sign_in(person)
    content = body(browser.get(f"/{register.path}.{kind}"))
    before = Entry.objects.count()
    planned = upload(browser, register, content, f"台账.{kind}")
    assert planned.status_code == 200, planned.content.decode()
    told = [
        (r.key, r.changes, r.troubles) for r in planned.context["plan"].rows if r.verdict != "same"
    ]
    assert told == []
    assert planned.context["counts"]["same"] == planned.context["plan"].rows.__len__() >= 7
    assert not planned.context["ready"]
    assert Entry.objects.count() == before


def _with_rules(register: Register) -> dict[str, Any]:
    """Defaults that the rules of the register allow."""
    if register.name == "governance.problem":
        return {"progress": "waiting"}
    return {"progress": "planned"} if register.name == "governance.measure" else {}


@each_register
def test_each_write_leaves_one_entry_that_says_what_changed(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    author, base = clerk(register, cast), f"/{register.path}/"
    values = factories.values(register, 1, cast.east, author)
    browser = sign_in(author)
    known = set(register.model._default_manager.values_list("pk", flat=True))
    written = Entry.objects.count()
    assert browser.post(f"{base}add/", form_data(register, values)).status_code == 302
    assert Entry.objects.count() == written + 1
    record = register.queryset().exclude(pk__in=known).get()
    (entry,) = entries(record)
    said = {n: c for n, c in entry.changes.items() if c is None or c[1] is not False}
    assert (entry.verb, entry.actor, entry.version) == ("add", author, 1)
    for field, value in values.items():
        raw = register.fields[field].raw(value)
        if field in register.personal:
            assert said[field] is None
        elif raw not in (None, "", [], False):
            assert said[field] == [None, raw]
    assert set(said) <= {*values, *register.editable}

    def one_more(verb: str, act: Any, **expected: Any) -> Entry:
        """Do it; exactly one entry more, and the version rises by one."""
        before, version = Entry.objects.count(), record.version
        response = act()
        assert response.status_code == 302, verb
        assert Entry.objects.count() == before + 1, verb
        record.refresh_from_db()
        entry = entries(record)[-1]
        assert record.version == entry.version == version + 1
        assert entry.verb == verb
        return entry

    field = plain_field(register)
    stored = register.queryset().get(pk=record.pk)
    sent = form_of(register, stored) | {field: another(register, stored, field)}
    old = register.fields[field].raw(register.fields[field].value(stored))
    entry = one_more("change", lambda: browser.post(f"{base}{record.pk}/edit/", sent))
    now = register.queryset().get(pk=record.pk)
    new = register.fields[field].raw(register.fields[field].value(now))
    assert entry.changes == {field: [old, new]}
    assert old != new

    same = form_of(register, now)
    before = Entry.objects.count()
    assert browser.post(f"{base}{record.pk}/edit/", same).status_code == 302
    assert Entry.objects.count() == before, "saving without a change is no write"

    entry = one_more("submit", lambda: browser.post(f"{base}{record.pk}/submit/"))
    assert entry.changes == {"state": ["draft", "submitted"]}
    browser = sign_in(cast.zhi)
    entry = one_more(
        "return", lambda: browser.post(f"{base}{record.pk}/return/", {"reason": "缺签到表"})
    )
    assert (entry.changes, entry.reason) == ({"state": ["submitted", "returned"]}, "缺签到表")
    browser = sign_in(author)
    one_more("submit", lambda: browser.post(f"{base}{record.pk}/submit/"))
    browser = sign_in(cast.zhi)
    entry = one_more("verify", lambda: browser.post(f"{base}{record.pk}/verify/"))
    assert entry.changes == {"state": ["submitted", "verified"]}
    assert record.verified_by == cast.zhi

    browser = sign_in(author)
    stored = register.queryset().get(pk=record.pk)
    sent = form_of(register, stored) | {field: another(register, stored, field)}
    before = Entry.objects.count()
    assert browser.post(f"{base}{record.pk}/edit/", sent).status_code == 422
    assert Entry.objects.count() == before, "a correction without a reason"
    sent["reason"] = "核对签到表"
    entry = one_more("correct", lambda: browser.post(f"{base}{record.pk}/edit/", sent))
    assert (list(entry.changes), entry.reason) == ([field], "核对签到表")
    assert (record.state, record.verified_by) == (State.SUBMITTED, None)
    browser = sign_in(cast.lin if author != cast.lin else wen)
    entry = one_more("void", lambda: browser.post(f"{base}{record.pk}/void/", {"reason": "重复"}))
    assert entry.changes == {"state": ["submitted", "void"]}
    entry = one_more("restore", lambda: browser.post(f"{base}{record.pk}/restore/"))
    assert entry.changes == {"state": ["void", "draft"]}


@each_register
def test_pages_and_files_ask_no_more_questions_when_there_are_more_rows(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    first = make(name, 1, cast.east, wen)
    for number in range(2, 4):
        make(name, number, cast.east, wen)
    browser = sign_in(cast.lin)
    addresses = [
        *(f"/{register.path}/", f"/{register.path}/{first.pk}/", f"/{register.path}/lookup/"),
        *(f"/{register.path}.{kind}" for kind in ("xlsx", "csv", "json")),
    ]
    few = _questions(browser, addresses)
    for number in range(4, 13):
        make(name, number, cast.east, wen)
    assert _questions(browser, addresses) == few


def test_the_workbench_and_the_registers_ask_no_more_questions_when_there_are_more_rows(
    cast: Cast, wen: Any, sign_in: Any
) -> None:
    def add(*numbers: int) -> None:
        for name in REGISTERS:
            for number in numbers:
                make(name, number, cast.east, wen)

    browser = sign_in(cast.lin)
    add(1, 2)
    few = _questions(browser, ["/", "/registers/"])
    add(3, 4, 5)
    assert _questions(browser, ["/", "/registers/"]) == few


@pytest.mark.parametrize("name", CHILDREN)
def test_a_page_with_twelve_child_rows_asks_as_little_as_one_with_three(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    above = catalogue.parent_of(register)
    assert above is not None
    browser = sign_in(cast.lin)
    parent = _parent_of(register, 1, cast, wen)
    address = [f"/{above.path}/{parent.pk}/"]
    for number in range(1, 4):
        _child_of(register, parent, number, cast, wen)
    few = _questions(browser, address)
    for number in range(4, 13):
        _child_of(register, parent, number, cast, wen)
    assert _questions(browser, address) == few


def _questions(browser: Any, addresses: list[str]) -> dict[str, int]:
    for address in addresses:
        body(browser.get(address))  # once for whatever is kept for the process
    return {address: questions(browser, address) for address in addresses}


def _parent_of(register: Register, number: int, cast: Cast, wen: Any) -> Any:
    return factories.values(register, number, cast.east, wen)[register.parent]


def _child_of(register: Register, parent: Any, number: int, cast: Cast, wen: Any) -> Any:
    values = factories.values(register, number, cast.east, wen)
    return write.create(register, values | {register.parent: parent}, actor=wen)


@each_register
def test_the_fragment_is_the_table_of_the_page(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    for number in range(3):
        make(name, number, cast.east, wen)
    browser = sign_in(cast.lin)
    for query in ("", "?state=draft", "?q=1", "?state=void"):
        page = browser.get(f"/{register.path}/{query}").content.decode()
        fragment = browser.get(
            f"/{register.path}/{query}", headers={"HX-Request": "true"}
        ).content.decode()
        assert "<html" not in fragment
        assert len(fragment) > 200
        assert without_tokens(fragment).strip() in without_tokens(page)


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_values_are_masked_for_readers_and_absent_from_files_and_history(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    record = make(name, 7, cast.east, wen)
    secrets = {
        str(register.fields[field].show(register.fields[field].value(record)))
        for field in register.personal
    }
    assert all(len(secret) > 2 for secret in secrets)
    base = f"/{register.path}/"

    def told(page: str) -> set[str]:
        return {secret for secret in secrets if secret in page}

    reader = sign_in(cast.re)
    for address in (base, f"{base}{record.pk}/", f"{base}lookup/", f"/{register.path}.json"):
        assert told(body(reader.get(address)).decode()) == set(), address
    for field in register.personal:
        refused = reader.get(f"{base}?{field}=x")
        assert refused.status_code == 403, field
    assert reader.get(base, {"q": next(iter(secrets))}).context["summary"]["count"] == 0
    recorder = sign_in(cast.su)
    assert told(recorder.get(f"{base}{record.pk}/").content.decode()) == secrets
    for kind in ("json", "csv"):
        assert told(body(recorder.get(f"/{register.path}.{kind}")).decode("utf-8-sig")) == set()
    _head, rows = xlsx_rows(body(recorder.get(f"/{register.path}.xlsx")), tmp_path)
    assert told(str(rows)) == set()
    fresh = register.queryset().get(pk=record.pk)
    changes = {f: "化名" for f in register.personal if register.fields[f].kind == "text"}
    if changes:
        write.change(register, fresh, changes, actor=wen)
        assert entries(record)[-1].changes == dict.fromkeys(changes)
    history = json.dumps(
        [[e.changes, e.label, e.reason] for e in entries(record)], ensure_ascii=False
    )
    assert told(history) == set()
    assert "化名" not in history


@pytest.mark.parametrize("name", CHILDREN)
def test_every_write_to_a_child_row_raises_the_version_of_its_parent(
    name: str, cast: Cast, wen: Any
) -> None:
    register = catalogue.get(name)
    above = catalogue.parent_of(register)
    assert above is not None
    parent = _parent_of(register, 1, cast, wen)
    version = above.model._default_manager.get(pk=parent.pk).version

    def raised() -> bool:
        nonlocal version
        now = above.model._default_manager.get(pk=parent.pk).version
        risen, version = now == version + 1, now
        return risen

    child = _child_of(register, parent, 1, cast, wen)
    assert raised()
    field = plain_field(register)
    value = another(register, child, field)
    parsed = register.fields[field].parse(value, lambda *_: None)
    child = write.change(register, child, {field: parsed}, actor=wen)
    assert raised()
    for action, actor in (
        *(("submit", wen), ("return", cast.zhi), ("submit", wen), ("verify", cast.zhi)),
        *(("void", cast.lin), ("restore", cast.lin)),
    ):
        assert act(child, action, actor, reason="演示").done == 1, action
        assert raised(), action


@pytest.mark.fast
def test_the_fast_set_meets_one_register_whole(cast: Cast, wen: Any, sign_in: Any) -> None:
    register = catalogue.get("activities.activity")
    in_state(register.name, 1, "verified", cast, wen)
    browser = sign_in(cast.su)
    planned = upload(browser, register, body(browser.get(f"/{register.path}.xlsx")))
    assert planned.context["counts"] == {"new": 0, "changed": 0, "same": 1, "invalid": 0}
