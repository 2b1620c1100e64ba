"""Search finds what people type, be it one Chinese character."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cast
from tests.factories import make


@pytest.mark.fast
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("蜂", {"养蜂技术培训"}),
        ("养蜂", {"养蜂技术培训"}),
        ("讲座", {"冬季防火讲座", "口腔健康讲座"}),
        ("讲座 口腔", {"口腔健康讲座"}),
        ("技 训", {"养蜂技术培训"}),
        ("讲座 养蜂", set()),
        ("hd-2021-0003", {"口腔健康讲座"}),
        ("广场", {"冬季防火讲座"}),
        ("%", set()),
        ("_", set()),
        ("'", set()),
    ],
)
def test_every_word_must_stand_somewhere_in_the_row(
    words: str, expected: set[str], cast: Cast, sign_in: Any
) -> None:
    for number, (title, place) in enumerate(
        (("养蜂技术培训", "村部"), ("冬季防火讲座", "中心广场"), ("口腔健康讲座", "小学")), start=1
    ):
        make("activities.activity", number, cast.east, cast.su, title=title, location=place)
    browser = sign_in(cast.re)
    page = browser.get("/activities/activity/", {"q": words})
    assert {line.record.title for line in page.context["lines"]} == expected
    found = browser.get("/activities/activity/lookup/", {"q": words}).json()["rows"]
    assert {row["title"] for row in found} == expected


def test_child_rows_are_found_by_the_words_of_their_parent(cast: Cast, sign_in: Any) -> None:
    activity = make("activities.activity", 1, cast.east, cast.su, title="养蜂技术培训")
    make("activities.handout", 1, cast.east, cast.su, activity=activity)
    make("activities.handout", 2, cast.east, cast.su)
    page = sign_in(cast.re).get("/activities/handout/", {"q": "蜂"})
    assert page.context["summary"]["count"] == 1


def test_the_lookup_offers_at_most_twenty_and_nothing_void(cast: Cast, sign_in: Any) -> None:
    from tests.factories import act

    for number in range(22):
        place = make("places.place", number, cast.east, cast.su, name=f"站{number:02d}")
    act(place, "void", cast.lin, "重复")
    browser = sign_in(cast.su)
    assert len(browser.get("/places/place/lookup/?q=站").json()["rows"]) == 20
    assert browser.get("/places/place/lookup/?q=站21").json()["rows"] == []
