"""The checker's own few words: headings, levels, columns; sentences about issues are in ``wording``."""

from __future__ import annotations

from collections.abc import Mapping

from taizhang.engines.names import Bilingual

_WORDS: Mapping[str, Bilingual] = {
    "conflict": Bilingual("前后不一致", "Does not agree"),
    "duplicate-reuse": Bilingual("同一数用于两项工作", "One number for two things"),
    "exact-with-over": Bilingual("精确数后不用“余”", "“余” after an exact number"),
    "redundant-approx": Bilingual(
        "约数说法重复或矛盾", "Approximation said twice or against itself"
    ),
    "sum-mismatch": Bilingual("合计与分项不符", "Parts and whole differ"),
    "arithmetic": Bilingual("算出来不对", "The sum does not come out"),
    "unit-mix": Bilingual("“人”与“人次”混用", "People and person-times mixed"),
    "date-or-year": Bilingual("日期或年份有误", "Date or year wrong"),
    "placeholder": Bilingual("数字没有填", "A number was never filled in"),
    "other": Bilingual("文字和格式", "Words and form"),
    "error": Bilingual("错误", "error"),
    "warning": Bilingual("存疑", "doubtful"),
    "hint": Bilingual("提示", "hint"),
    "ledger": Bilingual("与台账不符", "Differs from the ledger"),
    "ledger-differs": Bilingual(
        "文中写“{text}”，台账“{figure}”为{value}。请核对后改正，或补录台账。",
        "The text says “{text}”, the ledger's “{figure}” is {value}. Correct the one or complete the other.",
    ),
    "summary": Bilingual(
        "{name}：{length} 字，读出数量 {quantities} 处；错误 {errors}，存疑 {warnings}，提示 {hints}。",
        "{name}: {length} characters, {quantities} quantities; {errors} errors, {warnings} doubtful, {hints} hints.",
    ),
    "page-title": Bilingual("核稿：{name}", "Checked: {name}"),
    "nothing": Bilingual("没有发现问题。", "Nothing was found."),
    "unreadable": Bilingual("读不出", "unreadable"),
    "column-file": Bilingual("文件", "file"),
    "column-length": Bilingual("字数", "characters"),
    "column-quantities": Bilingual("数量", "quantities"),
    "suffix": Bilingual("核稿", "checked"),
    "quoted": Bilingual(
        "与“{text}”有关，见该处批注。", "Has to do with “{text}”; see the comment there."
    ),
}


def word(name: str, language: str, /, **params: object) -> str:
    """A word in the reader's language; ``params`` fill its placeholders in."""
    return _WORDS[name].say(language).format_map(params)
