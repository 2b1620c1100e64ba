"""What is checked beside the report: its evidence, the keys, the command line, a very long report."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from taizhang.engines.findings import Refused
from taizhang.engines.outlines.parse import parse_outline
from taizhang.evidence import actions
from taizhang.figures.definitions import shipped
from taizhang.jobs.models import Job
from taizhang.jobs.worker import run_waiting
from taizhang.ledger import catalogue as registers
from taizhang.outlines import catalogue
from taizhang.seals import keys
from taizhang.submissions import flow, stored
from tests.conftest import Cast
from tests.factories import act, make, verified

from .conftest import BRIEF
from .test_flow import signed, submitted
from .test_journey import pack_of, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brief")]
ACTIVITY = "activities.activity"


def test_a_byte_changed_in_evidence_is_found_and_names_its_record(
    cast: Cast, tmp_path: Path
) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    sheet = b"%PDF-1.4\n% sign-in sheet\n%%EOF\n"
    register = registers.get(ACTIVITY)
    actions.attach(register, record, actor=cast.su, content=sheet, name="签到表.pdf", kind="sheet")
    record.refresh_from_db()
    act(record, "submit", cast.su)
    act(record, "verify", cast.zhi)
    folder = pack_of(signed(cast), cast, tmp_path)
    (kept,) = (folder / "evidence").iterdir()
    code, told = verify(folder, "--evidence", "evidence")
    assert (code, "全部相符" in told) == (0, True), told
    kept.write_bytes(sheet.replace(b"sign-in", b"sign-up"))
    code, told = verify(folder, "--evidence", "evidence")
    assert code == 1
    assert kept.name in told
    assert f"rows/{ACTIVITY}/{record.pk}" in told
    kept.unlink()
    code, told = verify(folder, "--evidence", "evidence")
    assert (code, "1 个文件不在" in told) == (0, True), told


def test_a_byte_changed_in_the_file_of_keys_is_found(cast: Cast, tmp_path: Path) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    folder = pack_of(signed(cast), cast, tmp_path)
    file = folder / "keys.json"
    known = json.loads(file.read_text("utf-8"))
    digits = known["keys"][0]["key"]
    known["keys"][0]["key"] = ("0" if digits[0] != "0" else "1") + digits[1:]
    file.write_text(json.dumps(known), "utf-8")
    assert verify(folder)[0] == 1
    file.write_text("{", "utf-8")
    assert verify(folder)[0] == 2


def test_a_secret_key_that_is_not_the_units_signs_nothing(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = submitted(cast)
    flow.review(submission, submission.shown, actor=cast.zhi)
    keys.key_of(cast.association)
    (file,) = Path(settings.KEYS_ROOT).iterdir()
    digits = file.read_text("ascii")
    file.write_text(("0" if digits[0] != "0" else "1") + digits[1:], "ascii")
    flow.sign(submission, submission.shown, actor=cast.lin)
    run_waiting()
    (told,) = Job.objects.get().findings
    assert told["code"] == "seal.key-other"
    flow.heal(submission)
    assert submission.state == "reviewed"
    assert list(Path(settings.FROZEN_ROOT).iterdir()) == [], "no half-written file is left"


def test_the_command_line_checks_a_report(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from taizhang.verifier import offline

    verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    path = tmp_path / "report.json"
    whole = stored.Frozen(submission.root).path.read_bytes()
    path.write_bytes(whole)
    assert offline.main([str(path)]) == 0
    assert "公钥" in capsys.readouterr().out, "it says that nobody named the keys"
    path.write_bytes(whole.replace("第1场".encode(), "第2场".encode()))
    assert offline.main([str(path)]) == 1
    assert f"rows/{ACTIVITY}/" in capsys.readouterr().out
    path.write_bytes(b"\x00\x01")
    assert offline.main([str(path)]) == 1
    assert offline.main([str(tmp_path / "nothing.json")]) == 2


def test_a_report_of_five_thousand_numbers_is_signed_and_opened(
    cast: Cast, monkeypatch: Any, sign_in: Any
) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    sentence = "开展活动{volunteering.events}，受益公众{volunteering.beneficiaries|纯数}人次。"
    text = (
        f'code = "{BRIEF}"\nname = {{zh = "长", en = "Long"}}\ntitle = ["长报告"]\nbyline = ""\n'
        f'[[parts]]\nheading = "活动"\nparagraphs = {json.dumps([sentence] * 2500, ensure_ascii=False)}\n'
    )
    outline = parse_outline(tomllib.loads(text), shipped(), "long.toml")
    monkeypatch.setattr(catalogue, "outlines", lambda: {BRIEF: outline})
    submission = signed(cast)
    assert len(stored.Frozen(submission.root).document.figures()) == 5000
    answer = sign_in(cast.re).get(f"/submissions/{submission.pk}/")
    assert answer.content.count(b'class="fig sealed') == 5000


def test_a_file_that_was_damaged_on_the_server_is_a_sentence_on_its_page(
    cast: Cast, sign_in: Any
) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    kept = stored.Frozen(submission.root)
    kept.path.with_suffix(".index").unlink(missing_ok=True)
    kept.path.write_bytes(kept.path.read_bytes().replace(b'"figures":[', b'"figurez":['))
    answer = sign_in(cast.re).get(f"/submissions/{submission.pk}/")
    assert answer.status_code < 500
    assert "已损坏" in answer.content.decode()
    kept.path.unlink()
    answer = sign_in(cast.re).get(f"/submissions/{submission.pk}/")
    assert "不在保存处" in answer.content.decode()
    with pytest.raises(Refused):
        stored.Frozen("../../etc/passwd")
