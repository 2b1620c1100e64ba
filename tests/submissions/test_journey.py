"""From draft to seal, what a township sends later, the restated report, and both checked off-line."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.engines.sealing.checking import check_lines
from taizhang.engines.sealing.printed import read_seal
from taizhang.jobs.models import Job, State
from taizhang.jobs.worker import run_waiting
from taizhang.seals import keys
from taizhang.submissions import flow, stored
from taizhang.submissions.models import Submission
from tests.conftest import Cast
from tests.factories import act, verified
from tests.steps import body as content

from .conftest import BRIEF
from .test_drift import corrected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brief")]
ACTIVITY = "activities.activity"
DRAFT = f"/reports/{BRIEF}/?unit=assoc&period=2021"


def body(answer: Any) -> str:
    return content(answer).decode()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has a hidden {name}"
    return found[1]


def submit(cast: Cast, reason: str = "") -> Submission:
    """Su opens the draft and submits it."""
    su = browser(cast.su)
    shown = hidden(body(su.get(DRAFT)), "shown")
    given = {"unit": "assoc", "period": "2021", "shown": shown, "reason": reason}
    answer = su.post(f"/submissions/submit/{BRIEF}/", given)
    assert answer.status_code == 302
    return Submission.objects.latest("pk")


def review_and_sign(submission: Submission, cast: Cast) -> Submission:
    """Zhi reviews it, Lin signs it, the job seals it."""
    page = f"/submissions/{submission.pk}/"
    for person, step in ((cast.zhi, "review"), (cast.lin, "sign")):
        client = browser(person)
        shown = hidden(body(client.get(page)), "shown")
        assert client.post(f"{page}{step}/", {"shown": shown}).status_code == 302
    run_waiting()
    submission.refresh_from_db()
    assert submission.is_signed, [job.findings for job in Job.objects.all()]
    return submission


def pack_of(submission: Submission, cast: Cast, folder: Path) -> Path:
    """The unpacked pack to verify."""
    browser(cast.zhi).post(f"/submissions/{submission.pk}/pack/")
    run_waiting()
    job = Job.objects.latest("pk")
    assert job.state == State.DONE, job.findings
    from django.conf import settings as conf

    target = folder / f"v{submission.number}"
    with zipfile.ZipFile(Path(conf.JOBS_ROOT) / job.output) as archive:
        archive.extractall(target)
    return target


def verify(folder: Path, *words: str) -> tuple[int, str]:
    """Run the verifier of the pack in a Python that has nothing else."""
    command = [sys.executable, "-I", "-S", "verify.pyz", "report.json", "--keys", "keys.json"]
    done = subprocess.run(
        [*command, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_report_from_draft_to_restatement_verifies_off_line(cast: Cast, tmp_path: Path) -> None:
    old = [verified(ACTIVITY, n, cast.east, cast) for n in range(1, 5)]
    first = review_and_sign(submit(cast), cast)
    frozen = stored.Frozen(first.root).path.read_bytes()
    verified(ACTIVITY, 11, cast.west, cast)
    verified(ACTIVITY, 12, cast.west, cast)
    corrected(old[0], cast, attendance=500)
    act(old[1], "void", cast.zhi, "重复登记")

    page = body(browser(cast.lin).get(f"/submissions/{first.pk}/drift/"))
    block = r'<section class="block frame" aria-labelledby="d-(\w+)">(.*?)</section>'
    listed = re.findall(block, page, re.DOTALL)
    causes = {cause: re.findall(r"第\d+场科普讲座", text) for cause, text in listed}
    causes.pop("figures")
    assert causes == {
        "added": ["第11场科普讲座", "第12场科普讲座"],
        "corrected": ["第1场科普讲座"],
        "voided": ["第2场科普讲座"],
    }
    assert "重复登记" in page
    assert "核对签到表" in page
    assert "有变动" in body(browser(cast.lin).get("/submissions/tile/"))

    second = review_and_sign(submit(cast, "西镇补报两场，更正一场，作废一场"), cast)
    assert (second.number, second.restates) == (2, first)
    assert stored.Frozen(first.root).path.read_bytes() == frozen, "what is frozen never changes"
    assert stored.Frozen(second.root).head["restates"] == {"version": 1, "root": first.root}
    assert body(browser(cast.lin).get(f"/submissions/{second.pk}/drift/")).count("d-added") == 0

    for submission in (first, second):
        folder = pack_of(submission, cast, tmp_path)
        code, told = verify(folder)
        assert (code, "全部相符" in told) == (0, True), told
        assert verify(folder, "--root", submission.root)[0] == 0
        assert "第" in (folder / "README.txt").read_text("utf-8")
    other = pack_of(first, cast, tmp_path / "again")
    code, told = verify(other, "--root", second.root)
    assert code == 1
    assert "封存根" in told or "封存值" in told, told


def test_the_json_and_the_page_are_the_same_bytes_whenever_they_are_made(cast: Cast) -> None:
    old = verified(ACTIVITY, 1, cast.east, cast)
    submission = review_and_sign(submit(cast), cast)

    def files() -> list[bytes]:
        client = browser(cast.re)
        page = f"/submissions/{submission.pk}/report"
        return [
            b"".join(client.get(f"{page}.{kind}").streaming_content)  # type: ignore[attr-defined]
            for kind in ("json", "html", "docx", "pdf")
        ]

    before = files()
    corrected(old, cast, attendance=999, title="改名")
    stored.Frozen(submission.root).path.with_suffix(".index").unlink()
    assert files() == before
    from taizhang.engines.sealing import frozen as format_

    assert b"".join(format_.lay_out(format_.read(before[0]))) == before[0]
    word = zipfile.ZipFile(io.BytesIO(before[2]))
    assert "word/media/mark.png" in word.namelist()


def test_any_byte_that_is_changed_is_found_and_named(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    verified(ACTIVITY, 2, cast.west, cast)
    submission = review_and_sign(submit(cast), cast)
    whole = stored.Frozen(submission.root).path.read_bytes()
    known = keys.known_keys()
    assert check_lines(io.BytesIO(whole), known) == []

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(position=st.integers(0, len(whole) - 1), flip=st.integers(1, 255))
    def one_byte(position: int, flip: int) -> None:
        broken = bytearray(whole)
        broken[position] ^= flip
        found = [f for f in check_lines(io.BytesIO(bytes(broken)), known) if f.severity == "must"]
        assert found, f"byte {position} of {len(whole)}"
        assert all(finding.where for finding in found)

    one_byte()


def test_any_sign_of_the_printed_seal_that_is_read_wrongly_is_found(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = review_and_sign(submit(cast), cast)
    from taizhang.engines.findings import Refused
    from taizhang.submissions.sealed import seal_of

    text = seal_of(stored.Frozen(submission.root)).text()
    assert read_seal(text).root == submission.root
    for position in range(len(text)):
        for sign in "0x?":
            if text[position] != sign:
                with pytest.raises(Refused):
                    read_seal(text[:position] + sign + text[position + 1 :])


def test_of_two_people_who_sign_at_once_one_is_told_of_the_other(cast: Cast) -> None:
    from taizhang.accounts.models import Membership

    verified(ACTIVITY, 1, cast.east, cast)
    submission = submit(cast)
    flow.review(submission, submission.shown, actor=cast.zhi)
    Membership.objects.filter(user=cast.re).update(role="manager")
    page = f"/submissions/{submission.pk}/"
    first, second = browser(cast.lin), browser(cast.re)
    shown = [hidden(body(client.get(page)), "shown") for client in (first, second)]
    assert first.post(f"{page}sign/", {"shown": shown[0]}).status_code == 302
    answer = second.post(f"{page}sign/", {"shown": shown[1]})
    assert answer.status_code == 422 or answer.status_code == 400
    assert "已由林签发" in body(answer)
    assert Job.objects.count() == 1


def test_a_report_that_changed_after_its_review_is_reviewed_again(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = submit(cast)
    flow.review(submission, submission.shown, actor=cast.zhi)
    verified(ACTIVITY, 2, cast.east, cast)
    page = f"/submissions/{submission.pk}/"
    shown = body(browser(cast.lin).get(page))
    assert "须重新审核" in shown
    assert "签发并封存" not in shown
    review_and_sign(submission, cast)


def test_a_report_with_a_missing_value_is_not_signed(cast: Cast) -> None:
    submission = submit(cast)
    flow.review(submission, submission.shown, actor=cast.zhi)
    answer = browser(cast.lin).post(
        f"/submissions/{submission.pk}/sign/", {"shown": submission.shown}
    )
    assert "缺值" in body(answer)


def test_a_report_signed_by_somebody_who_has_left_still_verifies(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = review_and_sign(submit(cast), cast)
    cast.lin.is_active = False
    cast.lin.save()
    page = body(browser(cast.zhi).get(f"/submissions/{submission.pk}/"))
    assert "签发 林" in page
    with stored.Frozen(submission.root).path.open("rb") as file:
        assert check_lines(file, keys.known_keys()) == []


def test_somebody_who_leaves_before_the_seal_leaves_the_report_to_be_signed_again(
    cast: Cast,
) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = submit(cast)
    flow.review(submission, submission.shown, actor=cast.zhi)
    flow.sign(submission, submission.shown, actor=cast.lin)
    cast.lin.is_active = False
    cast.lin.save()
    run_waiting()
    submission.refresh_from_db()
    flow.heal(submission)
    assert (submission.state, submission.signed_by) == ("reviewed", None)


def test_a_report_that_was_sent_back_says_why_and_can_be_submitted_again(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = submit(cast)
    page = f"/submissions/{submission.pk}/"
    zhi = browser(cast.zhi)
    zhi.post(f"{page}remark/", {"place": "p-3", "text": "这里写明重点人群"})
    zhi.post(f"{page}return/", {"text": "补充第二部分"})
    draft = body(browser(cast.su).get(DRAFT))
    assert "已退回" in draft
    shown = body(browser(cast.su).get(page))
    assert "补充第二部分" in shown
    assert "这里写明重点人群" in shown
    assert submit(cast).pk != submission.pk


def test_a_submission_of_another_unit_does_not_exist(cast: Cast) -> None:
    submission = submit(cast)
    for part in ("", "drift/", "report.json"):
        answer = browser(cast.chen).get(f"/submissions/{submission.pk}/{part}")
        assert answer.status_code == 404


def test_one_person_may_do_all_of_it_where_the_unit_says_so_and_the_report_tells(
    cast: Cast,
) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    lin = browser(cast.lin)
    lin.post("/settings/submissions/", {"unit": "assoc", "one_person": "1"})
    shown = hidden(body(lin.get(DRAFT)), "shown")
    given = {"unit": "assoc", "period": "2021", "shown": shown}
    lin.post(f"/submissions/submit/{BRIEF}/", given)
    submission = Submission.objects.get()
    page = f"/submissions/{submission.pk}/"
    for step in ("review", "sign"):
        lin.post(f"{page}{step}/", {"shown": hidden(body(lin.get(page)), "shown")})
    run_waiting()
    submission.refresh_from_db()
    assert submission.is_signed
    assert stored.Frozen(submission.root).head["one_person"] is True
    assert "一人办理" in body(lin.get(page))


def test_the_unit_above_signs_too_and_keeps_the_root(cast: Cast) -> None:
    from taizhang.accounts.models import Membership, User
    from taizhang.submissions.models import KeptRoot

    verified(ACTIVITY, 1, cast.east, cast)
    people = [User.objects.create(username=name) for name in ("dong1", "dong2", "dong3")]
    for user, role in zip(people, ("recorder", "verifier", "manager"), strict=True):
        Membership.objects.create(user=user, unit=cast.east, role=role)
    draft = f"/reports/{BRIEF}/?unit=east&period=2021"
    su = browser(people[0])
    given = {"unit": "east", "period": "2021", "shown": hidden(body(su.get(draft)), "shown")}
    su.post(f"/submissions/submit/{BRIEF}/", given)
    submission = Submission.objects.get()
    flow.review(submission, submission.shown, actor=people[1])
    flow.sign(submission, submission.shown, actor=people[2])
    run_waiting()
    page = f"/submissions/{submission.pk}/"
    assert "countersign" not in body(browser(people[2]).get(page))
    browser(cast.lin).post(f"{page}countersign/")
    run_waiting()
    submission.refresh_from_db()
    kept = KeptRoot.objects.get()
    assert (kept.root, kept.keeper) == (submission.root, cast.association)
    frozen = stored.Frozen(submission.root)
    assert [one["role"] for one in frozen.parts["signatures"]] == ["unit", "parent"]
    with frozen.path.open("rb") as file:
        assert check_lines(file, keys.known_keys(), submission.root) == []
    assert "会签" in body(browser(cast.lin).get(page))


def test_the_proof_of_one_record_shows_no_other(cast: Cast, tmp_path: Path) -> None:
    one = verified(ACTIVITY, 1, cast.east, cast)
    verified(ACTIVITY, 2, cast.west, cast)
    submission = review_and_sign(submit(cast), cast)
    answer = browser(cast.su).get(f"/submissions/{submission.pk}/proof/{ACTIVITY}/{one.pk}/")
    proof = tmp_path / "proof.json"
    proof.write_bytes(answer.content)
    assert "第2场" not in body(answer)
    from taizhang.verifier.check import check_file

    assert check_file(proof, keys=keys.known_keys(), root=submission.root) == []
    proof.write_bytes(answer.content.replace("第1场".encode(), "第9场".encode()))
    assert [f.code for f in check_file(proof, keys=keys.known_keys())] == ["seal.proof-wrong"]
