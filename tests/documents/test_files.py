from __future__ import annotations

import errno
import os
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from taizhang.documents.csvfiles import write_csv
from taizhang.documents.docx_writer import write_docx
from taizhang.documents.files import atomic_target
from taizhang.documents.packages import MB
from taizhang.documents.pdf import write_pdf
from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import read_sheets
from taizhang.engines.findings import Refused

from .samples import FACTS, PROPERTIES, REPORT, refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def full(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_all(folder: Path) -> dict[str, object]:
    sheet = OutSheet("a", [OutColumn("题")], [["x"]])
    return {
        "a.xlsx": lambda: write_xlsx(folder / "a.xlsx", [sheet]),
        "a.csv": lambda: write_csv(folder / "a.csv", ["题"], [["x"]]),
        "a.docx": lambda: write_docx(REPORT, folder / "a.docx", facts=FACTS, properties=PROPERTIES),
        "a.pdf": lambda: write_pdf(REPORT, folder / "a.pdf", properties=PROPERTIES),
    }


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.docx", "a.pdf"])
def test_a_full_disk_leaves_the_old_file_and_no_remains(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    finding = refusal(write_all(tmp_path)[name])  # type: ignore[arg-type]
    assert finding.code == "document.disk-full"
    assert finding.params["path"] == str(tmp_path / name)
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"old"


def test_a_disk_that_fills_up_while_the_workbook_is_written_is_said(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with (
        Path("/dev/full").open("wb", buffering=0) as handle,
        pytest.raises(OSError, match="No space"),
    ):
        write_xlsx(handle, [OutSheet("a", [OutColumn("题")], [["x"]])])


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    finding = refusal(lambda: write_csv(tmp_path / "no" / "a.csv", ["题"], []))
    assert finding.code == "document.cannot-write"


def test_a_failure_of_the_writer_itself_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def fail() -> None:
        with atomic_target(target) as handle:
            handle.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert os.listdir(tmp_path) == ["a.txt"]
    assert target.read_bytes() == b"old"


def test_replacing_keeps_the_permissions_of_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    target.chmod(0o640)
    with atomic_target(target) as handle:
        handle.write(b"new")
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "document.empty"),
        ("a.xlsx", b"PK\x03\x04 cut off", "document.damaged"),
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "document.not-what-its-name-says"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "document.encrypted"),
        ("a.xlsx", b"<html><table>", "document.not-what-its-name-says"),
        ("a.xlsx", "名称,日期".encode(), "document.not-what-its-name-says"),
        ("a.csv", b"a,b\n\0\0,1", "document.not-what-its-name-says"),
        ("a.csv", b"a,b\n" + b"1,2\n" * 2000 + b"\0", "document.not-what-its-name-says"),
        ("a.csv", b"%PDF-1.7", "document.not-what-its-name-says"),
        ("a.csv", b"a,b\n\x81\x20\xff,1", "document.unknown-encoding"),
        ("a.csv", b" ,\n,\n", "document.empty"),
        ("a.xls", OLE, "document.not-what-its-name-says"),
        ("a.wps", OLE, "document.unknown-kind"),
        ("noextension", b"x", "document.unknown-kind"),
    ],
)
def test_bad_files_are_refused_with_a_reason(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert refusal(lambda: read_sheets(path, name)).code == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    code = refusal(lambda: read_sheets(tmp_path / "a.csv", "a.csv")).code
    assert code == "document.cannot-read"


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * (2 * MB))
    finding = refusal(lambda: read_sheets(path, "a.csv", limit=MB))
    assert finding.code == "document.too-large"
    assert (finding.params["size"], finding.params["limit"]) == ("2.0", "1")


def bomb(path: Path, size: int) -> None:
    write_xlsx(path, [OutSheet("a", [OutColumn("题")], [["x"]])])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", b" " * size)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    bomb(path, 30 * MB)
    assert refusal(lambda: read_sheets(path, "a.xlsx")).code == "document.too-large-unpacked"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    bomb(path, 3 * MB)
    content = path.read_bytes()
    assert struct.pack("<L", 3 * MB) in content
    path.write_bytes(content.replace(struct.pack("<L", 3 * MB), struct.pack("<L", 100)))
    assert refusal(lambda: read_sheets(path, "a.xlsx")).code == "document.damaged"


def test_a_word_file_named_xlsx_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_docx(REPORT, path, facts={}, properties=PROPERTIES)
    finding = refusal(lambda: read_sheets(path, "a.xlsx"))
    assert finding.code == "document.not-what-its-name-says"
    assert finding.params["found"] == ".docx"


def test_refused_is_the_only_error_of_random_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [OutSheet("a", [OutColumn("题"), OutColumn("数")], [["x", 1]] * 9)])
    content = path.read_bytes()
    for position in range(0, len(content), 97):
        hurt = bytearray(content)
        hurt[position] ^= 0xFF
        path.write_bytes(bytes(hurt))
        with suppress(Refused):
            read_sheets(path, "a.xlsx")
