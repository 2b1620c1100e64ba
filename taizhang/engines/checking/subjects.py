"""What a quantity counts: read from the words around it.

Chinese reports put the thing counted before the number (受益群众7800余人次) or behind it (新建3个科普e站).
Which of the two it is depends on whether words are left before the number once its verb, time and
circle are taken away.
"""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.engines.checking import intervals, units
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.scan import Found
from taizhang.engines.checking.sections import Sections
from taizhang.engines.checking.text import Text
from taizhang.engines.checking.types import Quantity

_STOP = expression(r"[，。；、：！？\n\t|（）()]")
VERBS = (
    "开展|举办|组织|召开|建成|新建|改建|扩建|发放|印发|编印|投入|落实|争取|协调|完成|建立|成立|组建|选派|派出|邀请|聘请|走进|深入|"
    "覆盖|惠及|带动|吸引|培育|打造|推出|推送|发布|制作|拍摄|出版|编写|撰写|收集|征集|评选|评出|表彰|推荐|申报|获得|荣获|获|购置|购买|"
    "配备|配置|安装|更新|维修|改造|升级|慰问|走访|帮扶|结对|实施|承担|承办|主办|协办|参加|参与|接待|服务|新增|增加|减少|发展|吸纳|"
    "筛选|观看|查摆|制定|收回|公示|受理|处理|解决|整改|排查|发现|下沉|录制|播放|循环播放|设立|设置|开设|举行|进行|实现|达成|签订|"
    "签约|转化|引进|引导|动员|出动|张贴|悬挂|展出|展示|巡展|巡回|放映|捐赠|捐助|赠送|发动|抽调|选聘|选举产生|选举|产生|安排|"
    "拨付|支出|用于|占|比|较|由|从|至|向|对|为|在|与|和|被|将|把|以|同|跨|共有|设|办|建|拥有|包括|涉及|分为|分成|划分为|需要|需"
)
_TAIL = expression(
    r"(?:已经|累计|总计|合计|共计|共有|总数|总量|总额|达到|高达|多达|超过|仅有|只有|还有|现有|已有|就有|约有|分别为|分别|其中|停留在|徘徊在|保持在|稳定在|维持在|人数|数量|"
    r"全[省市县区旗州盟国校馆]|共|达|为|有|计|是|约|近|已|仅|只|各|了|到|至|在|由|从|的|：|超|每|均|再|又|也|即|出|“)$"
)
_HEAD = expression(
    r"^(?:(?:19|20)[0-9]{2}年(?:度)?|截至目前|截止目前|目前|截至年底|年底|年末|年初|全年|今年以来|今年|一年来|本年度|本年|上半年|下半年|[前一二三四]*季度|期间|同时|"
    r"此外|另外|另有|其中|还|并|且|先后|共计|累计|总计|合计|已|现|又|再|均|都|平均|共|全面|积极|广泛|深入|扎实|持续|定期|及时|认真|"
    r"分别|对|在|为|由|向|以|将|把|从|与|和|经|按照|根据|通过|我[国省市县区旗会馆]|本[省市县区旗会馆]|[全][国省市县区旗会馆校州盟]|"
    r"各[地级县区]|[省市县区旗]级?(?=[\u4e00-\u9fff]{2})|我们|学会|协会|年内|当年|当日|当天|一是|二是|三是|四是|五是|六是|"
    r"开展|举办|组织|召开|筛选|撰写|收集|制定|发放|评选出|评出|形成|\s|“|”|的|了)"
)
_GENERIC_END = expression(rf"(?:{VERBS}|等|的|了|过|出|着|有|达|共|累计|其中|分别)$")
_LONGEST_TAIL = 6
_BEHIND = expression(r"[\u4e00-\u9fffA-Za-z“”《》·0-9]{1,16}")
_BEHIND_CUT = expression(
    r"(?:进行|实行|组成|参加|参与|开展|实施|完成|达到|同步|全部|已|均|都|被|将|正在|为|是|在|受到|获得|荣获|获|计划|列入|得到|的|，|共|累计|由|"
    r"提供|通过|上|中|内|以来|用于|拨付|下乡|实现|建立|落实)"
)
_STOPS = expression("[。！？\n]")


def attach(
    quantities: Sequence[Found], text: Text, sections: Sections, known: dict[int, str]
) -> list[Quantity]:
    """The quantities with subject, section and bounds; ``known`` has subjects by start."""
    plain = text.plain
    found: list[Quantity] = []
    last_end, last_subject = 0, ""
    count, sentence = len(quantities), 0
    facts = iter(text.facts)
    fact = next(facts, None)
    for number, one in enumerate(quantities):
        left = max(last_end, one.start - 48, 0)
        before = plain[left : one.start]
        if one.start in known:
            subject = known[one.start]
        else:
            ahead = quantities[number + 1].start if number + 1 < count else len(plain)
            subject = _subject(before, plain[one.end : min(one.end + 18, ahead)], last_subject)
        while fact is not None and fact.end <= one.start:
            fact = next(facts, None)
        inside = fact.id if fact is not None and fact.start <= one.start < fact.end else ""
        if _STOPS.search(plain, last_end, one.start):
            sentence += 1
        low, high = intervals.bounds(one)
        found.append(
            Quantity(
                *one,
                subject=subject,
                section=sections.at(one.start),
                low=low,
                high=high,
                dimension=units.dimension(one.unit) or "other",
                sentence=sentence,
                fact=inside,
            )
        )
        last_end, last_subject = one.end, subject
    return found


def _subject(before: str, behind: str, last: str) -> str:
    left = _STOP.split(before)[-1]
    left = without_tail(left)
    core = _without_head(left)
    right = ""
    if match := _BEHIND.match(behind):
        right = match[0]
        if cut := _BEHIND_CUT.search(right):
            right = right[: cut.start()]
        right = right.strip("“”《》")
    if core and not _GENERIC_END.search(core, max(0, len(core) - _LONGEST_TAIL)):
        return core
    if right:
        return right
    return core or left or last


def without_tail(words: str) -> str:
    while match := _TAIL.search(words, max(0, len(words) - _LONGEST_TAIL)):
        words = words[: match.start()]
    return words


def _without_head(words: str) -> str:
    while match := _HEAD.match(words):
        words = words[match.end() :]
    return words
