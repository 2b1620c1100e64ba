"""Clerks at one outline: written, met, compared, restored, copied, handed on as a file."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taizhang.engines.periods import Period
from taizhang.figures.definitions import shipped
from taizhang.figures.uses import uses
from taizhang.outlines import catalogue, own
from taizhang.outlines.models import Comment, OutlineVersion, OwnOutline
from taizhang.outlines.own import Place
from tests.conftest import Cast
from tests.factories import terms, verified
from tests.steps import body, texts

HERE = "unit=assoc&period=2021"
PAGE = f"/reports/county-annual/edit/?{HERE}"
SCRIPT = {"HX-Request": "true"}


def at(path: str, place: str = HERE) -> str:
    return f"/reports/county-annual/edit/{path}?{place}"


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def place(cast: Cast, unit: Any = None, period: str = "2021") -> Place:
    return Place("county-annual", unit or cast.association, Period.parse(period))


def block_with(cast: Cast, words: str) -> Any:
    text, _kept = own.text_of(place(cast))
    return next(block for block in text.blocks if words in block.text)


def write(client: Client, block: Any, text: str, **more: Any) -> Any:
    sent = {"text": text, "base": block.version} | more
    return client.post(at(f"blocks/{block.id}/"), sent)


def report(client: Client, where: str = HERE) -> str:
    response = client.get(f"/reports/county-annual/?{where}")
    assert response.status_code == 200
    return "\n".join(texts(response.content.decode()))


def test_a_clerk_changes_a_sentence_and_only_this_report_says_it(cast: Cast) -> None:
    su = browser(cast.su)
    assert catalogue.version("county-annual", cast.association, Period.parse("2021")) == 0
    assert "通用提纲" in su.get(PAGE).content.decode()
    block = block_with(cast, "科技馆免费开放")
    answer = write(su, block, "科技馆接待公众{museum.visits|余:100}，比上年多。")
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#{block.id}")
    assert catalogue.version("county-annual", cast.association, Period.parse("2021")) == 2
    assert "，比上年多。" in report(su)
    for other in ("unit=assoc&period=2020", "unit=east&period=2021"):
        assert "，比上年多。" not in report(su, other)
    assert [v.act for v in OutlineVersion.objects.all()] == ["written", "adopted"]
    page = su.get(PAGE).content.decode()
    assert "苏" in page
    assert "第 2 版" in page


def test_only_recorders_of_the_unit_edit_and_others_do_not_even_find_it(cast: Cast) -> None:
    block = catalogue.shipped("county-annual").blocks[3]
    for path in ("", f"blocks/{block.id}/", "versions/", "files/", "outline.toml", "figures/"):
        assert browser(cast.re).get(at(path)).status_code == 403
        assert browser(cast.chen).get(at(path)).status_code == 404
        assert browser(cast.bo).get(at(path)).status_code == 404
        assert browser(cast.bo).get(at(path, "unit=east&period=2021")).status_code == 200
        assert Client().get(at(path)).status_code == 302
    assert write(browser(cast.re), block, "不行。").status_code == 403
    assert write(browser(cast.chen), block, "不行。").status_code == 404
    assert not OwnOutline.objects.exists()
    assert "编辑提纲" not in report(browser(cast.re))
    assert "编辑提纲" in report(browser(cast.su))


def test_two_at_one_paragraph_see_both_texts_and_choose(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    block = block_with(cast, "经费偏少")
    write(su, block, "经费不足。人员不足。")
    met = write(zhi, block, "经费偏少。设备不足。")
    assert met.status_code == 409
    page = met.content.decode()
    assert "苏" in page
    assert "经费不足。人员不足。" in page
    assert ">\n经费偏少。设备不足。</textarea>" in page
    assert "<del>" in page
    assert "<ins>" in page
    theirs = met.context["theirs"]
    assert write(zhi, theirs, "经费和设备不足。").status_code == 302
    assert "经费和设备不足。" in report(su)
    assert [v.written_by for v in OutlineVersion.objects.all()[:2]] == [cast.zhi, cast.su]


def test_the_same_words_twice_are_no_conflict_and_no_version(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    block = block_with(cast, "经费偏少")
    write(su, block, "经费不足。")
    assert write(zhi, block, "经费不足。").status_code == 302
    assert OwnOutline.objects.get().version == 2


def test_what_one_wrote_is_not_lost_when_the_other_deleted_it(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    block = block_with(cast, "经费偏少")
    su.post(at(f"blocks/{block.id}/remove/"), {"base": 0})
    answer = write(zhi, block, "我写了很久的一段。")
    assert answer.status_code == 422
    assert "我写了很久的一段。" in answer.content.decode()
    back = su.post(at("undo/"), {"version": 2})
    assert back.status_code == 302
    # It is there again, but may have been changed on the way: both texts are shown.
    assert write(zhi, block, "我写了很久的一段。").status_code == 409


def test_a_section_changed_meanwhile_is_not_deleted_unseen(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    heading = block_with(cast, "科学素质建设")
    write(su, block_with(cast, "青少年科技教育"), "青少年科技教育另写。")
    answer = zhi.post(at(f"blocks/{heading.id}/remove/"), {"base": 0}, headers=SCRIPT)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#ed-said"
    assert "又被改过" in answer.content.decode()
    assert "青少年科技教育另写。" in report(su)


def test_blocks_are_added_moved_and_deleted_and_each_step_is_undone(cast: Cast) -> None:
    su = browser(cast.su)
    first = block_with(cast, "党的建设")
    start = report(su)
    kinds = [one["value"] for one in su.get(at(f"blocks/{first.id}/add/")).context["kinds"]]
    assert kinds == ["body-0", "heading-1", "heading-2"]
    sent = {"kind": "heading-2", "text": "新的一节"}
    assert su.post(at(f"blocks/{first.id}/add/"), sent).status_code == 302
    added = block_with(cast, "新的一节")
    assert added.level == 2
    assert su.post(at(f"blocks/{first.id}/move/"), {"way": "down"}).status_code == 302
    assert "二、党的建设" in report(su)
    assert su.post(at(f"blocks/{first.id}/remove/"), {"base": 3}).status_code == 302
    assert "新的一节" not in report(su)
    for version in (4, 5, 6):
        assert su.post(at("undo/"), {"version": version}).status_code == 302
    assert report(su) == start.replace("通用提纲", "")
    over = su.post(at("undo/"), {"version": 7}, headers=SCRIPT)
    assert "没有可以撤销的修改" in over.content.decode()


def test_undo_takes_back_only_what_was_looked_at(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    write(su, block_with(cast, "经费偏少"), "甲。")
    write(zhi, block_with(cast, "加强理论学习"), "乙。")
    answer = su.post(at("undo/"), {"version": 2}, headers=SCRIPT)
    assert answer.status_code == 422
    assert "乙。" in report(su)


def test_versions_are_compared_in_words_and_an_old_one_is_restored(cast: Cast) -> None:
    su = browser(cast.su)
    block = block_with(cast, "经费偏少")
    write(su, block, block.text.replace("经费偏少", "经费不足"))
    page = su.get(at("versions/") + "&from=1&to=2")
    (change,) = page.context["changes"]
    assert [(p.how, p.text) for p in change.pieces if p.how != "same"] == [
        ("gone", "偏少"),
        ("new", "不足"),
    ]
    assert "<del>偏少</del><ins>不足</ins>" in page.content.decode()
    assert su.post(at("versions/1/restore/")).status_code == 302
    assert OwnOutline.objects.get().version == 3
    assert "经费偏少" in report(su)
    assert su.get(at("versions/") + "&from=1&to=9").status_code == 404
    assert su.post(at("versions/9/restore/")).status_code == 404
    assert su.get(at("versions/") + "&from=x&to=").status_code == 404


def test_an_outline_is_copied_to_a_town_and_to_the_next_year(cast: Cast) -> None:
    su = browser(cast.su)
    write(su, block_with(cast, "经费偏少"), "{@unit}经费不足。")
    sent = {"unit": "east", "period": "2022"}
    answer = su.post(at("copy/"), sent, follow=True)
    assert answer.status_code == 200
    assert "东镇科协经费不足。" in report(su, "unit=east&period=2022")
    assert "东镇科协经费不足。" in report(browser(cast.bo), "unit=east&period=2022")
    kept = OwnOutline.objects.get(unit=cast.east)
    assert [v.act for v in kept.versions.all()] == ["copied", "adopted"]
    for unit, period, status in (
        ("elsewhere", "2022", 404),
        ("east", "2022-13", 302),
        ("assoc", "2021", 302),
    ):
        refused = su.post(at("copy/"), {"unit": unit, "period": period}, headers={"Referer": PAGE})
        assert refused.status_code in (status, 400)
    assert OwnOutline.objects.count() == 2


def test_an_outline_goes_out_as_toml_and_comes_back_with_its_ids(cast: Cast) -> None:
    su = browser(cast.su)
    block = block_with(cast, "经费偏少")
    write(su, block, '经费“不足”，\\ "引号"。')
    file = su.get(at("outline.toml"))
    assert file["Content-Disposition"].startswith("attachment")
    document = tomllib.loads(body(file).decode())
    assert block.id in document["ids"]
    su.post(at(f"blocks/{block.id}/remove/"), {"base": 9})
    upload = SimpleUploadedFile("提纲.toml", body(file))
    answer = su.post(at("import/"), {"file": upload}, follow=True)
    assert answer.status_code == 200
    assert block_with(cast, "引号").id == block.id
    assert '经费“不足”，\\ "引号"。' in report(su)
    assert OutlineVersion.objects.first().note == "提纲.toml"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "缺少"),
        (b"\xff", "UTF-8"),
        (b"title = [", "TOML"),
        (b"#" * 300_000, "KB"),
        (
            'title=["甲"]\nname={zh="甲",en="A"}\n[[parts]]\nheading="{museum.visits}"'.encode(),
            "标题",
        ),
        (
            'title=["甲"]\nname={zh="甲",en="A"}\n[[parts]]\nheading="乙"\nparagraphs=["{no.such}"]'.encode(),
            "no.such",
        ),
    ],
)
def test_a_file_that_is_no_outline_changes_nothing_and_says_why(
    cast: Cast, content: bytes, told: str
) -> None:
    su = browser(cast.su)
    answer = su.post(at("import/"), {"file": SimpleUploadedFile("a.toml", content)})
    assert answer.status_code in (400, 413)
    assert told in answer.content.decode()
    assert not OwnOutline.objects.exists()


def test_text_that_cannot_be_read_is_told_and_kept_in_the_field(cast: Cast) -> None:
    su = browser(cast.su)
    block = block_with(cast, "经费偏少")
    for text in ("{museum.visit}", "{museum.visits|余:}", "{", "{list:none}", "  ", "长" * 4001):
        answer = write(su, block, text)
        assert answer.status_code == 422, text
        assert f"\n{text}</textarea>" in answer.content.decode()
    assert not OwnOutline.objects.exists()


def test_a_figure_that_vanished_breaks_no_page_and_is_told_with_its_place(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    su = browser(cast.su)
    write(su, block_with(cast, "经费偏少"), "接待{museum.visits}，名为{list:campaigns}。")
    rest = {c: d for c, d in shipped().items() if c != "museum.visits"}
    for module in ("catalogue", "own"):
        monkeypatch.setattr(f"taizhang.outlines.{module}.of_unit", lambda unit: rest)
    monkeypatch.setattr("taizhang.outlines.catalogue.LISTS", {})
    found = su.get(f"/reports/county-annual/?{HERE}")
    told = [one["finding"] for one in found.context["findings"]]
    assert {"outline.unknown-figure", "outline.unknown-list"} <= {one.code for one in told}
    places = {one.where for one in told if one.code.startswith("outline.")}
    assert all(f'id="{where}"' in found.content.decode() for where in places)
    assert "{museum.visits}" in found.content.decode()
    page = su.get(PAGE)
    assert page.status_code == 200
    assert [one for one in page.context["faults"] if "museum.visits" in one["text"]]
    # The sentence beside it can still be changed.
    assert write(su, block_with(cast, "加强理论学习"), "新的打算。").status_code == 302


def test_a_figure_knows_the_own_outlines_it_stands_in(cast: Cast) -> None:
    su = browser(cast.su)
    block = block_with(cast, "组织懂蒙古语")
    write(su, block, "全年活动{volunteering.events}。")
    assert [use.place for use in uses("volunteering.events", "assoc", "2021")] == [
        "科技志愿服务",
        "少数民族科普",
    ]
    assert uses("minority.events", "assoc", "2021") == []
    assert [use.place for use in uses("minority.events", "assoc", "2020")] == ["少数民族科普"]


def test_saved_changes_of_others_are_told_to_whoever_looks(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    write(su, block_with(cast, "经费偏少"), "甲。")
    look = at("changes/") + "&said=0.0&since="
    with django_assert_max_num_queries(12):
        assert zhi.get(f"{look}2", headers=SCRIPT).status_code == 204
    block = block_with(cast, "加强理论学习")
    write(su, block, "乙。")
    answer = zhi.get(f"{look}2", headers=SCRIPT)
    assert answer.context["changed"] == {block.id}
    assert not answer.context["shape"]
    page = answer.content.decode()
    assert "苏" in page
    assert "乙。" in page
    assert "甲。" not in page
    su.post(at(f"blocks/{block.id}/move/"), {"way": "up"})
    assert zhi.get(f"{look}3", headers=SCRIPT).context["shape"]
    assert zhi.get(f"{look}0", headers=SCRIPT).context["changed"] >= {block.id}
    for since in ("99", "x", "-1", ""):
        assert zhi.get(look + since, headers=SCRIPT).status_code == 200


def test_comments_stay_with_their_paragraph_until_they_are_settled(cast: Cast) -> None:
    su, zhi = browser(cast.su), browser(cast.zhi)
    block = block_with(cast, "经费偏少")
    assert (
        zhi.post(at(f"blocks/{block.id}/comment/say/"), {"text": "数字请核对"}).status_code == 302
    )
    write(su, block, "改过的一段。")
    (one,) = su.get(PAGE).context["comments"]
    assert one["line"].shown.block.text == "改过的一段。"
    said = Comment.objects.get()
    su.post(at(f"comments/{said.pk}/"))
    said.refresh_from_db()
    assert said.resolved_by == cast.su
    su.post(at(f"comments/{said.pk}/"), {"open": "1"})
    said.refresh_from_db()
    assert said.resolved_at is None
    su.post(at(f"blocks/{block.id}/remove/"), {"base": 9})
    assert "所在段落已删除" in su.get(PAGE).content.decode()
    for text in ("", " ", "长" * 1001):
        sent = zhi.post(at("blocks/b1/comment/say/"), {"text": text}, headers=SCRIPT)
        assert sent.status_code == 422
    assert zhi.post(at("blocks/b999/comment/say/"), {"text": "在哪"}).status_code == 404
    assert browser(cast.chen).post(at(f"comments/{said.pk}/")).status_code == 404
    east = at(f"comments/{said.pk}/", "unit=east&period=2021")
    assert browser(cast.bo).post(east).status_code == 404


def test_last_year_s_text_is_shown_with_last_year_s_values(cast: Cast) -> None:
    verified(
        "activities.activity",
        1,
        cast.east,
        cast,
        held_on=date(2020, 5, 1),
        themes=terms("activities.Theme", "volunteering"),
    )
    su = browser(cast.su)
    block = block_with(cast, "全年开展科技志愿服务活动")
    page = su.get(at(f"blocks/{block.id}/before/"), headers=SCRIPT).content.decode()
    assert "1场次" in page
    assert "2020" in page
    plain = su.get(at(f"blocks/{block.id}/") + "&before=1").content.decode()
    assert "1场次" in plain


def test_lists_from_registers_stand_in_the_report(cast: Cast) -> None:
    campaign = terms("activities.Campaign", *())
    assert campaign == []
    for number, attendance in ((1, 30), (2, 500), (3, 200)):
        verified(
            "activities.activity",
            number,
            cast.east,
            cast,
            attendance=attendance,
            title=f"活动{number}",
        )
    su = browser(cast.su)
    write(
        su, block_with(cast, "经费偏少"), "人多的是{list:top-activities|2}。名为{list:campaigns}。"
    )
    found = su.get(f"/reports/county-annual/?{HERE}")
    assert "人多的是“活动2”“活动3”。名为缺项。" in found.content.decode()
    assert "report.empty-list" in [one["finding"].code for one in found.context["findings"]]


def test_pages_ask_a_fixed_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    su = browser(cast.su)
    for number in range(6):
        write(su, block_with(cast, "现将有关情况"), f"现将有关情况报告如下{number}。")
    su.get(PAGE)
    with django_assert_max_num_queries(100):  # a few for each register that the outline counts
        su.get(PAGE)
    block = block_with(cast, "现将有关情况")
    with django_assert_max_num_queries(30):
        su.get(at(f"blocks/{block.id}/") + "&view=1", headers=SCRIPT)
