"""Going anywhere: one field for pages, registers, figures, reports and records."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.goto import destinations
from taizhang.search import index
from tests.conftest import Cast
from tests.factories import act, make


def titles(browser: Any, words: str) -> dict[str, list[str]]:
    """What is found: the heading of each group, and the titles under it."""
    context = browser.get("/goto/", {"q": words}).context
    found = {str(kind.label): [one.title for one in some] for kind, some in context["places"]}
    return found | {
        group.label: [line.title for line in group.lines] for group in context["groups"]
    }


@pytest.mark.fast
@pytest.mark.parametrize(
    ("words", "group", "title"),
    [
        ("工作台", "页面", "工作台"),
        ("gzt", "页面", "工作台"),
        ("shezhi", "页面", "设置"),
        ("password", "页面", "设置"),
        ("活动台账", "台账", "活动台账"),
        ("hdtz", "台账", "活动台账"),
        ("志愿 名册", "台账", "志愿者名册"),
        ("nianDuGongZuo", "报告", "旗县科协年度工作报告"),
        ("zhiyuanfuwu", "指标", "科技志愿服务活动"),
        ("volunteering.events", "指标", "科技志愿服务活动"),
        ("rural.events", "指标", "助力乡村振兴活动"),
        ("xinzeng huodong", "操作", "新增：活动"),
    ],
)
def test_pages_registers_figures_and_reports_are_found_in_chinese_and_by_sound(
    words: str, group: str, title: str, cast: Cast, sign_in: Any
) -> None:
    assert title in titles(sign_in(cast.su), words).get(group, [])


def test_every_page_that_is_offered_is_there(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.lin)
    for source in destinations.sources:
        for one in source(cast.lin):
            assert browser.get(one.url).status_code == 200, one
    assert {name for name, _title, _words in destinations.PAGES if not reverse(name)} == set()


def test_records_are_found_by_title_code_and_sound_newest_first(cast: Cast, sign_in: Any) -> None:
    for number in range(1, 8):
        make("activities.activity", number, cast.east, cast.su, title=f"养蜂技术培训第{number}期")
    make("places.place", 1, cast.east, cast.su, name="养蜂展览馆")
    browser = sign_in(cast.re)
    for words in ("养蜂", "yangfeng", "yangf", "yang 蜂"):
        found = titles(browser, words)
        assert found["活动台账"] == [f"养蜂技术培训第{n}期" for n in range(7, 2, -1)], words
        assert len(found) == 2
    (group, _places) = browser.get("/goto/", {"q": "养蜂"}).context["groups"]
    assert browser.get(group.more).context["summary"]["count"] == 7
    line = group.lines[0]
    assert line.note == "east/HD-2021-0007"
    assert browser.get(line.url).status_code == 200
    assert titles(browser, "hd-2021-0003")["活动台账"] == ["养蜂技术培训第3期"]


def test_what_is_void_is_not_somewhere_to_go(cast: Cast, sign_in: Any) -> None:
    place = make("places.place", 1, cast.east, cast.su, name="养蜂展览馆")
    assert titles(sign_in(cast.su), "养蜂") == {"场所台账": ["养蜂展览馆"]}
    act(place, "void", cast.lin, "重复")
    assert titles(sign_in(cast.su), "养蜂") == {}


def test_chen_finds_nothing_of_ours(cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su, title="养蜂技术培训")
    make("volunteers.volunteer", 1, cast.east, cast.su, name="曾小明")
    browser = sign_in(cast.chen)
    for words in ("养蜂", "yfjs", "曾", "zxm", "east", "东镇"):
        assert browser.get("/goto/", {"q": words}).context["groups"] == []


def test_names_of_people_are_found_by_those_who_may_read_them(cast: Cast, sign_in: Any) -> None:
    make("volunteers.volunteer", 1, cast.east, cast.su, name="曾小明", speciality="养蜂")
    for words in ("曾小", "zxm", "zengx"):
        assert titles(sign_in(cast.bo), words) == {"志愿者名册": ["曾小明"]}
        assert titles(sign_in(cast.re), words) == {}
    assert titles(sign_in(cast.re), "养蜂") == {"志愿者名册": ["曾**"]}


def test_a_reader_is_offered_no_new_record(cast: Cast, sign_in: Any) -> None:
    assert "新增：活动" in titles(sign_in(cast.bo), "")["操作"]
    assert not any("新增" in one for one in titles(sign_in(cast.re), "").get("操作", []))


@pytest.mark.parametrize(
    "words", ["", "  ", "%", "'\"\\", "\0", "养" * 200, "a b c d e f g h i", "😀"]
)
def test_whatever_is_typed_is_answered(words: str, cast: Cast, sign_in: Any) -> None:
    assert sign_in(cast.su).get("/goto/", {"q": words}).status_code == 200


def test_a_script_gets_the_dialog_and_then_what_was_found_alone(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    dialog = browser.get("/goto/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert "data-goto-field" in dialog
    found = browser.get("/goto/", {"q": "hdtz"}, headers={"HX-Request": "true"}).content.decode()
    assert "data-goto-field" not in found
    assert "活动台账" in found
    assert "没有" in browser.get("/goto/", {"q": "zzzz"}).content.decode()


def test_a_guest_is_asked_to_sign_in(db: Any, client: Any) -> None:
    assert client.get("/goto/?q=x").status_code == 302


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How big an area is, is asked once in a while: not between the two that are compared.
    monkeypatch.setattr(index, "_known_small", {})
    browser = sign_in(cast.su)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/goto/", {"q": "养蜂"})
        return len(queries)

    make("activities.activity", 1, cast.east, cast.su, title="养蜂一期")
    make("places.place", 1, cast.east, cast.su, name="养蜂馆")
    asked()
    few = asked()
    for number in range(2, 12):
        make("activities.activity", number, cast.east, cast.su, title="养蜂二期")
        make("places.place", number, cast.east, cast.su, name=f"养蜂{number}馆")
    assert asked() == few
