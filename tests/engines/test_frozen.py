"""A frozen report: whatever is changed in it afterwards is found, and the item is named."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taizhang.engines.findings import Finding
from taizhang.engines.sealing import merkle, signatures
from taizhang.engines.sealing.checking import check, check_inclusion, check_lines
from taizhang.engines.sealing.frozen import (
    CAPTION,
    inclusion,
    leaves,
    read,
    root,
    subject,
    write,
)
from taizhang.engines.sealing.layout import lay_out
from taizhang.wording import say

from . import signing
from .helpers import codes, refusal

KEYS = [signing.key("NM"), signing.key("TL")]


def report(rows: int = 3) -> dict[str, Any]:
    """A small report of the unit NM, below TL."""
    return {
        "head": {
            "code": "annual",
            "title": "2021年度科普工作总结",
            "unit": {"code": "NM", "name": "宁明科协"},
            "period": "2021",
            "version": 1,
            "restates": None,
            "one_person": False,
        },
        "text": [
            {"id": "p-1", "role": "title", "runs": ["2021年度科普工作总结"]},
            {"id": "p-2", "role": "body", "runs": ["开展活动", {"figure": "f1", "text": "3场次"}]},
        ],
        "figures": [{"id": "f1", "code": "a.events", "printed": "3场次", "value": "3"}],
        "definitions": [{"code": "a.events", "name": {"zh": "活动", "en": "Events"}}],
        "rows": [
            {
                "register": "activities.activity",
                "id": number,
                "version": 1,
                "state": "verified",
                "fields": {"title": "讲座", "attendance": 40 + number},
                "evidence": ["ab" * 32],
            }
            for number in range(1, rows + 1)
        ],
        "history": {"day": "2021-12-31", "size": 12, "root": "cd" * 32},
    }


def sign(subject: Mapping[str, object]) -> list[dict[str, object]]:
    """Both the unit and its parent sign."""
    return [signing.signature("NM", subject), signing.signature("TL", subject, "parent")]


@cache
def sealed() -> bytes:
    return b"".join(write(report(), sign))


@cache
def unsigned() -> bytes:
    return b"".join(write(report()))


def document() -> Any:
    return read(sealed())


def checked(data: bytes) -> list[Finding]:
    return check_lines(io.BytesIO(data), KEYS)


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in found]


def test_a_report_as_it_was_sealed_has_nothing_to_say() -> None:
    assert checked(sealed()) == []
    assert check(document(), KEYS, document()["seal"]["root"]) == []


def test_it_is_written_byte_for_byte_again() -> None:
    assert b"".join(lay_out(document())) == sealed()
    assert b"".join(write(report(), sign)) == sealed()
    assert json.loads(sealed()) == document()


def test_the_root_is_that_of_rfc_6962_over_the_list() -> None:
    listed = [json.dumps(leaf, separators=(",", ":")).encode() for leaf in document()["leaves"]]
    assert [leaf.data for leaf in leaves(document())] == listed
    assert merkle.root(listed).hex() == root(document()) == root(report())
    assert document()["seal"] == {"root": root(report()), "size": len(listed)}


def test_the_caption_says_what_it_is_not() -> None:
    assert CAPTION == "防篡改校验，不具有印章效力"


def places(data: bytes) -> Iterator[tuple[int, str]]:
    """For each byte of the file: what has to be named when it is changed."""
    part, ordinal, at = "", 0, 0
    stated = [f"{part}/{key}" for part, key, _ in document()["leaves"]]
    names = iter(stated)
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        opening = re.fullmatch(rb'"(\w+)":[\[{]\n', line)
        name = f"line {number}"
        if number == 1:
            name = ""
        elif opening:
            part, ordinal = opening[1].decode(), 0
        elif line[:1] not in b"]}":
            ordinal += 1
            if part == "leaves" or part == "signatures":
                name = f"{part}/{ordinal}"
            elif part == "seal":
                name = "seal/" + ("root", "size")[ordinal - 1]
            else:
                name = next(names)
        yield from ((byte, name) for byte in range(at, at + len(line.rstrip(b",\n"))))
        # A comma or the end of a line is nobody's: it is enough that something is told there.
        at += len(line)


@cache
def named(data: bytes) -> dict[int, str]:
    return dict(places(data))


@given(st.integers(0, len(sealed()) - 1), st.integers(1, 255))
@example(0, 1)
@example(len(sealed()) - 1, 0x2A)
def test_one_byte_changed_anywhere_is_found_and_named(at: int, change: int) -> None:
    broken = bytearray(sealed())
    broken[at] ^= change
    found = [finding for finding in checked(bytes(broken)) if finding.severity == "must"]
    assert found
    name = named(sealed()).get(at, "")
    if re.fullmatch(r"\w+/.+", name):
        assert name in {finding.where for finding in found}, told(found)


def test_a_bit_that_flips_in_any_byte_is_found_and_named() -> None:
    data = unsigned()
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 1 << at % 8
        found = [
            finding.where for finding in checked(bytes(broken)) if "unsigned" not in finding.code
        ]
        name = named(data).get(at, "")
        assert found, at
        assert name in found or not re.fullmatch(r"\w+/.+", name), (at, found)


@given(st.integers(0, len(unsigned()) - 1))
def test_a_file_cut_off_anywhere_is_found(at: int) -> None:
    assert told(checked(unsigned()[:at])) != told(checked(unsigned()))


@given(st.integers(0, len(unsigned())), st.binary(min_size=1, max_size=5))
def test_bytes_slipped_in_anywhere_are_found(at: int, more: bytes) -> None:
    assert told(checked(unsigned()[:at] + more + unsigned()[at:])) != told(checked(unsigned()))


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_told_to_be_no_report(data: bytes) -> None:
    assert checked(data)
    assert codes(lambda: read(data))


def changed(change: Callable[[Any], object]) -> list[tuple[str, str]]:
    it = document()
    change(it)
    return told(check(it, KEYS))


ROW = "rows/activities.activity/"


def test_a_changed_row_is_named() -> None:
    def change(it: Any) -> None:
        it["rows"][1]["fields"]["attendance"] = 420

    assert changed(change) == [("seal.item-changed", f"{ROW}2")]
    it = document()
    change(it)
    (finding,) = check(it, KEYS)
    assert say(finding) == "记录中“activities.activity/2”与封存时不同，已被改动或损坏。"
    assert "the records" in say(finding, "en")


def test_a_row_that_is_missing_is_named() -> None:
    assert changed(lambda it: it["rows"].pop(1)) == [("seal.item-missing", f"{ROW}2")]


def test_a_row_that_came_in_later_is_named() -> None:
    def change(it: Any) -> None:
        it["rows"].insert(1, {**it["rows"][0], "id": 77})

    assert changed(change) == [("seal.item-added", f"{ROW}77")]


def test_a_row_put_in_twice_is_named() -> None:
    def change(it: Any) -> None:
        it["rows"].insert(1, it["rows"][0])

    assert changed(change) == [("seal.item-added", f"{ROW}1")]


def test_rows_in_another_order_are_named() -> None:
    assert changed(lambda it: it["rows"].append(it["rows"].pop(0))) == [
        ("seal.item-moved", f"{ROW}1")
    ]


def test_one_row_put_in_anothers_place_is_both() -> None:
    def change(it: Any) -> None:
        it["rows"][1]["id"] = 78

    assert changed(change) == [("seal.item-added", f"{ROW}78"), ("seal.item-missing", f"{ROW}2")]


def test_every_part_is_named_by_its_own_item() -> None:
    assert changed(lambda it: it["head"].update(title="别的")) == [
        ("seal.item-changed", "head/title")
    ]
    assert changed(lambda it: it["text"][1]["runs"].pop()) == [("seal.item-changed", "text/p-2")]
    assert changed(lambda it: it["figures"][0].update(value="30")) == [
        ("seal.item-changed", "figures/f1")
    ]
    assert changed(lambda it: it["definitions"][0].update(name={})) == [
        ("seal.item-changed", "definitions/a.events")
    ]
    assert changed(lambda it: it["history"].pop("root")) == [("seal.item-missing", "history/root")]


def test_a_part_that_is_missing_or_does_not_belong_is_named() -> None:
    assert changed(lambda it: it.pop("rows")) == [("seal.part-missing", "rows")]
    assert changed(lambda it: it.update(extra=1)) == [("seal.part-unknown", "extra")]
    assert changed(lambda it: it.update(format="x")) == [("seal.unknown-format", "format")]
    assert changed(lambda it: it.update(rows="x")) == [("seal.part-form", "rows")]
    assert changed(lambda it: it.update(head=[])) == [("seal.part-form", "head")]
    assert changed(lambda it: it["rows"].append({})) == [("seal.no-key", "rows[3]")]


def test_a_changed_list_does_not_accuse_the_items() -> None:
    def change(it: Any) -> None:
        it["leaves"][8][2] = "00" * 32

    assert changed(change) == [("seal.list-changed", "leaves/9")]
    assert changed(lambda it: it["leaves"].pop()) == [("seal.list-changed", "leaves/17")]


def test_where_both_item_and_list_changed_the_names_are_a_hint() -> None:
    def change(it: Any) -> None:
        it["rows"][0]["state"] = "void"
        it["leaves"][0][2] = "00" * 32

    found = changed(change)
    assert ("seal.item-changed", f"{ROW}1") in found
    assert ("seal.list-unproved", "leaves") in found


def test_a_changed_root_or_size_is_named_as_such() -> None:
    assert changed(lambda it: it["seal"].update(root="00" * 32)) == [
        ("seal.seal-changed", "seal/root")
    ]
    assert changed(lambda it: it["seal"].update(size=3)) == [("seal.seal-changed", "seal/size")]
    assert ("seal.unknown-algorithm", "hash") in changed(lambda it: it.update(hash="sm3"))


def test_the_root_on_paper_is_compared() -> None:
    found = check(document(), KEYS, "ef" * 32)
    assert told(found) == [("seal.other-root", "seal/root")]


def test_a_report_sealed_anew_has_no_signature_that_fits() -> None:
    it = report()
    it["rows"][0]["state"] = "void"
    again = read(b"".join(write(it, lambda _subject: document()["signatures"])))
    assert told(check(again, KEYS)) == [
        ("seal.signature-wrong", "signatures/1"),
        ("seal.signature-wrong", "signatures/2"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("who", "王主任", "seal.signature-wrong"),
        ("at", "2023-01-05T01:02:03.000000Z", "seal.signature-wrong"),
        ("unit", "TL", "seal.signature-wrong"),
        ("signature", "00" * 64, "seal.signature-wrong"),
        ("signature", "AB" * 64, "seal.signature-wrong"),
        ("signature", "x", "seal.signature-wrong"),
        ("algorithm", "sm2", "seal.unknown-algorithm"),
        ("key_id", "0" * 16, "seal.key-broken"),
        ("public_key", "00" * 32, "seal.key-broken"),
        ("public_key", "00", "seal.key-broken"),
        ("role", "friend", "seal.signature-broken"),
        ("at", 7, "seal.signature-broken"),
    ],
)
def test_whatever_is_changed_in_a_signature_is_named(field: str, value: object, code: str) -> None:
    it = document()
    it["signatures"][0][field] = value
    assert (code, "signatures/1") in told(check(it, KEYS))


def test_a_key_that_nobody_knows_is_named() -> None:
    assert told(check(document(), [signing.key("NM")])) == [("seal.key-unknown", "signatures/2")]


def test_a_known_key_of_another_unit_does_not_do() -> None:
    it = report()
    it["head"]["unit"]["code"] = "QT"
    again = read(b"".join(write(it, sign)))
    assert told(check(again, KEYS)) == [("seal.signature-foreign", "signatures/1")]


def test_without_known_keys_or_signatures_that_is_said_and_nothing_is_wrong() -> None:
    (finding,) = check(document())
    assert (finding.code, finding.severity) == ("seal.keys-not-given", "look")
    it = document()
    it["signatures"] = []
    (finding,) = check(it)
    assert (finding.code, finding.severity) == ("seal.unsigned", "look")
    (finding,) = check(it, KEYS)
    assert (finding.code, finding.severity) == ("seal.unsigned", "must")


def test_a_parent_signs_later_and_nothing_else_changes() -> None:
    it = read(b"".join(write(report(), lambda one: [signing.signature("NM", one)])))
    before = b"".join(lay_out(it))
    seal: Any = it["seal"]
    asked = subject("sha-256", seal["root"], seal["size"])
    it["signatures"] = [*document()["signatures"][:1], signing.signature("TL", asked, "parent")]
    assert check(it, KEYS) == []
    assert b"".join(lay_out(it)).startswith(before[: before.index(b'"signatures"')])


def test_a_record_is_proved_without_the_report() -> None:
    proof: Any = inclusion(document(), f"{ROW}2", "head/unit", "head/title")
    assert check_inclusion(json.loads(json.dumps(proof)), KEYS, root(report())) == []
    assert "attendance" in json.dumps(proof)
    assert f"{ROW}3" not in json.dumps(proof)


@pytest.mark.parametrize("name", [f"{leaf[0]}/{leaf[1]}" for leaf in document()["leaves"]])
def test_every_item_can_be_proved(name: str) -> None:
    assert check_inclusion(inclusion(document(), name), KEYS) == []


def test_whatever_is_changed_in_a_proof_is_named() -> None:
    proof: Any = inclusion(document(), f"{ROW}2", f"{ROW}3")

    def after(change: Callable[[Any], object]) -> list[tuple[str, str]]:
        it = deepcopy(proof)
        change(it)
        return told(check_inclusion(it, KEYS))

    wrong = [("seal.proof-wrong", f"{ROW}3")]
    assert after(lambda it: it["items"][1]["item"].update(state="void")) == wrong
    assert after(lambda it: it["items"][1].update(index=3)) == wrong
    assert after(lambda it: it["items"][1].update(item=it["items"][0]["item"])) == wrong
    assert after(lambda it: it["items"][1]["path"].pop()) == wrong
    assert after(lambda it: it["items"][1]["item"].update(state=0.5)) == wrong
    assert after(lambda it: it["items"][1].update(key="x")) == [("seal.proof-wrong", "rows/x")]
    assert after(lambda it: it["seal"].update(hash="sm3")) == [
        ("seal.unknown-algorithm", "seal/hash")
    ]
    broken = [("seal.proof-broken", "proof")]
    assert after(lambda it: it.pop("seal")) == broken
    assert after(lambda it: it.update(items=[])) == broken
    assert after(lambda it: it["items"][0].update(index="1")) == broken
    assert after(lambda it: it["items"][0].update(part="cellar")) == broken
    assert after(lambda it: it["items"][0].update(path=["xy"])) == broken
    assert told(check_inclusion(proof, KEYS, "00" * 32)) == [("seal.other-root", "seal/root")]
    assert told(check_inclusion(None)) == told(check_inclusion([])) == broken
    assert codes(lambda: inclusion(document(), "rows/none")) == ["seal.no-such-item"]


def test_what_cannot_be_sealed_is_refused_at_its_place() -> None:
    it = report()
    it["rows"][1]["fields"]["price"] = 0.5
    (finding,) = refusal(lambda: list(write(it)))
    assert (finding.code, finding.where) == ("canonical.kind", f"{ROW}2.fields.price")
    it = report()
    it["rows"][1]["id"] = 1
    assert told(list(refusal(lambda: list(write(it))))) == [("seal.item-twice", f"{ROW}1")]
    assert codes(lambda: list(write({**report(), "seal": {}}))) == ["seal.part-unknown"]
    assert codes(lambda: list(write({**report(), "head": {1: 2}}))) == ["canonical.key"]


def test_rows_are_taken_one_by_one_and_a_report_without_any_is_sealed_too() -> None:
    it = {**report(), "rows": iter(report(300)["rows"])}
    assert checked(b"".join(write(it, sign))) == []
    bare: dict[str, Any] = {**{part: [] for part in report()}, "head": {}, "history": {}}
    assert told(check_lines(write(bare))) == [("seal.unsigned", "signatures")]


def test_further_algorithms_are_found_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(merkle.HASHES, "sm3", lambda data: merkle.hashing("sha-256")(data)[::-1])
    monkeypatch.setitem(
        signatures.SIGNATURES,
        "sm2",
        signatures.Signing(lambda key: True, lambda key, message, signature: signature == key),
    )

    def sign_sm2(asked: Mapping[str, object]) -> list[dict[str, object]]:
        entry = signing.signature("NM", asked)
        named = signatures.key_id("sm2", b"\x01")
        return [
            {**entry, "algorithm": "sm2", "public_key": "01", "signature": "01", "key_id": named}
        ]

    data = b"".join(write(report(), sign_sm2, "sm3"))
    assert told(check_lines(io.BytesIO(data))) == [("seal.keys-not-given", "signatures")]
    assert b'"hash":"sm3"' in data
