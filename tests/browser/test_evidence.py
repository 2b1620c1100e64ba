"""Adding evidence as people do: dropped, pasted, photographed, several at once – and without a script."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tools.browsing import follow

pytestmark = pytest.mark.browser

RECORDER = "suhe"
Visit = Callable[..., Any]

GIVE = """([kind, files]) => {
    const held = new DataTransfer();
    for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        held.items.add(new File([bytes], name, { type }));
    }
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
    return event.defaultPrevented;
}"""


def photo(seed: int) -> bytes:
    dice = Random(seed)  # noqa: S311 - for looks only
    picture = Image.new("RGB", (640, 480), (dice.randrange(256), 90, 120))
    pen = ImageDraw.Draw(picture)
    for _thing in range(12):
        x, y, size = dice.randrange(640), dice.randrange(480), dice.randrange(20, 160)
        pen.ellipse((x, y, x + size, y + size), fill=(dice.randrange(256), dice.randrange(256), 60))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88)
    return target.getvalue()


def given(name: str, content: bytes, kind: str = "image/jpeg") -> list[str]:
    return [name, kind, base64.b64encode(content).decode()]


def open_record(page: Any, title: str) -> None:
    page.goto("/activities/activity/?q=" + title)
    follow(page.locator("tbody .lead a").first)
    page.locator("#evidence").wait_for()


def test_files_dropped_and_pasted_are_sent_one_by_one_each_as_its_own_kind(visit: Visit) -> None:
    page = visit(RECORDER)
    open_record(page, "接羔保育技术上门指导")
    before = page.locator("#evidence figure").count()
    dropped = [given("现场.jpg", photo(1)), given("程序.exe", b"MZ", "application/octet-stream")]
    assert page.evaluate(GIVE, ["dragover", dropped[:1]]), "or the browser would open the file"
    assert page.locator("#evidence.dragged").count() == 1
    assert page.evaluate(GIVE, ["drop", dropped])
    assert page.evaluate(GIVE, ["paste", [given("image.png", photo(2))]])
    rows = page.locator(".uploads > li")
    assert rows.count() == 3
    assert rows.nth(2).locator("b").inner_text().startswith("粘贴-")
    rows.nth(2).locator("[data-leave-out]").click()
    assert page.evaluate(GIVE, ["paste", [given("签到.jpg", photo(3))]])
    send = page.locator(".attach form button[type=submit]")
    send.click()
    assert "请选择佐证类型" in rows.nth(0).inner_text()
    rows.nth(2).locator("select").select_option("sheet")
    page.select_option("#proof-kind", "photo")
    assert rows.nth(0).locator("select").input_value() == "photo"
    send.click()
    page.locator(".uploads .done").nth(1).wait_for()
    page.wait_for_function(
        "count => document.querySelectorAll('#evidence figure').length === count", arg=before + 2
    )
    assert "不能作佐证" in page.locator(".uploads .failed").inner_text()
    shown = page.locator("#evidence .gallery").inner_text()
    assert "现场.jpg" in shown
    assert "签到表" in shown
    assert page.locator(".demands .soon").count() == 0


def test_a_file_taken_away_is_put_back_by_the_message(visit: Visit) -> None:
    page = visit(RECORDER)
    open_record(page, "老年人智能手机使用课堂")
    figures = page.locator("#evidence figure")
    before = figures.count()
    figures.first.locator("summary").click()
    figures.first.locator("textarea").fill("看看")
    follow(figures.first.locator("form button"))
    page.locator(".toast form button").wait_for()
    assert figures.count() == before - 1
    follow(page.locator(".toast form button"))
    page.wait_for_function(
        "count => document.querySelectorAll('#evidence figure').length === count", arg=before
    )


def test_without_a_script_the_form_sends_all_files_at_once(visit: Visit) -> None:
    page = visit(RECORDER, java_script_enabled=False)
    open_record(page, "蒙古语应急避险知识讲座")
    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(20 + n)} for n in (1, 2)
    ]
    page.locator(".attach > summary").click()
    page.set_input_files("#proof-file", files)
    page.select_option("#proof-kind", "photo")
    follow(page.locator(".attach form button[type=submit]"))
    assert "已添加 2 份佐证" in page.inner_text(".messages")
    assert "2.jpg" in page.inner_text("#evidence .gallery")


def test_on_a_telephone_the_camera_is_one_touch_away(visit: Visit) -> None:
    page = visit(RECORDER, width=390, height=844, has_touch=True, is_mobile=True)
    open_record(page, "蒙古语应急避险知识讲座")
    page.locator(".attach > summary").click()
    camera = page.locator("#proof-camera")
    assert camera.get_attribute("capture") == "environment"
    taken = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo(40)}
    camera.set_input_files(taken)
    assert page.locator(".uploads > li").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
