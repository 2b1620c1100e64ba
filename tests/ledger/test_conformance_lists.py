"""What the list of every register gives: presses for many records, columns, paper, saved views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taizhang.desk import bulk, columns
from taizhang.ledger import access, catalogue
from taizhang.ledger.models import Batch, Entry, State
from taizhang.ledger.register import Register
from tests.conftest import Cast
from tests.factories import act, make
from tests.steps import body, entries, questions, texts, xlsx_rows

REGISTERS = [register.name for register in catalogue.registers()]
TAGGED = [r.name for r in catalogue.registers() if bulk.word_fields(r)]
SETTABLE = [r.name for r in catalogue.registers() if bulk.settable_fields(r)]
PERSONAL = [r.name for r in catalogue.registers() if r.personal]
each_register = pytest.mark.parametrize("name", REGISTERS)


def several(name: str, cast: Cast, wen: Any, state: str = "draft", count: int = 3) -> list[Any]:
    """Records that Wen wrote and others brought to this state."""
    steps: dict[str, Any] = {
        "draft": (),
        "submitted": (("submit", wen),),
        "verified": (("submit", wen), ("verify", cast.zhi)),
        "void": (("void", cast.lin),),
    }
    found = []
    for number in range(1, count + 1):
        record = make(name, number, cast.east, wen)
        for action, actor in steps[state]:
            assert act(record, action, actor, "演示").done == 1
        found.append(record)
    return found


def press(browser: Any, register: Register, records: list[Any], **sent: Any) -> Any:
    """Tick these records in the list and press a button."""
    picked = {"pick": [record.pk for record in records], "query": ""}
    return browser.post(f"/{register.path}/act/", picked | sent, follow=True)


def states_of(register: Register, records: list[Any]) -> set[str]:
    rows = register.model._default_manager.filter(pk__in=[record.pk for record in records])
    return set(rows.values_list("state", flat=True))


def undo_of(page: Any) -> str:
    """The address of the way back that the message offers."""
    told = [str(message.extra_tags) for message in page.context["messages"]]
    return next(tag.removeprefix("undo:") for tag in told if tag.startswith("undo:"))


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("submit", "draft", "submitted"),
        ("verify", "submitted", "verified"),
        ("return", "submitted", "returned"),
        ("return", "verified", "returned"),
        ("void", "verified", "void"),
        ("restore", "void", "draft"),
    ],
)
@each_register
def test_one_press_moves_many_leaves_an_entry_each_and_is_undone_as_one(
    name: str, action: str, before: str, after: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    records = several(name, cast, wen, before)
    versions = {record.pk: record.version for record in records}
    browser = sign_in(cast.lin)
    page = press(browser, register, records, action=action, reason="演示")
    assert page.status_code == 200
    assert states_of(register, records) == {after}
    batch = Batch.objects.latest("pk")
    assert (batch.changed, batch.actor) == (3, cast.lin)
    for record in records:
        (entry,) = Entry.objects.filter(batch=batch, register=name, record_id=record.pk)
        assert (entry.verb, entry.changes) == (action, {"state": [before, after]})
        assert entry.version == versions[record.pk] + 1
    assert browser.post(undo_of(page)).status_code == 302
    assert states_of(register, records) == {before}
    assert Batch.objects.filter(undoes=batch).count() == 1


@each_register
def test_all_that_match_is_all_that_match_and_no_more(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    drafts = several(name, cast, wen, "draft")
    others = [make(name, 9, cast.east, wen)]
    assert act(others[0], "submit", wen).done == 1
    browser = sign_in(cast.lin)
    asked = {"query": "state=draft", "every": "1", "action": "submit"}
    total = browser.get(f"/{register.path}/?state=draft").context["summary"].count
    wrong = browser.post(f"/{register.path}/act/", asked | {"count": total + 1})
    assert wrong.status_code in (302, 400)
    assert states_of(register, drafts) == {"draft"}, "the list had changed meanwhile"
    right = browser.post(f"/{register.path}/act/", asked | {"count": total}, follow=True)
    assert right.status_code == 200
    assert states_of(register, drafts) == {"submitted"}
    others[0].refresh_from_db()
    assert others[0].version == 2


@each_register
def test_those_that_cannot_move_are_told_one_by_one_and_left(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    waiting = several(name, cast, wen, "submitted", 2)
    draft = make(name, 8, cast.east, wen)
    own = make(name, 9, cast.east, cast.lin)
    assert act(own, "submit", cast.lin).done == 1
    browser = sign_in(cast.lin)
    press(browser, register, [*waiting, draft, own], action="verify")
    assert states_of(register, waiting) == {"verified"}
    assert states_of(register, [draft]) == {"draft"}
    assert states_of(register, [own]) == {"submitted"}
    listed = browser.get(f"/{register.path}/act/refused/")
    rows = {row.pk: row for row in _fresh(register, [draft, own])}
    assert {(number, label) for number, label, _why in listed.context["lines"]} == {
        (key, register.history_label(row)) for key, row in rows.items()
    }
    table = body(browser.get(f"/{register.path}/act/refused.csv")).decode("utf-8-sig")
    assert len(table.splitlines()) == 3


@each_register
def test_a_press_for_many_reaches_nothing_outside_ones_units(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    records = several(name, cast, wen, "submitted", 2)
    browser = sign_in(cast.chen)
    for sent in ({"action": "verify"}, {"action": "change"}, *_changes(register)):
        answer = browser.post(f"/{register.path}/act/", {"pick": [r.pk for r in records], **sent})
        assert answer.status_code in (302, 400, 422), sent
        key = register.key_text(register.queryset().get(pk=records[0].pk))
        assert key not in answer.content.decode()
    assert states_of(register, records) == {"submitted"}
    assert all(len(entries(record)) == 2 for record in records)


def _changes(register: Register) -> list[dict[str, Any]]:
    found = []
    for known in bulk.word_fields(register):
        found.append({"do": f"add:{known.name}", known.name: [known.options()[0][0]]})
    return found


@each_register
def test_readers_change_nothing_in_bulk(name: str, cast: Cast, wen: Any, sign_in: Any) -> None:
    register = catalogue.get(name)
    records = several(name, cast, wen, "submitted", 2)
    browser = sign_in(cast.re)
    assert browser.get(f"/{register.path}/").context["actions"] == []
    for sent in ({"action": "verify"}, {"action": "change"}, *_changes(register)):
        answer = browser.post(f"/{register.path}/act/", {"pick": [r.pk for r in records], **sent})
        assert answer.status_code == 403, sent
    assert states_of(register, records) == {"submitted"}


@pytest.mark.parametrize("name", TAGGED)
def test_words_are_added_and_taken_away_for_many_and_undone_as_one(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    records = several(name, cast, wen)
    browser = sign_in(cast.lin)
    form = press(browser, register, records, action="change")
    assert form.status_code == 200
    for known in bulk.word_fields(register):
        has = {code for record in records for code in known.raw(known.value(record))}
        fresh = next(code for code, _label in known.options() if code not in has)
        page = press(browser, register, records, do=f"add:{known.name}", **{known.name: [fresh]})
        assert all(fresh in words_of(known, r) and has <= words_of(known, r) for r in records)
        batch = Batch.objects.latest("pk")
        assert Entry.objects.filter(batch=batch).count() == len(records) == batch.changed
        again = press(browser, register, records, do=f"add:{known.name}", **{known.name: [fresh]})
        assert Batch.objects.latest("pk") == batch, "nothing was to do"
        assert again.status_code == 200
        browser.post(undo_of(page), follow=True)
        assert all(words_of(known, r) == has for r in records)
        if has:
            gone = sorted(has)[0]
            sent = {known.name: [gone]}
            press(browser, register, records, do=f"remove:{known.name}", **sent)
            assert all(words_of(known, r) == has - {gone} for r in records)


def words_of(known: Any, record: Any) -> set[str]:
    fresh = known.register.queryset().get(pk=record.pk)
    return set(known.raw(known.value(fresh)))


@pytest.mark.parametrize("name", SETTABLE)
def test_one_value_for_many_is_written_to_each_and_undone_as_one(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    records = several(name, cast, wen)
    browser = sign_in(cast.lin)
    for known in bulk.settable_fields(register):
        old = {r.pk: known.raw(known.value(r)) for r in _fresh(register, records)}
        value = _other_value(known, set(old.values()), cast)
        page = press(browser, register, records, do=f"set:{known.name}", **{known.name: value})
        rows = _fresh(register, records)
        new = {known.cell(known.value(row)) for row in rows if _changed(known, row, old)}
        said = " ".join(texts(page.content.decode()))
        if not new:  # a rule of the register forbids it, and says so
            assert browser.session["bulk_refused"]["register"] == name, (known.name, said)
            continue
        assert len(new) == 1
        batch = Batch.objects.latest("pk")
        assert Entry.objects.filter(batch=batch, register=name).count() == batch.changed
        browser.post(undo_of(page), follow=True)
        assert {r.pk: known.raw(known.value(r)) for r in _fresh(register, records)} == old


def _fresh(register: Register, records: list[Any]) -> list[Any]:
    return list(register.queryset().filter(pk__in=[record.pk for record in records]))


def _changed(known: Any, row: Any, old: dict[int, Any]) -> bool:
    return bool(known.raw(known.value(row)) != old[row.pk])


def _other_value(known: Any, has: set[Any], cast: Cast) -> str:
    if known.kind == "reference":
        target = known.target()
        if target.name == "org.unit":
            return str(cast.west.code)
        return str(target.key_text(make(target.name, 77, cast.east, cast.lin)))
    taken = {"1" if one is True else "0" if one is False else one for one in has}
    return str(next(code for code, _label in known.options() if code not in taken))


@each_register
def test_verified_records_are_tagged_only_with_a_reason(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    free = [k for k in bulk.settable_fields(register) if k.kind in {"choice", "boolean"}]
    fields = [(f"add:{k.name}", k) for k in bulk.word_fields(register)]
    fields += [(f"set:{k.name}", k) for k in free]
    if not fields:
        pytest.skip("this register has nothing that many records could be given")
    do, known = fields[0]
    records = several(name, cast, wen, "verified", 2)
    has = {str(c) for r in records for c in _codes(known, r)}
    value = next(code for code, _label in known.options() if code not in has)
    browser = sign_in(cast.lin)
    form = press(browser, register, records, action="change")
    assert form.context["verified"] is True
    press(browser, register, records, do=do, **{known.name: [value]})
    assert states_of(register, records) == {"verified"}
    press(browser, register, records, do=do, reason="补贴标签", **{known.name: [value]})
    if browser.session["bulk_refused"]["findings"][0]["code"] == "write.broken-rule":
        return
    assert states_of(register, records) == {"submitted"}
    assert {entries(record)[-1].verb for record in records} == {"correct"}
    assert {entries(record)[-1].reason for record in records} == {"补贴标签"}


def _codes(known: Any, record: Any) -> list[Any]:
    raw = known.raw(known.value(record))
    if isinstance(raw, bool):
        return ["1" if raw else "0"]
    return list(raw) if isinstance(raw, list) else [raw]


@each_register
def test_columns_are_chosen_moved_and_given_back(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    make(name, 1, cast.east, wen)
    browser = sign_in(cast.lin)
    page = f"/{register.path}/columns/"
    offered = columns.offered(register, cast.lin)
    assert set(register.columns) <= set(offered)
    for start in range(0, len(offered), columns.MOST):
        wanted = offered[start : start + columns.MOST]
        sent = {"order": wanted, "show": wanted, "do": "save"}
        assert browser.post(page, sent).status_code == 302
        shown = browser.get(f"/{register.path}/")
        assert [head.name for head in shown.context["columns"]] == wanted
        head, rows = xlsx_rows(body(browser.get(f"/{register.path}/shown.xlsx")), tmp_path)
        assert list(head) == [head.label for head in shown.context["columns"]]
        filled = [n for n in shown.context["lines"] if any(cell.text for cell in n.cells)]
        assert len(rows) == len(filled), "a row without a word is none when it is read back"
        paper = browser.get(f"/{register.path}/print/")
        assert [head.name for head in paper.context["columns"]] == wanted
        for line in shown.context["lines"]:
            assert [cell.name for cell in line.cells] == wanted
    two = offered[:2]
    browser.post(page, {"order": two, "show": two, "do": f"down:{two[0]}"})
    shown = browser.get(f"/{register.path}/")
    assert [head.name for head in shown.context["columns"]] == two[::-1]
    assert browser.post(page, {"order": ["nonsense"], "show": ["nonsense"]}).status_code == 400
    other = sign_in(cast.re).get(f"/{register.path}/")
    assert [head.name for head in other.context["columns"]] == list(register.columns)
    browser = sign_in(cast.lin)
    browser.post(page, {"do": "reset"})
    shown = browser.get(f"/{register.path}/")
    assert [head.name for head in shown.context["columns"]] == list(register.columns)


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_columns_are_offered_to_those_who_may_read_them(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    make(name, 1, cast.east, wen)
    hidden = set(register.personal) - set(register.columns)
    assert not hidden & set(columns.offered(register, cast.re))
    assert set(register.personal) <= set(columns.offered(register, cast.su))
    browser = sign_in(cast.re)
    for field in hidden:
        answer = browser.post(f"/{register.path}/columns/", {"order": [field], "show": [field]})
        assert answer.status_code == 400


@each_register
def test_a_printed_list_has_all_rows_its_filter_in_words_and_room_to_sign(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    several(name, cast, wen, "draft")
    assert act(make(name, 9, cast.east, wen), "submit", wen).done == 1
    browser = sign_in(cast.re)
    listed = browser.get(f"/{register.path}/?state=draft").context["summary"].count
    paper = browser.get(f"/{register.path}/print/?state=draft")
    said = " ".join(texts(paper.content.decode()))
    assert len(paper.context["lines"]) == listed
    for words in (register.label_plural, "草稿", "演示科协", "填表人"):
        assert words in said
    assert sign_in(cast.chen).get(f"/{register.path}/print/").context["summary"].count in (0, 1)


@each_register
def test_a_view_is_saved_shared_shown_with_its_count_and_removed(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    several(name, cast, wen, "draft", 2)
    base = f"/{register.path}/"
    browser = sign_in(cast.su)
    drafts = browser.get(f"{base}?state=draft").context["summary"].count
    sent = {"query": "state=draft", "name": "我的草稿", "unit": ""}
    assert browser.post(f"{base}filters/save/", sent).status_code == 302
    (tab,) = [t for t in browser.get(base).context["tabs"] if t.title == "我的草稿"]
    assert (tab.url, tab.count) == (f"{base}?state=draft", str(drafts))
    assert browser.get(tab.url).context["summary"].count == drafts
    assert "我的草稿" not in sign_in(cast.re).get(base).content.decode()
    browser = sign_in(cast.su)
    kept = browser.get(f"{base}filters/").context["lines"][0]["kept"]
    shared = {"name": "大家的草稿", "unit": "assoc"}
    assert browser.post(f"{base}filters/{kept.pk}/", shared).status_code == 302
    for colleague in (cast.re, cast.bo):
        assert "大家的草稿" in sign_in(colleague).get(base).content.decode()
    assert "大家的草稿" not in sign_in(cast.chen).get(base).content.decode()
    assert sign_in(cast.bo).post(f"{base}filters/{kept.pk}/remove/").status_code == 404
    browser = sign_in(cast.su)
    assert browser.post(f"{base}filters/{kept.pk}/home/").status_code == 302
    assert browser.get(base).url == f"{base}?state=draft"
    assert browser.get(f"{base}?q=").status_code == 200
    browser = sign_in(cast.lin)
    gone = browser.post(f"{base}filters/{kept.pk}/remove/", follow=True)
    assert "大家的草稿" not in {tab.title for tab in browser.get(base).context["tabs"]}
    assert browser.post(undo_of(gone)).status_code == 302
    assert "大家的草稿" in {tab.title for tab in browser.get(base).context["tabs"]}
    browser.post(f"{base}filters/{browser_kept(browser, base)}/remove/")
    assert sign_in(cast.su).get(base).status_code == 200, "the list opens with everything again"


def browser_kept(browser: Any, base: str) -> int:
    """The number of the only saved filter."""
    (line,) = browser.get(f"{base}filters/").context["lines"]
    return int(line["kept"].pk)


@each_register
def test_views_and_columns_ask_no_more_questions_when_there_are_more_of_them(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    several(name, cast, wen, "draft", 2)
    base = f"/{register.path}/"
    offered = columns.offered(register, cast.lin)
    browser = sign_in(cast.lin)
    deep = [path for path in offered if "." in path][: columns.MOST] or offered[:2]
    browser.post(f"{base}columns/", {"order": deep, "show": deep, "do": "save"})
    save(browser, base, "state=draft", "甲")
    addresses = [base, f"{base}print/", f"{base}filters/", f"{base}columns/"]
    few = [_questions(browser, address) for address in addresses]
    for number in range(5):
        save(
            browser,
            base,
            f"state=draft&sort=-{register.columns[-1]}&per={number + 1}",
            f"乙{number}",
        )
        make(name, 20 + number, cast.west, cast.lin)
    assert [_questions(browser, address) for address in addresses] == few


def save(browser: Any, base: str, query: str, title: str) -> None:
    answer = browser.post(f"{base}filters/save/", {"query": query, "name": title})
    assert answer.status_code == 302


def _questions(browser: Any, address: str) -> int:
    browser.get(address)
    return questions(browser, address)


@each_register
def test_totals_and_tabs_can_be_asked_for_apart(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    several(name, cast, wen, "draft", 2)
    browser = sign_in(cast.re)
    listed = browser.get(f"/{register.path}/?state=draft").context["summary"]
    for extra in ({}, {"HTTP_HX_REQUEST": "true"}):
        apart = browser.get(f"/{register.path}/totals/?state=draft", **extra)
        assert apart.context["summary"] == listed
        assert browser.get(f"/{register.path}/tabs/?state=draft", **extra).status_code == 200


def test_every_state_and_field_kind_is_covered() -> None:
    assert {State.DRAFT, State.VOID} <= set(State)
    assert TAGGED
    assert len(SETTABLE) > 5
    assert access.ROLES
