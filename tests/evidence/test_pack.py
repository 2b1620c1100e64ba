"""A list's evidence in one archive: complete, checked, in readable names, as far as one may see."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from taizhang.evidence import actions, pack, store
from taizhang.jobs import worker
from taizhang.jobs.models import Job
from taizhang.ledger.models import Record
from tests.conftest import Cast
from tests.factories import make, verified
from tests.steps import body, links, xlsx_rows

from .pictures import ACTIVITY, attach, jpeg, scene

ADDRESS = "/activities/activity/evidence-pack/"


@pytest.fixture
def proved(cast: Cast) -> list[Record]:
    """Two activities of the east with three files, one of the west with one."""
    made = [make(ACTIVITY.name, n, cast.east, cast.su) for n in (1, 2)]
    made.append(make(ACTIVITY.name, 3, cast.west, cast.su))
    attach(made[0], cast.su, jpeg(scene(1), "2021:03:02 10:00:00"), "张三在现场.jpg")
    attach(made[0], cast.su, jpeg(scene(2)), "李四签名.jpg", "sheet")
    attach(made[1], cast.su, b"%PDF-1.7 paper", "王五的证明.pdf", "document")
    attach(made[2], cast.su, jpeg(scene(3)), "西镇.jpg")
    make(ACTIVITY.name, 4, cast.east, cast.su)
    return made


def packed(browser: Any, query: str) -> tuple[Job, zipfile.ZipFile]:
    """Ask for a pack, let a worker make it, and download it."""
    answer = browser.post(ADDRESS, {"query": query})
    assert answer.status_code == 302, answer.content.decode()
    assert worker.run_waiting() == 1
    job = Job.objects.latest("pk")
    assert job.state == "done", job.told
    content = body(browser.get(f"/jobs/{job.pk}/file/"))
    return job, zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.fast
def test_a_list_s_evidence_comes_as_one_archive_with_index_and_sums(
    cast: Cast, proved: list[Record], sign_in: Any, tmp_path: Path
) -> None:
    job, archive = packed(sign_in(cast.su), "unit=east")
    assert job.result == {"records": 2, "files": 3}
    assert job.output_name.endswith(".zip")
    assert archive.testzip() is None
    names = archive.namelist()
    assert names == [
        "活动台账/east/HD-2021-0002/01-文件.pdf",
        "活动台账/east/HD-2021-0001/01-照片.jpg",
        "活动台账/east/HD-2021-0001/02-签到表.jpg",
        "index.xlsx",
        "index.html",
        "SHA256SUMS",
    ]
    sums = dict(
        reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines()
    )
    assert set(sums) == set(names) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    header, rows = xlsx_rows(archive.read("index.xlsx"), tmp_path)
    assert header[:6] == ("记录", "名称", "日期", "佐证类型", "形成日期", "SHA-256")
    assert {row[0] for row in rows} == {"east/HD-2021-0001", "east/HD-2021-0002"}
    assert {(row[7], row[5]) for row in rows} == {
        (name, digest) for name, digest in sums.items() if not name.startswith("index")
    }
    assert {row[6] for row in rows} == {len(archive.read(row[7])) for row in rows}
    page = archive.read("index.html").decode()
    assert len([link for link in links(page) if link.startswith("%E6")]) == 3


def test_no_name_in_it_is_one_that_somebody_gave(
    cast: Cast, proved: list[Record], sign_in: Any
) -> None:
    _job, archive = packed(sign_in(cast.su), "")
    told = " ".join(archive.namelist()) + archive.read("index.html").decode()
    for name in ("张三", "李四", "王五"):
        assert name not in told


def test_everybody_gets_what_they_may_see_when_it_is_made(
    cast: Cast, proved: list[Record], sign_in: Any
) -> None:
    job, archive = packed(sign_in(cast.bo), "")
    assert job.result == {"records": 2, "files": 3}
    assert not [name for name in archive.namelist() if "west" in name]
    browser = sign_in(cast.su)
    browser.post(ADDRESS, {"query": ""})
    cast.su.memberships.all().delete()
    assert worker.run_waiting() == 1
    late = Job.objects.latest("pk")
    assert late.state == "failed"
    assert [finding.code for finding in late.told] == ["access.role-too-low"]


def test_readers_get_copies_without_position(
    cast: Cast, proved: list[Record], sign_in: Any, tmp_path: Path
) -> None:
    _job, archive = packed(sign_in(cast.re), "unit=east")
    original = store.blob_path(
        hashlib.sha256(jpeg(scene(1), "2021:03:02 10:00:00")).hexdigest()
    ).read_bytes()
    assert b"Exif" in original
    pictures = [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]
    assert len(pictures) == 2
    assert not any(b"Exif" in picture for picture in pictures)
    _header, rows = xlsx_rows(archive.read("index.xlsx"), tmp_path)
    assert {row[8] for row in rows} == {"不含位置信息的副本", None}


def test_a_file_that_is_gone_or_changed_is_told_and_hinders_nothing(
    cast: Cast, proved: list[Record], sign_in: Any, tmp_path: Path
) -> None:
    digests = [hashlib.sha256(c).hexdigest() for c in (jpeg(scene(2)), b"%PDF-1.7 paper")]
    store.blob_path(digests[0]).unlink()
    store.blob_path(digests[1]).write_bytes(b"%PDF-1.7 other")
    job, archive = packed(sign_in(cast.su), "unit=east")
    assert [finding.code for finding in job.told] == ["evidence.pack-file-faulty"] * 2
    _header, rows = xlsx_rows(archive.read("index.xlsx"), tmp_path)
    assert {row[8] for row in rows} == {"文件已不在", "文件与上传时不一致", None}


def test_the_page_says_how_much_it_will_be(cast: Cast, proved: list[Record], sign_in: Any) -> None:
    browser = sign_in(cast.re)
    page = browser.get(f"{ADDRESS}?unit=east")
    found = page.context["extent"]
    assert (found.records, found.files) == (2, 3)
    assert found.size > 3 * 14
    assert 'name="query" value="unit=east"' in page.content.decode()
    listed = browser.get("/activities/activity/?unit=east").content.decode()
    assert f"{ADDRESS}?unit=east" in links(listed)
    assert not [
        link
        for link in links(browser.get("/activities/handout/").content.decode())
        if "pack" in link
    ]
    assert browser.get("/activities/handout/evidence-pack/").status_code == 404
    assert browser.get(f"{ADDRESS}?forn=x").status_code == 400


def test_what_is_too_much_or_nothing_is_said_and_not_begun(
    cast: Cast, proved: list[Record], sign_in: Any, monkeypatch: Any
) -> None:
    browser = sign_in(cast.su)
    for name, limit, code in (
        ("FILES_LIMIT", 2, "evidence.pack-too-many"),
        ("BYTES_LIMIT", 100, "evidence.pack-too-large"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(pack, name, limit)
            refused = pack.extent(ACTIVITY, pack.Query(), cast.su).refusal("")
            assert refused is not None
            assert refused.findings[0].code == code
            assert "Pack it" not in browser.get(ADDRESS).content.decode()
            assert browser.post(ADDRESS, {"query": ""}).status_code == 400
    assert browser.post(ADDRESS, {"query": "title=没有"}).status_code == 400
    assert not Job.objects.exists()
    assert browser.get(f"{ADDRESS}?q=没有这一场").status_code == 200


def test_a_figure_s_page_leads_to_the_pack_of_its_rows(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast)
    attach(record, cast.su, jpeg(scene(1)))
    other = make(ACTIVITY.name, 2, cast.east, cast.su)
    attach(other, cast.su, jpeg(scene(2)))
    browser = sign_in(cast.su)
    page = browser.get("/figures/rural.events/?unit=assoc&period=2021").content.decode()
    (address,) = [link for link in links(page) if "evidence-pack" in link]
    job, _archive = packed(browser, address.partition("?")[2])
    assert job.result == {"records": 1, "files": 1}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HD-2021-0001", "HD-2021-0001"),
        ("旗科协", "旗科协"),
        ("..", "_"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        (" x. ", "x"),
        ("", "_"),
        ("长" * 100, "长" * 60),
        ("a\r\nb", "a_b"),
    ],
)
def test_names_are_such_as_every_system_takes(text: str, name: str) -> None:
    assert pack._safe(text) == name


def test_two_keys_that_become_one_name_keep_their_own_folders(cast: Cast, sign_in: Any) -> None:
    for code in ("x?1", "x*1", "X_1"):
        record = make(ACTIVITY.name, 1, cast.east, cast.su, code=code)
        attach(record, cast.su, jpeg(scene(1)))
    _job, archive = packed(sign_in(cast.su), "")
    folders = {name.rpartition("/")[0].casefold() for name in archive.namelist() if "/" in name}
    assert len(folders) == 3
    assert all(re.fullmatch(r"活动台账/east/x_1(-\d+)?", folder) for folder in folders)


def test_however_much_it_is_little_is_held_at_once(
    cast: Cast, proved: list[Record], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pack, "CHUNK", 1)
    monkeypatch.setattr(pack, "PIECE", 7)
    steps: list[int] = []
    made = pack.write_pack(ACTIVITY, pack.Query(), cast.su, tmp_path / "x.zip", steps.append)
    assert (made.records, made.files, sum(steps)) == (3, 4, 4)
    assert zipfile.ZipFile(tmp_path / "x.zip").testzip() is None


def test_a_proof_taken_away_is_not_packed(cast: Cast, proved: list[Record], tmp_path: Path) -> None:
    from taizhang.evidence.models import Evidence

    proof = Evidence.objects.get(name="王五的证明.pdf")
    actions.detach(ACTIVITY, proved[1], proof, actor=cast.su)
    made = pack.write_pack(ACTIVITY, pack.Query(), cast.su, tmp_path / "x.zip")
    assert (made.records, made.files) == (2, 3)
