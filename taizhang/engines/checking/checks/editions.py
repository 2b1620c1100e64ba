"""One contest or festival of the year with two numbers: 第35届青少年科技创新大赛 … 第34届青少年科技创新大赛."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.passages import PLAN_HEADING, around
from taizhang.engines.checking.types import Issue, Span

_EDITION = re.compile(
    r"第(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})届(?P<name>[\u4e00-\u9fff]{2,12}?(?:大赛|竞赛|科技节|文化节|艺术节|论坛|博览会|年会|夏令营|活动周))"
)
_OTHER = re.compile(
    r"(?:19|20)[0-9]{2}年|上一?届|下一?届|去年|明年|历届|筹备|将|计划|拟|力争|办好|打算|至|往届|曾|比|较"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values`` for an event that is held once a year and has two numbers."""
    first: dict[str, re.Match[str]] = {}
    for match in _EDITION.finditer(context.folded):
        begin, end = around(context.folded, *match.span(), "。\n")
        words = context.folded[begin:end].replace(f"{context.year}年", "")
        top = context.sections.top_at(match.start())
        heading = "" if top is None else context.folded[top : top + 24].split("\n")[0]
        if _OTHER.search(words) or PLAN_HEADING.search(heading):
            continue
        told = first.setdefault(match["name"], match)
        if numerals.read(told["number"]) != numerals.read(match["number"]):
            params = {"subject": match["name"], "text": told[0], "other": match[0]}
            spans = (Span(*told.span()), Span(*match.span()))
            yield Issue("conflict", "conflict.values", "error", spans, params)
