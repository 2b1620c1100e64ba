"""Searching: in a list as somebody types there, and in the field that goes anywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tqdm import tqdm

from .measures import Measure, percentile, timed
from .pages import LIST, browser
from .world import Size

AT_MOST = 0.3
WORDS: dict[str, tuple[str, ...]] = {
    "one character, common": ("学", "活"),
    "one character, rare": ("鸟",),
    "two characters, common": ("急救", "广场", "东升"),
    "two characters, rare": ("观鸟",),
    "a long word": ("急救常识走进东升", "智能手机使用进敬老院活动"),
    "two words": ("急救 广场", "东升 科普", "观鸟 急救"),
    "a code": ("HD-2021-0003", "0003-7"),
    "digits": ("2021", "20"),
    "pinyin": ("jijiu", "kexueshifei", "guanniao"),
    "initials": ("jjcs", "kxsf", "gnj"),
    "letters that are nothing": ("xqz", "hello"),
    "nothing there": ("鲸鱼", "钢琴"),
}
"""Kinds of words, with words whose shares of all records are known from ``world`` and ``growth``."""


def measure(user: Any, size: Size) -> list[Measure]:
    """The 95th percentile of the table of a list, and of what goes anywhere, by kind of word."""
    client = browser(user)

    def ask(address: str) -> None:
        response = client.get(address, headers={"HX-Request": "true"})
        assert response.status_code == 200, f"{address}: {response.status_code}"

    found = []
    for place, address in (("list", f"{LIST}?q="), ("go anywhere", "/goto/?q=")):
        group = f"search, p95: {place}"
        for kind, words in tqdm(WORDS.items(), desc=group, leave=False):
            addresses = [address + quote(word) for word in words]
            for one in addresses:
                ask(one)
            times = [
                timed(lambda: ask(addresses[number % len(addresses)]))[0]  # noqa: B023
                for number in range(size.rounds)
            ]
            note = f"p50 {percentile(times, 0.5):.3f} s: {'、'.join(words)}"
            p95 = percentile(times, 0.95)
            found.append(Measure(group, kind, p95, "s", at_most=AT_MOST, note=note))
    return found
