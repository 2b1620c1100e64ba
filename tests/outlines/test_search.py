"""Looking for figures while writing: by name, sound and subject words, with value and print."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from taizhang.engines.periods import Period
from taizhang.outlines import search
from taizhang.outlines.own import Place
from tests.conftest import Cast
from tests.factories import terms, verified

HERE = "unit=assoc&period=2021"


def found(cast: Cast, **asked: str) -> Any:
    client = Client()
    client.force_login(cast.su, backend="django.contrib.auth.backends.ModelBackend")
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    address = f"/reports/county-annual/edit/figures/?{HERE}&counted=1&{query}"
    return client.get(address, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("words", "insert"),
    [
        ("科技志愿服务活动", "{volunteering.events}"),
        ("keji", "{volunteering.events}"),
        ("kjzyfwhd", "{volunteering.events}"),
        ("volunteering.events", "{volunteering.events}"),
        ("志愿服务活动", "{volunteering.events}"),
        ("pinpai", "{list:campaigns}"),
        ("rszd", "{list:top-activities}"),
        ("dwmc", "{@unit}"),
    ],
)
def test_they_are_found_in_chinese_by_sound_and_by_code(
    words: str, insert: str, cast: Cast
) -> None:
    if insert == "{list:top-activities}":
        words = "rczd"
    told = found(cast, q=words).context["found"]
    assert insert in [one.insert for one in told]


def test_value_and_print_follow_the_wording(cast: Cast) -> None:
    for number in (1, 2):
        verified(
            "activities.activity",
            number,
            cast.east,
            cast,
            attendance=3918,
            themes=terms("activities.Theme", "volunteering"),
        )
    events = "科技志愿服务活动"
    told = {one.entry.code: one for one in found(cast, q=events).context["found"]}
    assert (told["volunteering.events"].value, told["volunteering.events"].prints) == ("2", "2场次")
    for style, prints in (
        ("汉字", "两场次"),
        ("纯数", "2"),
        ("量词:场", "2场"),
        ("汉字|量词:部分", "两部分"),
    ):
        told = {o.entry.code: o for o in found(cast, q=events, style=style).context["found"]}
        assert told["volunteering.events"].prints == prints
        assert told["volunteering.events"].insert == f"{{volunteering.events|{style}}}"
    told = {o.entry.code: o for o in found(cast, q="受益公众", style="余:100").context["found"]}
    assert told["volunteering.beneficiaries"].prints == "7800余人次"


def test_a_wording_that_cannot_be_read_is_told_and_the_rest_still_found(cast: Cast) -> None:
    answer = found(cast, q="活动", style="余:千")
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert answer.context["found"]


def test_names_do_not_wait_for_values(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*asked: object) -> None:
        raise AssertionError("counted")

    place = Place("county-annual", cast.association, Period.parse("2021"))
    entries = search.find(place, "活动", "zh")
    monkeypatch.setattr(search, "facts", slow)
    told, whole = search.tell([one for one in entries if one.is_figure], place, "", counted=False)
    assert not whole
    assert {one.value for one in told} == {None}


def test_nothing_found_and_odd_questions_are_answers_too(cast: Cast) -> None:
    for words in ("鲸鱼", "", "%00", "x" * 500, "{", "%E2%80%8B"):
        assert found(cast, q=words).status_code == 200
