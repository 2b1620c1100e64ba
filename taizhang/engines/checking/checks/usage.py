"""Phrases that usage has settled: 6月中旬前后, 3万人余, 1200平, 截止目前, 涉及到, 无死角, 通过…，使…."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Severity, Span

_RULES: tuple[tuple[str, Severity, str], ...] = (
    ("time_about", "warning", r"(?:[上中下]旬|(?:年|月)[底初])(?:左右|前后)"),
    (
        "over_misplaced",
        "warning",
        r"[人份场个名元册户](?<=[0-9百千万].)次?[余多](?=[，。；、])",
    ),
    ("unit_name", "warning", r"平(?=[，。；、）])(?<=[0-9万]平)|公分(?!制)(?<=[0-9万]公分)"),
    ("homophone", "warning", r"既使(?=[^用\n]{0,12}也)"),
    ("until", "hint", r"截止(?=目前|[0-9]{1,4}[年月]|[本今上去]年|年底)"),
    ("heading_mark", "hint", r"(?:(?<=\n)|\A)（[一二三四五六七八九十]{1,3}）、"),
    ("pleonasm", "hint", r"涉及到|亲眼目睹|凯旋归来|公诸于众"),
    # What is made possible so has lost its subject: drop 通过, or 使.
    ("no_subject", "warning", r"(?:通过|经过)[^。；\n]{2,40}?，使(?![用命]|得其)"),
    ("doubled_meaning", "warning", r"目前的?现状|首次首创|不必要的浪费|共同协力"),
    ("book_marks", "warning", r"(?:召开|举办|举行)《[^》\n]{2,40}》[^，。；\n]{0,6}会(?![员上议])"),
    ("decimals", "warning", r"(?<![0-9.])[0-9]{1,6}\.[0-9]{4,8}(?=小时|%|人|天|元|次|公里|万)"),
    ("absolute", "hint", r"(?:宣传|覆盖|服务|监管|排查)?[无零]死角(?:、全覆盖)?"),
)
_FOUND_BY = {
    "time_about": ("左右", "前后"),
    "over_misplaced": ("余", "多"),
    "unit_name": ("平", "公分"),
    "homophone": ("既使",),
    "until": ("截止",),
    "heading_mark": ("）、",),
    "pleonasm": ("涉及到", "亲眼目睹", "凯旋归来", "公诸于众"),
    "no_subject": ("，使",),
    "doubled_meaning": ("现状", "首次首创", "不必要的", "共同协力"),
    "book_marks": ("》",),
    "decimals": (".",),
    "absolute": ("死角",),
}
"""Words without which a rule finds nothing: looking for them is quick."""
_PATTERNS = {name: expression(pattern) for name, _severity, pattern in _RULES}
_SEVERITY = {name: severity for name, severity, _pattern in _RULES}


def check(context: Context) -> Iterator[Issue]:
    """Yield one ``other`` for each phrase."""
    text = context.folded
    for name, pattern in _PATTERNS.items():
        if not any(word in text for word in _FOUND_BY[name]):
            continue
        for match in pattern.finditer(text):
            span = Span(*match.span())
            params = {"text": context.plain[span.start : span.end]}
            yield Issue("other", f"other.{name}", _SEVERITY[name], (span,), params)
