"""What is taken away can be put back for thirty days, and proves nothing meanwhile."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.evidence import actions, contents, store
from taizhang.evidence.models import Blob, Evidence
from taizhang.figures import breakdown
from taizhang.figures.facts import facts
from tests.conftest import Cast
from tests.factories import act, make, verified
from tests.steps import body, entries

from .pictures import ACTIVITY, attach, jpeg, scene


@pytest.fixture
def record(cast: Cast) -> Any:
    return make(ACTIVITY.name, 1, cast.east, cast.su)


def files() -> list[Path]:
    return [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]


def age(days: int) -> None:
    """Let so many days go by for everything that was taken away, and for the files."""
    moment = timezone.now() - timedelta(days=days)
    Evidence.everything.filter(removed_at__isnull=False).update(removed_at=moment)
    then = time.time() - days * 86400
    for path in files():
        os.utime(path, (then, then))


@pytest.mark.fast
def test_the_message_after_taking_a_file_away_puts_it_back(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)), "一.jpg")
    browser = sign_in(cast.su)
    page = browser.post(f"/evidence/{proof.pk}/remove/", follow=True)
    (message,) = page.context["messages"]
    way_back = message.extra_tags.removeprefix("undo:")
    assert way_back == f"/evidence/{proof.pk}/restore/"
    assert not Evidence.objects.exists()
    assert browser.get(f"/evidence/{proof.pk}/").status_code == 404
    page = browser.post(way_back, follow=True)
    assert "“一.jpg”" in str(next(iter(page.context["messages"])))
    assert Evidence.objects.get().pk == proof.pk
    assert body(browser.get(f"/evidence/{proof.pk}/"))
    assert [e.verb for e in entries(record)] == ["add", "attach", "detach", "attach"]
    assert browser.post(way_back).status_code == 404, "it is back already"


def test_what_was_taken_away_stands_below_the_gallery_for_those_who_may_put_it_back(
    cast: Cast, record: Any, sign_in: Any
) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)), "一.jpg")
    actions.detach(ACTIVITY, record, proof, actor=cast.su)
    address = f"/activities/activity/{record.pk}/"
    assert f"/evidence/{proof.pk}/restore/" in sign_in(cast.su).get(address).content.decode()
    assert "/restore/" not in sign_in(cast.re).get(address).content.decode()
    for person, status in ((cast.re, 403), (cast.chen, 404)):
        answer = sign_in(person).post(f"/evidence/{proof.pk}/restore/")
        assert answer.status_code == status
    age(31)
    assert "/restore/" not in sign_in(cast.su).get(address).content.decode()


def test_what_was_taken_away_proves_nothing_anywhere(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast)
    proof = attach(record, cast.su, jpeg(scene(1)), kind="check_in")
    second = attach(record, cast.su, jpeg(scene(2)), kind="photo")

    def strength() -> dict[int, int]:
        fact = facts(["rural.events"], "assoc", Period.parse("2021"))["rural.events"]
        return {level: n for level, n in breakdown.strength(fact).items() if n}

    assert strength() == {1: 1}
    actions.detach(ACTIVITY, record, proof, actor=cast.su, reason="错")
    act(record, "verify", cast.zhi)
    assert strength() == {2: 1}
    actions.detach(ACTIVITY, record, second, actor=cast.su, reason="错")
    act(record, "verify", cast.zhi)
    assert strength() == {4: 1}
    browser = sign_in(cast.re)
    listed = browser.get("/activities/activity/?proof=4")
    assert listed.context["summary"]["count"] == 1
    assert browser.get("/activities/activity/?lacks=photo").context["summary"]["count"] == 1


def test_putting_back_does_not_verify_again(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast)
    proof = attach(record, cast.su, jpeg(scene(1)))
    browser = sign_in(cast.su)
    browser.post(f"/evidence/{proof.pk}/remove/", {"reason": "看错了"})
    page = browser.post(f"/evidence/{proof.pk}/restore/", follow=True)
    record.refresh_from_db()
    assert record.state == "submitted"
    assert "待核实" in str(list(page.context["messages"])[-1])


def test_the_same_file_attached_anew_is_not_put_back_a_second_time(cast: Cast, record: Any) -> None:
    first = attach(record, cast.su, jpeg(scene(1)))
    actions.detach(ACTIVITY, record, first, actor=cast.su)
    attach(record, cast.su, jpeg(scene(1)))
    with pytest.raises(Refused) as caught:
        actions.restore(ACTIVITY, record, first, actor=cast.su)
    assert caught.value.findings[0].code == "evidence.already-attached"
    assert Evidence.objects.count() == 1


def test_two_who_take_the_same_file_away_leave_one_entry(cast: Cast, record: Any) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)))
    actions.detach(ACTIVITY, record, proof, actor=cast.su)
    with pytest.raises(Refused) as caught:
        actions.detach(ACTIVITY, record, proof, actor=cast.lin)
    assert caught.value.findings[0].code == "evidence.not-there"
    assert [e.verb for e in entries(record)] == ["add", "attach", "detach"]


def test_nothing_is_put_back_with_a_void_record(cast: Cast, record: Any) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)))
    actions.detach(ACTIVITY, record, proof, actor=cast.su)
    act(record, "void", cast.lin, "重复")
    with pytest.raises(Refused) as caught:
        actions.restore(ACTIVITY, record, proof, actor=cast.su)
    assert caught.value.findings[0].code == "write.void"


def test_the_file_leaves_the_disk_a_month_after_its_last_use(cast: Cast, record: Any) -> None:
    other = make(ACTIVITY.name, 2, cast.west, cast.su)
    content = jpeg(scene(1))
    first, second = attach(record, cast.su, content), attach(other, cast.su, content)
    assert len(files()) == 3, "the file, and two small copies"
    actions.detach(ACTIVITY, record, first, actor=cast.su)
    age(31)
    assert store.sweep() == 0
    assert len(files()) == 3, "another record still uses it"
    assert Evidence.everything.count() == 1
    actions.detach(ACTIVITY, other, second, actor=cast.su)
    age(29)
    assert store.sweep() == 0
    actions.restore(ACTIVITY, other, second, actor=cast.su)
    actions.detach(ACTIVITY, other, second, actor=cast.su)
    age(31)
    assert store.sweep() == 3
    assert files() == []
    assert not Blob.objects.exists()
    assert store.sweep() == 0
    again = attach(other, cast.su, content)
    assert store.blob_path(again.blob.sha256).read_bytes() == content


def test_what_an_interrupted_upload_left_behind_goes_after_a_day(
    cast: Cast, record: Any, monkeypatch: Any
) -> None:
    kept = attach(record, cast.su, jpeg(scene(1)))

    def killed(*given: Any, **more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Evidence.objects, "create", killed)
        with pytest.raises(KeyboardInterrupt):
            attach(record, cast.su, jpeg(scene(2)))
    assert Blob.objects.count() == 1
    assert len(files()) == 4, "the row is gone, the bytes are not"
    half = store.blob_path(kept.blob.sha256).with_name(".half.abcdef.part")
    half.write_bytes(b"x")
    assert store.sweep_left_over() == 0, "it may be an upload that is still going on"
    age(2)
    assert store.sweep() == 0
    assert store.sweep_left_over() == 2
    assert len(files()) == 3
    assert store.blob_path(kept.blob.sha256).exists()


def test_a_copy_that_is_gone_is_made_again(cast: Cast, record: Any) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)))
    path = store.copy_path(proof.blob.sha256, contents.THUMB)
    before = path.read_bytes()
    path.unlink()
    assert store.copy(proof.blob, contents.THUMB) == path
    assert abs(len(path.read_bytes()) - len(before)) < 2000
