"""Numbers of official documents: the year in 〔〕, no leading nought (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_NUMBER = expression(
    r"(?<=[\u4e00-\u9fff])(?P<open>[〔【\[［(（﹝])(?P<year>(?:19|20)[0-9]{2})(?P<close>[〕】\]］)）﹞])(?P<order>第?)(?P<number>[0-9]{1,4})号(?![展厅馆楼室线机门])"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.document_number`` for wrong brackets, a leading nought or 第."""
    for match in _NUMBER.finditer(context.folded):
        if (match["open"], match["close"], match["order"]) == ("〔", "〕", "") and match["number"][
            0
        ] != "0":
            continue
        text = context.plain[match.start() : match.end()]
        right = f"〔{match['year']}〕{int(match['number'])}号"
        span = Span(*match.span())
        yield Issue(
            "other", "other.document_number", "warning", (span,), {"text": text, "right": right}
        )
