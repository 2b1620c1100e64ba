"""Writing an outline: from a keystroke in the search for figures to what is shown for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .measures import Measure, percentile, timed
from .pages import browser
from .world import CITY, Size

AT_MOST = 0.15
EDITOR = "/reports/county-annual/edit/"
PLACE = f"unit={CITY}&period=2021"
TYPED = ("k", "kj", "kjz", "kjzyfw", "志愿", "shouyi", "受益公众", "volunteering", "鲸鱼")
STYLES = ("", "余:100", "汉字")


def measure(user: Any, size: Size) -> list[Measure]:
    """The 95th percentile of names while typing, of values once counted, and of a first count."""
    client = browser(user)
    script = {"HX-Request": "true"}

    def ask(path: str) -> None:
        response = client.get(f"{EDITOR}{path}", headers=script)
        assert response.status_code in (200, 204), f"{path}: {response.status_code}"

    group = "writing an outline"
    search = f"figures/?{PLACE}&q="
    first = timed(lambda: ask(f"{search}{quote('活动')}&counted=1"))[0]
    asked = [f"{search}{quote(q)}&style={quote(s)}" for q in TYPED for s in STYLES]
    names = [timed(lambda: ask(one))[0] for one in asked]  # noqa: B023
    for one in asked:
        ask(f"{one}&counted=1")
    values = [timed(lambda: ask(f"{one}&counted=1"))[0] for one in asked]  # noqa: B023
    text = f"?{PLACE}"
    page = [timed(lambda: ask(text))[0] for _round in range(size.rounds)]
    look = f"changes/?{PLACE}&since=0&said=0.0"
    looks = [timed(lambda: ask(look))[0] for _round in range(size.rounds)]
    return [
        Measure(group, "keystroke, names", percentile(names, 0.95), "s", at_most=AT_MOST),
        Measure(group, "keystroke, values known", percentile(values, 0.95), "s", at_most=AT_MOST),
        Measure(group, "eight values, first time", first, "s", note="the names stand there before"),
        Measure(group, "the editor's page", percentile(page, 0.95), "s", at_most=0.5),
        Measure(group, "a look at what others did", percentile(looks, 0.95), "s", at_most=0.1),
    ]
