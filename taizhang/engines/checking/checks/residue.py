"""What writing leaves behind: bookmarks, broken references, field codes, words from one writer to another."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_RESIDUE = expression(
    r"\[bookmark: ?[A-Za-z0-9_]{1,60}\]"
    r"|错误[!！] ?(?:未找到引用源|未定义书签|未指定书签|超链接引用无效|文档中没有指定样式的文字)[。.]?"
    r"|Error! (?:Bookmark not defined|Reference source not found)\.?"
    r"|\{ ?(?:PAGE|PAGEREF|TOC|HYPERLINK|REF|SEQ|MERGEFIELD)[ \\][^}\n]{0,80}\}"
    r"|[（(【](?:此[处段句条]|这里|这句|以上|待)[^（）()【】\n]{0,12}(?:再定|审定|斟酌|商榷|删去|删除|修改|核对)[^（）()【】\n]{0,6}[）)】]"
    r"|[（(【](?:此[处段句条]|这里|文中)?请[^（）()【】，。\n]{0,8}(?:补|写|改|核|插|配上|加上|提供)[^（）()【】\n]{0,20}[）)】]"
    r"|[（(【][^（）()【】\n]{1,16}(?<![邀申聘报提])请[^（）()【】\n]{0,6}(?:再|补|改|压|核|问|确认)[^（）()【】\n]{0,30}[）)】]"
    r"|(?<![A-Za-z0-9])_(?:Toc|Ref|Hlk)[0-9]{5,12}"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.residue`` for each place."""
    for match in _RESIDUE.finditer(context.plain):
        span = Span(*match.span())
        yield Issue("other", "other.residue", "warning", (span,), {"text": match[0]})
