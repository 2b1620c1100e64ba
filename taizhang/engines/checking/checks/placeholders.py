"""What was never filled in: X个, XXX余次, 20XX年, and names left as XX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_SIGNS = expression("[xX○_*]")
# What must not stand before the first sign is looked for behind it: so the sign itself is found fast.
_YEAR = expression(
    r"(?:19|20)(?<![0-9]..)(?:[xX]{2}|[○_*]{2}|[0-9][xX])年|[xX](?<![0-9A-Za-z].)[xX]{1,3}年"
)
_DAY = expression(
    r"[xX](?<![0-9A-Za-z].)[xX]?月(?:[xX]{1,2}[日号])?|[xX](?<=月.)[xX]?[日号]"
    r"|[0-9]{1,2}月_{1,6}[日号]|_{1,6}月(?:[0-9_]{1,6}[日号])?"
    r"|(?:(?:19|20)[0-9]{2}|[二两][〇○零][〇○零一二三四五六七八九]{2}|(?<=[\n \u3000]))年[ \u3000]{1,8}月(?:[ \u3000]{1,8}日)?"
    r"|(?<=[为于在到至是：，（])[ \u3000]{1,8}月[ \u3000]{1,8}[日号]"
)
_UNIT = r"(?=[万亿]?(?:人|名|场|次|个|元|份|件|家|项|篇|册|部|期|所|%))"
_OPEN = r"(?:待(?:补充?|核实|核对|核|填写?|定|更新|统计|确认|完善)|暂缺)"
_GAP = expression(
    r"[（(【\[][ \u3000]{1,12}[）)】\]](?=[场次个人名项件篇份家所元万亿%])|"
    r"(?<=[〕\]］])[xX○_*]{1,4}(?=号)|"
    r"[【（(\[](?:此处|请)?(?:待|需)?(?:补充|填写|填|插入|完善)[^】）)\]\n]{0,10}[】）)\]]|"
    r"(?:此处|请在此)(?:待)?(?:补充|填写|插入)[^，。；\n]{0,8}"
)
_HINT = expression(r"[待缺□〇#?？_]|0\.0|TODO|TBD")
_BLANK = expression(
    rf"[【（(\[][^【】（）()\[\]\n]{{0,10}}{_OPEN}[^【】（）()\[\]\n]{{0,8}}[】）)\]]|"
    rf"(?:数据|数字|人数|人次|场次|金额|名单){_OPEN}(?!后|的)|"
    rf"(?<=[\u4e00-\u9fff])[?？]{{2,6}}{_UNIT}|(?:□{{1,6}}|〇{{2,4}}|#{{1,3}}){_UNIT}|"
    r"[：:]_{2,}|(?<![0-9.])0\.0+[万亿](?:元|人次)|(?<![A-Za-z])(?:TODO|TBD)(?![A-Za-z])"
)
"""What was left open, in a form that begins at most twelve characters before one of ``_HINT``."""
_SIGNED = expression(r"(?:签[字名章]|盖章|日期)$")
_NAME = expression(r"[xX](?<![A-Za-z0-9].)[xX]{0,5}(?![A-Za-z0-9%])|[○]{2,4}")


def check(context: Context) -> Iterator[Issue]:
    """An error for each number and year, one hint for all names together."""
    taken: set[int] = set()
    for one in context.quantities:
        if one.is_placeholder:
            taken.update(range(one.start, one.end))
            params = {"text": one.text, "subject": one.subject}
            yield Issue("placeholder", "placeholder.number", "error", (one.span,), params)
    signs = _SIGNS.search(context.folded) is not None
    for match in _YEAR.finditer(context.folded) if signs else ():
        taken.update(range(*match.span()))
        text = context.plain[match.start() : match.end()]
        yield Issue(
            "placeholder", "placeholder.year", "error", (Span(*match.span()),), {"text": text}
        )
    for code, match in (
        *(("day", match) for match in _DAY.finditer(context.folded)),
        *(("gap", match) for match in _gaps(context.folded)),
    ):
        before = context.folded[max(0, match.start() - 4) : match.start()]
        if match.start() not in taken and not _SIGNED.search(before):
            taken.update(range(*match.span()))
            text = context.plain[match.start() : match.end()]
            span = Span(*match.span())
            yield Issue("placeholder", f"placeholder.{code}", "error", (span,), {"text": text})
    names = (
        [Span(*m.span()) for m in _NAME.finditer(context.folded) if m.start() not in taken]
        if signs
        else []
    )
    if names:
        yield Issue("placeholder", "placeholder.name", "hint", tuple(names), {"count": len(names)})


def _gaps(text: str) -> Iterator[re.Match[str]]:
    """The notes to fill something in, and the blanks: these are looked for around their signs."""
    yield from _GAP.finditer(text)
    for hint in _HINT.finditer(text):
        match = _BLANK.search(text, max(0, hint.start() - 12), hint.start() + 24)
        if match is not None and match.start() <= hint.start() < match.end():
            yield match
