"""A report is sealed by a real worker while others go on writing: it holds one moment of the ledger."""

from __future__ import annotations

from taizhang.engines.periods import Period
from taizhang.engines.sealing.checking import check_lines
from taizhang.outlines import catalogue, own
from taizhang.outlines.compile import report
from taizhang.seals import keys
from taizhang.submissions import flow, freezing, stored
from taizhang.submissions.drift import drift
from taizhang.submissions.models import State, Submission
from tests.conftest import Cast
from tests.factories import verified
from tests.soak.office import Office, until
from tests.submissions.conftest import OUTLINE

YEAR = Period.parse("2021")
CODE = catalogue.ANNUAL
ACTIVITY = "activities.activity"


def reviewed(people: Cast) -> Submission:
    """The unit's own short report, submitted by Su and reviewed by Zhi."""
    place = own.Place(CODE, people.association, YEAR)
    own.take_in(place, OUTLINE.encode(), "brief.toml", people.su)
    made = report(catalogue.find(CODE, people.association, YEAR), people.association, YEAR)
    submission = flow.submit(made, freezing.fingerprint(made), actor=people.su)
    flow.review(submission, submission.shown, actor=people.zhi)
    return submission


def test_a_worker_seals_what_was_reviewed_and_the_file_proves_itself(
    office: Office, people: Cast
) -> None:
    for number in range(5):
        verified(ACTIVITY, number, people.east, people)
    submission = reviewed(people)
    flow.sign(submission, submission.shown, actor=people.lin)
    assert office.worker("--once").wait(60) == 0, office.log()
    submission.refresh_from_db()
    assert submission.state == State.SIGNED, office.log()
    frozen = stored.Frozen(submission.root)
    version = catalogue.version(CODE, people.association, YEAR)
    assert frozen.head["outline_version"] == version > 0
    with frozen.path.open("rb") as file:
        assert check_lines(file, keys.known_keys(), submission.root) == []
    verified(ACTIVITY, 9, people.west, people)
    (change,) = drift(submission).changes
    assert change.cause == "added"


def test_what_is_written_while_a_report_is_read_is_not_in_it(office: Office, people: Cast) -> None:
    """And whoever writes does not wait for the one who reads."""
    import threading

    from django.db import connection

    from taizhang.activities.models import Activity

    verified(ACTIVITY, 1, people.east, people)
    done = threading.Event()

    def write() -> None:
        verified(ACTIVITY, 2, people.east, people)
        connection.close()
        done.set()

    with freezing.standstill():
        assert Activity.objects.count() == 1
        threading.Thread(target=write).start()
        until(done.is_set, "the other has written", 30)
        assert Activity.objects.count() == 1, "read as it was when it began"
    assert Activity.objects.count() == 2


def test_a_report_that_changed_before_the_worker_came_is_not_sealed(
    office: Office, people: Cast
) -> None:
    verified(ACTIVITY, 1, people.east, people)
    submission = reviewed(people)
    flow.sign(submission, submission.shown, actor=people.lin)
    verified(ACTIVITY, 2, people.east, people)
    assert office.worker("--once").wait(60) == 0, office.log()
    submission.refresh_from_db()
    assert submission.state == State.SIGNING
    flow.heal(submission)
    assert (submission.state, submission.root) == (State.REVIEWED, "")
