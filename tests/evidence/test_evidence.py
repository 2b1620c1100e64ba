"""Proofs: stored once, looked at by content, served through records, given up with a reason."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.evidence import actions, contents, store
from taizhang.evidence.models import Blob, Evidence
from taizhang.figures.facts import facts
from taizhang.ledger import catalogue, states
from tests.conftest import Cast
from tests.factories import act, make, verified
from tests.steps import body, entries

ACTIVITY = catalogue.get("activities.activity")
WHERE = b"GPS-SECRET-42.0N-119.0E"


def photo(colour: str = "teal", size: tuple[int, int] = (800, 600)) -> bytes:
    """A picture as a telephone takes it: with position, maker and a comment inside."""
    picture = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[0x010F] = "GPS-SECRET-42.0N-119.0E"
    exif[0x0112] = 6  # stands on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (42.0, 0.0, 0.0)
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif, comment=WHERE)
    return target.getvalue()


def attach(
    record: Any, actor: Any, content: bytes, name: str = "照片.jpg", kind: str = "photo"
) -> Evidence:
    return actions.attach(ACTIVITY, record, actor=actor, content=content, name=name, kind=kind)


def refusal(record: Any, actor: Any, content: bytes, name: str, kind: str = "photo") -> str:
    with pytest.raises(Refused) as caught:
        attach(record, actor, content, name, kind)
    assert not Evidence.objects.exists()
    assert not Blob.objects.exists()
    return caught.value.findings[0].code


def files() -> list[Path]:
    """What lies in the store, but for the small copies of pictures."""
    root = Path(settings.EVIDENCE_ROOT)
    return [path for path in root.rglob("*") if path.is_file() and path.suffix != ".jpg"]


def package(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"x")
    return target.getvalue()


@pytest.fixture
def record(cast: Cast) -> Any:
    return make(ACTIVITY.name, 1, cast.east, cast.su)


@pytest.mark.fast
def test_a_file_that_proves_two_records_is_stored_once(cast: Cast, record: Any) -> None:
    other = make(ACTIVITY.name, 2, cast.west, cast.su)
    content = photo()
    attach(record, cast.su, content)
    attach(other, cast.su, content, "另一个名字.jpg")
    blob = Blob.objects.get()
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert [path.read_bytes() for path in files()] == [content]
    assert [e.verb for e in entries(other)] == ["add", "attach"]
    assert entries(other)[-1].changes == {"evidence": [None, "另一个名字.jpg"]}
    other.refresh_from_db()
    assert other.version == 2
    with pytest.raises(Refused) as caught:
        attach(record, cast.su, content)
    assert caught.value.findings[0].code == "evidence.already-attached"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("照片.png", photo(), "document.not-what-its-name-says"),
        ("照片.pdf", photo(), "document.not-what-its-name-says"),
        ("照片.jpg", b"%PDF-1.7 ...", "document.not-what-its-name-says"),
        ("照片", photo(), "document.not-what-its-name-says"),
        ("程序.exe", b"MZ\x90\x00", "evidence.unknown-file"),
        ("网页.jpg", b"<html><script>alert(1)</script>", "evidence.unknown-file"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "evidence.unknown-file"),
        ("半张.jpg", photo()[:300], "evidence.unknown-file"),
        ("空.jpg", b"", "evidence.unknown-file"),
        ("宏.docx", package("word/document.xml", "word/vbaProject.bin"), "evidence.macros"),
        ("包.docx", package("a.txt"), "evidence.unknown-file"),
        ("坏.docx", b"PK\x03\x04 nothing", "document.damaged"),
        ("表.docx", package("xl/workbook.xml"), "document.not-what-its-name-says"),
    ],
)
def test_a_file_is_judged_by_its_content(
    name: str, content: bytes, code: str, cast: Cast, record: Any
) -> None:
    assert refusal(record, cast.su, content, name) == code
    assert [entry.verb for entry in entries(record)] == ["add"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("公文.docx", package("word/document.xml")),
        ("表.xlsx", package("xl/workbook.xml")),
        ("片.pptx", package("ppt/presentation.xml")),
        ("扫描.PDF", b"%PDF-1.7 ..."),
        ("照片.JPEG", photo()),
    ],
)
def test_office_files_papers_and_pictures_are_taken(
    name: str, content: bytes, cast: Cast, record: Any
) -> None:
    assert attach(record, cast.su, content, name, "document").name == name


def test_what_is_too_large_or_of_no_kind_is_refused(cast: Cast, record: Any) -> None:
    large = photo() + b"0" * (20 * 1024 * 1024)
    assert refusal(record, cast.su, large, "照片.jpg") == "document.too-large"
    assert refusal(record, cast.su, photo(), "照片.jpg", "selfie") == "evidence.unknown-kind"
    assert files() == []


def test_a_small_file_that_unfolds_into_a_giant_picture_is_refused(cast: Cast, record: Any) -> None:
    for edge in (9000, 12_000, 60_000):
        assert refusal(record, cast.su, _bomb(edge), "照片.png") == "evidence.too-many-pixels", edge


def _bomb(edge: int) -> bytes:
    """A PNG that says it is edge × edge pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_thumbnails_stand_upright_and_carry_nothing_but_pixels(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    proof = attach(record, cast.su, photo())
    assert WHERE in store.blob_path(proof.blob.sha256).read_bytes(), "or the test says nothing"
    browser = sign_in(cast.su)
    for part, edge in (("thumb", contents.THUMB), ("preview", contents.PREVIEW)):
        response = browser.get(f"/evidence/{proof.pk}/{part}/")
        assert response["Content-Type"] == "image/jpeg"
        content = body(response)
        assert WHERE not in content
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
            assert max(picture.size) <= edge
            assert picture.height > picture.width, "turned upright"


def test_readers_get_a_copy_without_its_position_and_recorders_the_original(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    target = io.BytesIO()
    Image.new("RGB", (50, 40), "teal").save(target, "PNG")
    for name, content, kind in (
        ("照片.jpg", photo(), "image/jpeg"),
        ("图.png", target.getvalue(), "image/png"),
    ):
        proof = attach(record, cast.su, content, name)
        original = sign_in(cast.su).get(f"/evidence/{proof.pk}/")
        assert original["Content-Type"] == kind
        assert original["Content-Disposition"].startswith("attachment")
        assert original["X-Content-Type-Options"] == "nosniff"
        assert body(original) == content
        copy = sign_in(cast.re).get(f"/evidence/{proof.pk}/")
        assert copy["Content-Disposition"].startswith("attachment")
        shown = body(copy)
        assert shown != content
        assert WHERE not in shown
        assert copy["Content-Type"] == "image/jpeg", "what it is, not what it was"
        assert shown.startswith(b"\xff\xd8")
        assert "png" not in copy["Content-Disposition"]


def test_a_proof_is_served_only_through_a_record_one_may_see(
    cast: Cast, record: Any, client: Any, sign_in: Any
) -> None:
    proof = attach(record, cast.su, photo())
    addresses = [
        f"/evidence/{proof.pk}/",
        f"/evidence/{proof.pk}/thumb/",
        f"/evidence/{proof.pk}/preview/",
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
    browser = sign_in(cast.chen)
    for address in addresses:
        assert browser.get(address).status_code == 404
    remove = f"/evidence/{proof.pk}/remove/"
    assert browser.post(remove, {"reason": "x"}).status_code == 404
    upload = {"file": SimpleUploadedFile("照片.jpg", photo()), "kind": "photo"}
    assert browser.post(f"/activities/activity/{record.pk}/evidence/", upload).status_code == 404
    assert browser.get(f"/evidence/{proof.blob.sha256}/").status_code == 404
    browser = sign_in(cast.re)
    assert body(browser.get(addresses[0]))
    assert browser.post(remove, {"reason": "x"}).status_code == 403
    assert Evidence.objects.count() == 1


def test_that_another_unit_holds_the_same_file_cannot_be_noticed(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    content = photo()
    hidden = make(ACTIVITY.name, 9, cast.west, cast.su)
    attach(hidden, cast.su, content)
    browser = sign_in(cast.bo)
    answer = browser.post(
        f"/activities/activity/{record.pk}/evidence/",
        {"file": SimpleUploadedFile("照片.jpg", content), "kind": "photo"},
        follow=True,
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(answer.context["messages"]) == 1
    assert hidden.title not in page
    assert Blob.objects.count() == 1


def test_files_are_attached_through_the_page_several_at_once(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    address = f"/activities/activity/{record.pk}/evidence/"
    given = [SimpleUploadedFile(f"{c}.jpg", photo(c)) for c in ("red", "blue")]
    sent = {"file": given, "kind": "photo", "taken_on": "2021年9月18日"}
    assert browser.post(address, sent).status_code == 302
    assert {str(proof.taken_on) for proof in Evidence.objects.all()} == {"2021-09-18"}
    assert Evidence.objects.count() == 2
    page = browser.get(f"/activities/activity/{record.pk}/")
    assert "red.jpg" in page.content.decode()
    assert browser.post(address, {"kind": "photo"}).status_code == 400
    wrong = {
        "file": SimpleUploadedFile("x.jpg", photo("green")),
        "kind": "photo",
        "taken_on": "2021-02-30",
    }
    assert browser.post(address, wrong).status_code == 400
    assert Evidence.objects.count() == 2


def test_taking_a_proof_from_a_verified_record_needs_a_reason_and_takes_it_out_of_the_figures(
    cast: Cast, sign_in: Any
) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast)
    proof = attach(record, cast.su, photo())
    record.refresh_from_db()
    assert record.state == "verified", "more proof does no harm"

    def counted() -> Any:
        return facts(["rural.events"], "assoc", Period.parse("2021"))["rural.events"].value

    assert counted() == 1
    browser = sign_in(cast.su)
    assert browser.post(f"/evidence/{proof.pk}/remove/", {"reason": " "}).status_code == 400
    assert counted() == 1
    assert Evidence.objects.exists()
    assert (
        browser.post(f"/evidence/{proof.pk}/remove/", {"reason": "不是这一场"}).status_code == 302
    )
    record.refresh_from_db()
    assert record.state == "submitted"
    assert counted() == 0
    assert (entries(record)[-1].verb, entries(record)[-1].reason) == ("detach", "不是这一场")
    result = states.act(ACTIVITY, [record], states.ACTIONS["verify"], actor=cast.su)
    assert result.done == 0, "whoever took it away does not verify"


def test_a_void_record_takes_no_proof(cast: Cast, record: Any) -> None:
    act(record, "void", cast.lin, "重复")
    with pytest.raises(Refused) as caught:
        attach(record, cast.su, photo())
    assert caught.value.findings[0].code == "write.void"
    assert not Evidence.objects.exists()


def test_a_full_disk_is_said_and_leaves_neither_file_nor_row(
    cast: Cast, record: Any, monkeypatch: Any
) -> None:
    def full(*given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert refusal(record, cast.su, photo(), "照片.jpg") == "document.disk-full"
    assert files() == []


def test_a_proof_whose_file_is_gone_is_told_and_no_fault(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    proof = attach(record, cast.su, photo())
    store.blob_path(proof.blob.sha256).unlink()
    browser = sign_in(cast.su)
    assert browser.get(f"/evidence/{proof.pk}/").status_code == 400
    assert browser.get(f"/evidence/{proof.pk}/thumb/").status_code == 404
    assert sign_in(cast.re).get(f"/evidence/{proof.pk}/").status_code == 400
    assert browser.get(f"/activities/activity/{record.pk}/").status_code == 200


def test_the_strongest_proof_counts_in_lists_and_filters(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    attach(record, cast.su, photo("red"), kind="statement")
    browser = sign_in(cast.re)

    def with_proof(level: int) -> int:
        return int(browser.get(f"/activities/activity/?proof={level}").context["summary"]["count"])

    assert [with_proof(level) for level in (1, 2, 3, 4)] == [0, 0, 1, 0]
    attach(record, cast.su, photo("blue"), kind="photo")
    assert [with_proof(level) for level in (1, 2, 3, 4)] == [0, 1, 0, 0]
    attach(record, cast.su, photo("green"), kind="check_in")
    assert [with_proof(level) for level in (1, 2, 3, 4)] == [1, 0, 0, 0]


def test_a_child_row_takes_no_files_of_its_own(cast: Cast, sign_in: Any) -> None:
    handout = make("activities.handout", 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    file = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 ...")
    address = f"/activities/handout/{handout.pk}/evidence/"
    assert browser.post(address, {"file": file, "kind": "sheet"}).status_code == 404
    assert Evidence.objects.count() == 0
