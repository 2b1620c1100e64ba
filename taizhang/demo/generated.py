"""Demo rows too many to keep in a file: the same ones every time, from a fixed seed.

Each function writes one .csv as an office would hand it in; the demo then imports it like any file.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

REGISTERED = 12_073
"""Officers registered at the end of 2021: a figure of the demo year."""
LEFT = 127
TOTAL = REGISTERED + LEFT
LONGEST = 700
"""Nobody of those who left stayed longer than so many days."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "安柏辰丹恩帆歌禾洁恺岚苗宁佩青然舒棠唯溪言一云泽知珍卓芷念宽"
TOWNS = (
    *("qinghe", "wanghe", "yunshan", "baihe", "songling", "shuangquan", "liulin", "beigang"),
    *("tuoling", "hongliu"),
)
GROUPS = ("village", "village", "village", "community", "school", "health", "agriculture", "office")
FIRST, LAST = date(2018, 3, 1), date(2021, 12, 20)


def officers() -> str:
    """The roster of information officers: all who stand on it at the end of 2021, and some who left."""
    chance = random.Random(20211231)  # noqa: S311 -- names of a demo, no secrets
    days = (LAST - FIRST).days

    # Growing over the years: of two days drawn the later is more likely near the end.
    joined = sorted(max(chance.randrange(days), chance.randrange(days)) for _ in range(TOTAL))
    # Who left had joined early enough to leave before the end of 2021.
    early = sum(day < days - LONGEST for day in joined)
    left = set(chance.sample(range(early), LEFT))

    def rows() -> Iterator[tuple[str, ...]]:
        for number, day in enumerate(joined):
            since = FIRST + timedelta(days=day)
            stayed = timedelta(days=chance.randrange(LONGEST // 4, LONGEST))
            until = (since + stayed).isoformat() if number in left else ""
            name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
            town = chance.choice(TOWNS)
            group = chance.choice(GROUPS)
            yield f"XX-{number + 1:05d}", name, town, group, since.isoformat(), until

    return _csv(("code", "name", "unit", "group", "registered_on", "left_on"), rows())


def _csv(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return written.getvalue()


GENERATED: dict[str, Callable[[], str]] = {"officers": officers}
"""What the manifest may name under ``generated``."""
