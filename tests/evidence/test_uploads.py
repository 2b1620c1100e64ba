"""How files come in: several at once, each for itself; a picture tells its day; nothing half done."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from taizhang.engines.findings import Refused
from taizhang.evidence import contents
from taizhang.evidence.models import Blob, Evidence
from tests.conftest import Cast
from tests.factories import make
from tests.steps import body, entries, texts

from .pictures import ACTIVITY, attach, jpeg, package, scene, sent_on


@pytest.fixture
def record(cast: Cast) -> Any:
    """An activity of 2021-03-02."""
    return make(ACTIVITY.name, 1, cast.east, cast.su)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address(record: Any, ending: str = "evidence/") -> str:
    return f"/activities/activity/{record.pk}/{ending}"


@pytest.mark.fast
def test_of_several_files_the_good_ones_are_attached_and_each_other_gets_its_own_sentence(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    given = [
        upload("一.jpg", jpeg(scene(1))),
        upload("程序.exe", b"MZ"),
        upload("二.jpg", jpeg(scene(2))),
        upload("又是一.jpg", jpeg(scene(1))),
    ]
    page = sign_in(cast.su).post(address(record), {"file": given, "kind": "photo"}, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert told[0].startswith("已添加 2 份佐证")
    assert "“程序.exe”" in told[1]
    assert "“又是一.jpg”" in told[2]
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["一.jpg", "二.jpg"]
    assert [entry.verb for entry in entries(record)] == ["add", "attach", "attach"]
    assert Blob.objects.count() == 2


def test_more_files_than_at_once_are_all_refused_and_said(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    given = [upload(f"{n}.jpg", b"x") for n in range(21)]
    page = sign_in(cast.su).post(address(record), {"file": given, "kind": "photo"})
    assert page.status_code == 400
    assert any("20" in text and "21" in text for text in texts(page.content.decode()))
    assert not Evidence.objects.exists()


def test_a_request_beyond_the_limit_is_not_read(cast: Cast, record: Any, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    (several,) = settings.BODY_LIMITS_MB.values()
    for where, limit in ((address(record), several), (address(record, "evidence.json"), 20)):
        length = str((limit + 2) * 1024 * 1024)
        answer = browser.generic("POST", where, b"x", "multipart/form-data", CONTENT_LENGTH=length)
        assert answer.status_code == 413
        assert f"{limit} MB" in answer.content.decode()
    length = str((settings.UPLOAD_LIMIT_MB + 5) * 1024 * 1024)
    answer = browser.generic("POST", "/", b"x", "multipart/form-data", CONTENT_LENGTH=length)
    assert answer.status_code == 413, "anywhere else one file is all there is"


def test_a_file_too_large_is_refused_before_it_is_read(
    cast: Cast, record: Any, sign_in: Any, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    large = upload("大.jpg", jpeg(scene(1)) + b"0" * 1024 * 1024)
    page = sign_in(cast.su).post(address(record), {"file": [large], "kind": "photo"})
    assert page.status_code == 413
    assert not Blob.objects.exists()


def test_the_script_sends_one_file_and_reads_what_became_of_it(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    where = address(record, "evidence.json")
    picture = jpeg(scene(1), "2021:03:02 10:00:00")
    answer = browser.post(where, {"file": upload("一.jpg", picture), "kind": "photo"})
    assert answer.status_code == 201
    found = answer.json()
    assert found["name"] == "一.jpg"
    assert [("2021-03-02" in each["text"], each["url"]) for each in found["notices"]] == [
        (True, "")
    ]
    again = browser.post(where, {"file": upload("一.jpg", picture), "kind": "photo"})
    assert again.status_code == 400
    assert again["Content-Type"] == "application/problem+json"
    assert "已有内容相同的佐证" in json.loads(again.content)["detail"]
    assert browser.post(where, {"kind": "photo"}).status_code == 400
    two = [upload("二.jpg", picture), upload("三.jpg", picture)]
    assert browser.post(where, {"file": two, "kind": "photo"}).status_code == 400
    assert browser.get(where).status_code == 405
    for stranger, status in ((cast.re, 403), (cast.chen, 404)):
        sent = {"file": upload("四.jpg", jpeg(scene(4))), "kind": "photo"}
        assert sign_in(stranger).post(where, sent).status_code == status
    assert Evidence.objects.count() == 1


def test_the_gallery_alone_is_drawn_for_the_script(cast: Cast, record: Any, sign_in: Any) -> None:
    attach(record, cast.su, jpeg(scene(1)), "一.jpg")
    for person, writes in ((cast.su, True), (cast.re, False)):
        page = sign_in(person).get(address(record, "evidence/gallery/")).content.decode()
        assert page.lstrip().startswith("<section")
        assert "一.jpg" in page
        assert ("data-evidence" in page) is writes
        assert ("evidence.js" in page) is writes
    assert sign_in(cast.chen).get(address(record, "evidence/gallery/")).status_code == 404
    handout = make("activities.handout", 2, cast.east, cast.su)
    assert (
        sign_in(cast.su).get(f"/activities/handout/{handout.pk}/evidence/gallery/").status_code
        == 404
    )


@pytest.mark.parametrize(
    ("taken", "offset", "day"),
    [
        ("2021:03:02 10:00:00", "+08:00", date(2021, 3, 2)),
        ("2021:03:01 23:00:00", "+00:00", date(2021, 3, 2)),
        ("2021:03:02 10:00:00", "", date(2021, 3, 2)),
        ("0000:00:00 00:00:00", "", None),
        ("2999:01:01 00:00:00", "", None),
        ("\xff\xfe 坏", "??", None),
        ("", "", None),
    ],
)
def test_the_day_written_in_a_picture_is_used_when_nobody_gives_one(
    taken: str, offset: str, day: date | None, cast: Cast, record: Any
) -> None:
    content = jpeg(scene(1), taken.encode("ascii", "replace").decode(), offset)
    proof = attach(record, cast.su, content)
    assert proof.taken_on == day
    assert proof.blob.taken_on == day
    assert proof.is_read_from_picture is (day is not None)


def test_the_day_a_person_gives_comes_before_the_picture_s_own(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    content = jpeg(scene(1), "2021:03:02 10:00:00")
    sent = {"file": upload("一.jpg", content), "kind": "photo", "taken_on": "3.1"}
    assert sign_in(cast.su).post(address(record), sent).status_code == 302
    proof = Evidence.objects.get()
    assert proof.taken_on == date(2021, 3, 1), "without a year it is the record's"
    assert not proof.is_read_from_picture


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize(
    "broken", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0garbage"]
)
def test_a_picture_with_broken_exif_is_taken_all_the_same(
    broken: bytes, cast: Cast, record: Any
) -> None:
    plain = jpeg(scene(1))
    start = plain.index(b"\xff\xe1") if b"\xff\xe1" in plain[:40] else 2
    segment = b"\xff\xe1" + (len(broken) + 2).to_bytes(2, "big") + broken
    proof = attach(record, cast.su, plain[:start] + segment + plain[start:])
    assert proof.taken_on is None
    assert proof.blob.look is not None


def test_a_picture_that_breaks_off_is_refused(cast: Cast, record: Any) -> None:
    whole = jpeg(scene(1))
    with pytest.raises(Refused) as caught:
        attach(record, cast.su, whole[: len(whole) * 2 // 3])
    assert caught.value.findings[0].code == "document.damaged"
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_an_iphone_s_heic_is_refused_with_the_way_out(
    brand: bytes, cast: Cast, record: Any
) -> None:
    content = b"\0\0\0\x18ftyp" + brand + b"\0" * 200
    for name in ("IMG_1.HEIC", "IMG_1.jpg"):
        with pytest.raises(Refused) as caught:
            attach(record, cast.su, content, name)
        assert caught.value.findings[0].code == "evidence.heic"


def test_a_picture_of_two_frames_as_telephones_write_it_is_a_jpeg(cast: Cast, record: Any) -> None:
    target = io.BytesIO()
    scene(1).save(target, "MPO", save_all=True, append_images=[scene(2)])
    proof = attach(record, cast.su, target.getvalue())
    assert proof.blob.media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "LA", "I;16"])
def test_pictures_of_any_depth_are_shown_on_white(
    mode: str, cast: Cast, record: Any, sign_in: Any
) -> None:
    picture = Image.new(mode, (60, 40))
    target = io.BytesIO()
    picture.save(target, "PNG", **({"transparency": 0} if mode == "P" else {}))
    proof = attach(record, cast.su, target.getvalue(), "图.png")
    with Image.open(
        io.BytesIO(body(sign_in(cast.re).get(f"/evidence/{proof.pk}/thumb/")))
    ) as shown:
        colour = shown.convert("L").getpixel((5, 5))
    assert colour == (255 if mode in ("RGBA", "P", "LA") else 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (package(word__document_xml=b"\0" * 60_000_000), "document.too-large-unpacked"),
        (package(**{f"x{n}": b"" for n in range(10_001)}), "document.too-large-unpacked"),
    ],
    ids=["bomb", "crowd"],
)
def test_an_office_file_that_unfolds_without_end_is_refused(
    content: bytes, code: str, cast: Cast, record: Any
) -> None:
    assert len(content) < 2_000_000
    with pytest.raises(Refused) as caught:
        attach(record, cast.su, content, "表.docx", "document")
    assert caught.value.findings[0].code == code


def test_registrars_get_a_picture_below_two_megabytes_without_metadata(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    noisy = Image.effect_noise((3000, 2400), 90).convert("RGB")
    heavy = jpeg(noisy, "2021:03:02 10:00:00", quality=95)
    assert len(heavy) > 4_000_000
    for number, content in enumerate((heavy, jpeg(scene(1), "2021:03:02 10:00:00"))):
        proof = attach(record, cast.su, content, f"现场{number}.jpg")
        answer = sign_in(cast.re).get(f"/evidence/{proof.pk}/filing/")
        copy = body(answer)
        assert len(copy) <= 2_000_000
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "image/jpeg"
        with Image.open(io.BytesIO(copy)) as shown:
            assert not shown.getexif()
            assert min(shown.size) >= (600 if number else 1000), "no smaller than it has to be"
    paper = attach(record, cast.su, b"%PDF-1.7 ...", "通知.pdf", "document")
    assert sign_in(cast.re).get(f"/evidence/{paper.pk}/filing/").status_code == 404
    assert sign_in(cast.chen).get(f"/evidence/{proof.pk}/filing/").status_code == 404


def test_an_upload_takes_the_same_steps_whether_or_not_somebody_has_the_file(
    cast: Cast, record: Any, monkeypatch: Any
) -> None:
    from taizhang.evidence import store

    kept: list[str] = []
    keep = store.keep
    monkeypatch.setattr(store, "keep", lambda d, c: (kept.append(d), keep(d, c)))
    hidden = make(ACTIVITY.name, 9, cast.west, cast.su)
    first = attach(hidden, cast.su, jpeg(scene(1)))
    attach(record, cast.bo, jpeg(scene(1)))
    assert kept == [first.blob.sha256] * 2, "written again, so that it takes as long"
    for edge in (contents.THUMB, contents.PREVIEW):
        assert store.copy_path(first.blob.sha256, edge).exists(), "nobody's first look makes them"


def test_a_small_copy_sent_on_by_chat_is_another_file(cast: Cast, record: Any) -> None:
    content = jpeg(scene(1))
    attach(record, cast.su, content)
    attach(record, cast.su, sent_on(content), "小.jpg")
    assert Blob.objects.count() == 2
