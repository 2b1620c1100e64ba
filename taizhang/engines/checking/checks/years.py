"""Years that are not the report's: last year's sentence left in, 25年 for 2025年, next year told as over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import PLAN_HEADING, around, heading_above, is_planned
from taizhang.engines.checking.types import Issue, Span

_CUT = expression(r"(?P<year>[0-9]{2})年")
_CUT_STANDS_BEHIND = frozenset("\n，。；：、（(“ 　在自从于至到")
_CUT_NEXT = expression(r"[，,工度全上下计初底末重]|以来|[0-9]{1,2}月|[—\-–至]|科|学")
_CUT_SINCE = expression(r"(?!来|前|间|里|后|内|的|多|余|级|代|如一日|历|.龄|经)")
_CUT_DID = expression(
    r"(?:[共县市区]|累计|安排|开展|举办|组织|完成|新增|实现|召开|承办|争取|投入|培训|我[会馆局])"
)
_THAN_NEXT = expression(r"增|同期|相比|的|底|末|下降|提|减")
_CUT_HAN = expression(
    r"二(?P<digit>[〇零一二三四五六])年(?=全年|度|工作|[上下]半年|以来|[一二三四五六七八九十]{1,2}月)"
)
_COMING = expression(
    r"(?:即将|将于|将在|拟于|拟在|计划于|计划在|定于|预计于|预计在|准备于|力争于|力争在|力争|确保)[^，。；\n0-9]{0,8}"
    r"((?:19|20)[0-9]{2})年(?!以来|以后|起|度?工作总结)"
)
_DUE = expression(
    r"(?<![0-9])((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?[底末][之以]?前，?(?:全部|基本|力争|务必|确保|必须)?(?:完成|实现|办结|整改|销号|建成|到位)"
)
"""对未销号的事项，2022年12月底前全部办结, in a report of 2023."""
_ALL_YEAR = expression(
    r"(?:综合|纵观|回顾|总结|从)((?:19|20)[0-9]{2})年全年(?:的?情况|的?工作)?[来总]?看"
)
_ONCE = expression("要求|规定|部署|按照|原定|原计划|如期|已")
_HELD_LATER = expression(
    r"(?<![0-9])((?:19|20)[0-9]{2})年[^，。；\n]{0,12}?(?:成功举办了|举办了|召开了|开展了|组织了|完成了|已完成|已建成|已开展|已举办)"
)
_TITLE = expression(
    r"((?:19|20)[0-9]{2})年(?P<words>[^\n。，]{0,24}(?:总结|情况|报告|汇报|通报|述职|要情|小结|说明)[^\n。，]{0,12})$",
    re.M,
)
_OPENING = expression(r"(?:^|\n)[ 　]*((?:19|20)[0-9]{2})年(?:以来)?，")
_LEFT_OVER = expression(
    r"(?<![0-9])((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:[至—-][0-9]{1,2}日)?|全年|(?:全国)?科普日(?:期间)?|(?:全国)?科技(?:活动)?周(?:期间)?)[，在于]?[^，。；\n的]{0,14}?(?:举办|召开|开展|组织开展|举行|启动|拉开帷幕|拉开序幕|开幕|闭幕|落幕|落下帷幕|收官)"
)
_WHOLE_YEAR = expression(r"(?<![0-9])((?:19|20)[0-9]{2})年1月1日至(?:\1年)?12月31日")
_FULL_DAY = expression(
    r"(?:(?<=[\n。；])|(?<=[\n。；][ 　]))[ 　]*((?:19|20)[0-9]{2})年[0-9]{1,2}月[0-9]{1,2}日，?[^，。；\n]{0,12}?(?:召开|举办|组织|开展|举行)"
    r"(?![^。\n]*(?:代表大会|成立|揭牌|奠基))"
)
_RETOLD = expression(
    r"(?:现将|现就)((?:19|20)[0-9]{2})年(?:度)?[^。，\n]{0,12}(?:汇报|总结|报告|通报|说明|述职)如下"
    r"|(?:^|\n)[ 　]*(?:[一二三四五六七八九十]{1,2}、)((?:19|20)[0-9]{2})年(?:度)?(?:主要)?工作(?:回顾|总结|情况|开展情况|完成情况|成效)(?=[ 　。]*(?:\n|$))"
    r"|\n[ 　]*((?:19|20)[0-9]{2})年[0-9]{1,2}月[0-9]{1,2}日\s*\Z"
)
_LATER_DAY = expression(
    r"(?<![0-9])((?:19|20)[0-9]{2})年[0-9]{1,2}月(?:[0-9]{1,2}日)?，?[^，。；\n]{0,10}?(?:举办|召开|开展|组织|举行|完成|学习|走访|慰问|参观|印发|启动|承办|参加)"
)
_EVALUATES = expression("自评|评价|审计|考核|核查|验收|决算|整改|绩效")
_LOOKS_BACK = expression(r"(?:回顾|即将过去的|过去的|总之，|综上，)((?:19|20)[0-9]{2})年")
_LOOKS_AHEAD = expression(r"(?:展望|迎接|即将到来的)((?:19|20)[0-9]{2})年")
_UNTIL = expression(r"截[至止]((?:19|20)[0-9]{2})年(?P<rest>(?P<month>[0-9]{1,2})月|[底末])")
_STANDS = expression(
    r"[0-9日]{0,3}，?[^。；]{0,12}(?:现有|共有|目前|累计|共|拥有|已|达|在册|注册|登记)"
)
_FROM_BEFORE = expression(r"^[0-9日]{0,3}，[^。；]{0,24}(?:[与比较]上年[末底]|由年初)的?")
"""截至2021年12月31日，会员6420人，与上年末相比: the end of the year that is told of."""
_ITS_OWN = expression(r"[0-9日]{0,3}，[^，。；0-9]{0,10}(?:本年度?|今年|全年|年内)")
"""截至2022年12月31日，本年度…: the report's own year under the date of another."""
_PLAN_HEADING = expression(
    r"(?:^|\n)[ 　]*(?:[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]）)((?:19|20)[0-9]{2})年(?:度)?(?:的)?(?:重点)?工作(?:计划|打算|思路|安排|要点|谋划|设想)[ 　。]*(?=\n|$|[（(])"
)
_WE_WILL = expression(
    r"((?:19|20)[0-9]{2})年，(?:我们|我会|我馆|学会|协会|科协|[县市区旗州省]科协)?将(?:继续|进一步|持续|着力|紧紧|围绕|以|坚持|努力|按照|大力|认真)"
)
_NEXT_YEAR = expression(
    r"(?:^|\n)[ 　]*[一二三四五六七八九十]{1,2}、(?:(?:19|20)[0-9]{2}年度?|明年|下一?年度?)的?[^\n。，]{0,8}(?:计划|打算|思路|安排|要点|谋划|设想)[^\n]{0,8}(?=\n)"
)
_OPENS_PLAN = expression(
    r"(?<=\n)[ 　]*((?:19|20)[0-9]{2})年，[^，。；\n]{0,14}(?:将|要|计划|拟|重点|着力|继续)"
)
_DRAFTS = expression(
    r"(?:制定|印发|出台|发布|起草|编制|修订)[^，。；《\n]{0,4}《?((?:19|20)[0-9]{2})年度?[^，。；》\n]{0,16}(?:指南|方案|要点|计划|安排|通知)"
)
_AWARD = expression(
    r"(?:开展|组织|启动|举办|做好)[^，。；《\n]{0,4}[“《]?((?:19|20)[0-9]{2})年度?”?[^，。；\n]{0,16}(?:征集|申报|评选|大赛|竞赛|科普日|科技周|活动周)"
)
"""What is won may be called after the year before the plan's; not after the one before that."""
_BACKGROUND = expression(
    r"自[0-9去上今]|自成立|从[0-9去上]|以来|[年月日]起|去年|上年|(?<!评)比(?!赛|例)|较|印发|成立|获批|截至|截止|建馆|换届|(?<!参)与|同期|当选|"
    r"认定|建成|批准|挂牌|曾|历[时届次史]"
)
_PART_OF_YEAR = expression(r"半年|季度|月")
_SUMS_UP = expression(
    r"(?:在[^。；\n]{2,30}(?:领导|指导|支持|关心)下，|[县市区旗省州]?科协|学会|协会|我[会馆]|全[县市区馆会])[^。\n]{0,80}(?:取得|完成|围绕|坚持)(?![^。\n]*(?:今年|同期|相比))"
)
_NEAREST = 3


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.short_year``, ``.last_year`` and ``.other_year``."""
    text = context.folded
    yield from _cut(context, text)
    year = context.year
    if year is None:
        return
    for match in _COMING.finditer(text):
        if int(match[1]) < year:
            yield _issue("last_year", match, {"found": match[1], "year": year})
    for match in _DUE.finditer(text):
        begin, _end = around(text, *match.span(), "。\n")
        if int(match[1]) < year and not _ONCE.search(text, begin, match.start()):
            yield _issue("last_year", match, {"found": match[1], "year": year})
    for match in _ALL_YEAR.finditer(text):
        if int(match[1]) == year - 1:
            yield _issue("last_year", match, {"found": match[1], "year": year})
    yield from _in_a_row(context, year)
    told = set()
    for match in _HELD_LATER.finditer(text):
        # Who evaluates or audits a year does it in the next one.
        looked_at = _EVALUATES.search(text, match.start(), match.end() + 20)
        if int(match[1]) > year + bool(looked_at):
            told.add(match.start())
            yield _issue("other_year", match, {"found": match[1], "year": year})
    title = _TITLE.search(text[:200])
    if title is None or int(title[1]) != year or _is_plan_alone(title["words"]):
        if title is not None and int(title[1]) == year and "总结" in title[0]:
            yield from _plans(text, title, year)
        return
    yield from _plans(text, title, year)
    for match in _other_years(context, text, title.end(), year):
        if match.start() not in told:
            told.add(match.start())
            found = match[1] or match[match.lastindex or 1]
            yield _issue("other_year", match, {"found": found, "year": year})


def _in_a_row(context: Context, year: int) -> Iterator[Issue]:
    """4月的航模赛、6月的编程赛、2022年9月的机器人赛: last year's month behind those of this year."""
    for first, second, third in zip(
        context.moments, context.moments[1:], context.moments[2:], strict=False
    ):
        three = (first, second, third)
        if len({one.sentence for one in three}) > 1 or any(
            one.first.month is None or not one.single for one in three
        ):
            continue
        in_order = first.month < second.month < third.month
        alone = third.own and not first.own and not second.own and third.year == year - 1
        words = f"{third.before}|{third.after}"
        if (
            in_order
            and alone
            and first.year == second.year == year
            and not _BACKGROUND.search(words)
        ):
            span = Span(third.start, third.end)
            params = {"found": str(third.year), "year": year}
            yield Issue("date_or_year", "date_or_year.last_year", "warning", (span,), params)


def _is_plan_alone(words: str) -> bool:
    """2023年工作思路, and not 2023年工作总结和2024年工作思路."""
    plan, told = PLAN_HEADING.search(words), re.search(r"总结|情况|汇报|小结", words)
    return plan is not None and (told is None or plan.start() < told.start())


def _cut(context: Context, text: str) -> Iterator[Issue]:
    for match in _CUT.finditer(text):
        number = int(match["year"])
        near = 15 <= number <= 35
        if context.year is not None:
            near = abs(2000 + number - context.year) <= 6
        if near and _is_cut(text, match):
            params = {"text": match[0], "year": f"20{number:02}年"}
            yield _issue("short_year", match, params)
    for match in _CUT_HAN.finditer(text):
        if not match.start() or text[match.start() - 1] in _CUT_STANDS_BEHIND:
            params = {"text": match[0], "year": f"二〇二{match['digit']}年"}
            yield _issue("short_year", match, params)


def _is_cut(text: str, match: re.Match[str]) -> bool:
    """Whether 22年 is a year and no time of twenty-two years, by what stands on both sides."""
    before = text[match.start() - 1 : match.start()] if match.start() else "\n"
    if before in "自从":
        nexts = [_CUT_SINCE]
    elif before in _CUT_STANDS_BEHIND:
        nexts = [_CUT_NEXT, _CUT_DID] if before in "\n。；" else [_CUT_NEXT]
    else:
        nexts = [_THAN_NEXT] if before in "比较与" else []
    return any(pattern.match(text, match.end()) for pattern in nexts)


def _plans(text: str, title: re.Match[str], year: int) -> Iterator[Issue]:
    """What the report of a whole year plans is for the year after it."""
    # A 工作报告 may be read at the year's beginning: its opening must tell of the year itself.
    opening = text[title.end() : title.end() + 120]
    told = "总结" in title["words"] or ("工作报告" in title["words"] and f"\n{year}年，" in opening)
    if _PART_OF_YEAR.search(title["words"]) or not told:
        return
    for match in _LOOKS_BACK.finditer(text, title.end()):
        if int(match[1]) == year - 1:
            yield _issue("last_year", match, {"found": match[1], "year": year})
    for match in _planned(text, title.end()):
        if int(match[1]) <= year - (match.re is _AWARD):
            yield _issue("last_year", match, {"found": match[1], "year": year})
    for pattern in (_PLAN_HEADING, _WE_WILL, _LOOKS_AHEAD):
        for match in pattern.finditer(text, title.end()):
            if int(match[1]) <= year:
                yield _issue("last_year", match, {"found": match[1], "year": year})


def _planned(text: str, start: int) -> Iterator[re.Match[str]]:
    """The years that the part of a report which plans begins its lines and its own documents with."""
    for heading in _NEXT_YEAR.finditer(text, start):
        yield from (match for match in _OPENS_PLAN.finditer(text, heading.end()))
        for pattern in (_DRAFTS, _AWARD):
            yield from pattern.finditer(text, heading.end())
        return


def _other_years(context: Context, text: str, start: int, year: int) -> Iterator[re.Match[str]]:
    """The places where the report of one year tells of another as if it were its own."""
    opening = _OPENING.search(text, start)
    near = opening is not None and opening.start() < start + 120
    unnamed = text.find(f"{year}年", start) < 0
    if opening and near and unnamed and _is_near(context, text, opening, year):
        yield opening
        return
    # 2017年，县科协在县委领导下，…各项工作取得新成效: last year's first sentence, whatever follows it.
    if opening and near and int(opening[1]) == year - 1 and _SUMS_UP.match(text, opening.end()):
        yield opening
    for match in _LEFT_OVER.finditer(text, start):
        if int(match[1]) == year - 1 and not _has_background(text, match, year):
            yield match
    for match in _WHOLE_YEAR.finditer(text, start):
        begin, end = around(text, *match.span(), "。\n")
        if int(match[1]) == year - 1 and not re.search("[比较]|同期|上年", text[begin:end]):
            yield match
    for match in _RETOLD.finditer(text, start):
        if int(match[1] or match[2] or match[3]) < year:
            yield match
    for match in _FULL_DAY.finditer(text, start):
        if int(match[1]) < year - 1 and not _has_background(text, match, year):
            yield match
    # Who evaluates a year, or puts right what was found in it, does it in the next one.
    evaluated = _EVALUATES.search(text, 0, start)
    for match in _LATER_DAY.finditer(text, start):
        if int(match[1]) > year + bool(evaluated) and not is_planned(
            text, context.sections, *match.span()
        ):
            yield match
    for match in _UNTIL.finditer(text, start):
        found = int(match[1])
        later = found == year + 1 and int(match["month"] or 12) > 1 and not evaluated
        if PLAN_HEADING.search(heading_above(text, context.sections, match.start())):
            continue
        ends = match["rest"] in ("12月", "底", "末") or _PART_OF_YEAR.search(text, 0, start)
        earlier = found == year - 1 and ends
        if later or (earlier and _stands_alone(text, match, year)):
            yield match


def _is_near(context: Context, text: str, opening: re.Match[str], year: int) -> bool:
    """Whether the year of the opening is one of the few before, or the next one told as over."""
    found = int(opening[1])
    if found == year + 1:
        return not is_planned(text, context.sections, *opening.span())
    return 1 <= year - found <= _NEAREST


def _has_background(text: str, match: re.Match[str], year: int) -> bool:
    """Whether the sentence speaks of history, or compares; the paragraph, for a whole year."""
    whole_year = "全年" in match[0]
    begin, end = around(text, *match.span(), "\n" if whole_year else "。\n")
    words = text[begin:end]
    return bool(_BACKGROUND.search(words)) or f"{year}年" in words or "今年" in words


def _stands_alone(text: str, match: re.Match[str], year: int) -> bool:
    """截至2022年底，共有会员1250人, and no number of the year itself to compare it with."""
    _begin, end = around(text, *match.span(), "。\n")
    if _ITS_OWN.match(text[match.end() : end]):
        return True
    if _FROM_BEFORE.search(text[match.end() : end]):
        return True
    told = _STANDS.match(text[match.end() : end])
    compares = re.search(r"[比较]|增|同期|今年|现已", text[match.end() : end])
    return bool(told and not compares) and not re.search(rf"截[至止]{year}年|至{year}年", text)


def _issue(code: str, match: re.Match[str], params: Mapping[str, object]) -> Issue:
    start, end = match.span()
    words = match[0]
    start += len(words) - len(words.lstrip("\n 　"))
    return Issue("date_or_year", f"date_or_year.{code}", "warning", (Span(start, end),), params)
