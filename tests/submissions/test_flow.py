"""A report on its way: written, reviewed and signed by three people, sealed by a job."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.accounts.models import Membership
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.sealing.checking import check_lines
from taizhang.jobs.models import Job
from taizhang.jobs.worker import run_waiting
from taizhang.outlines import catalogue
from taizhang.outlines.compile import Report, final, report
from taizhang.seals import keys
from taizhang.submissions import flow, stored
from taizhang.submissions.freezing import fingerprint
from taizhang.submissions.models import State, Submission
from tests.conftest import Cast
from tests.factories import verified

from .conftest import BRIEF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brief")]
YEAR = Period.parse("2021")


def annual(cast: Cast, code: str = BRIEF) -> Report:
    outline = catalogue.find(code, cast.association, YEAR)
    return report(outline, cast.association, YEAR)


def submitted(cast: Cast, code: str = BRIEF, **more: Any) -> Submission:
    made = annual(cast, code)
    return flow.submit(made, fingerprint(made), actor=cast.su, **more)


def signed(cast: Cast, code: str = BRIEF, **more: Any) -> Submission:
    submission = submitted(cast, code, **more)
    flow.review(submission, submission.shown, actor=cast.zhi)
    flow.sign(submission, submission.shown, actor=cast.lin)
    assert run_waiting() == 1
    submission.refresh_from_db()
    return submission


def refused(*codes: str) -> Any:
    return pytest.raises(Refused, match="|".join(codes))


def test_three_people_write_review_and_sign_and_the_file_proves_itself(cast: Cast) -> None:
    rows = [verified("activities.activity", n, cast.east, cast) for n in range(3)]
    submission = signed(cast)
    job = Job.objects.get()
    assert submission.state == State.SIGNED, [job.state, job.findings]
    kept = stored.Frozen(submission.root)
    assert kept.head["people"]["wrote"]["name"] == "苏"
    assert kept.figures["volunteering.events"]["value"] == "3"
    assert submission.row_count == 3
    row = kept.row("activities.activity", rows[1].pk)
    assert row is not None
    assert row["fields"]["attendance"] == 101
    assert row["fields"]["themes"] == ["rural", "volunteering"]
    assert kept.row("activities.activity", 0) is None
    with kept.path.open("rb") as file:
        assert check_lines(file, keys.known_keys(), submission.root) == []
    made = annual(cast)
    assert kept.document.blocks == final(made).compiled.document.blocks
    assert "（定稿）" in [block.text for block in kept.document.blocks]


def test_nobody_reviews_or_signs_their_own_work(cast: Cast) -> None:
    Membership.objects.filter(user=cast.su).update(role="manager")
    submission = submitted(cast)
    with refused("submission.own-work"):
        flow.review(submission, submission.shown, actor=cast.su)
    flow.review(submission, submission.shown, actor=cast.zhi)
    with refused("submission.own-work"):
        flow.sign(submission, submission.shown, actor=cast.su)
    with refused("submission.role"):
        flow.sign(submission, submission.shown, actor=cast.zhi)
