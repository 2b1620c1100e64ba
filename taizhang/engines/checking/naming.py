"""What is counted, stripped of what was done to it, where and when: 全市共建成科普e站 → 科普e站."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Quantity

_SCOPE = expression(
    r"^(?:全[国省市县区旗州盟校馆镇乡]|我[省市县区旗州盟校馆会国]|本[省市县区旗馆会校]|各[省市县区旗]|"
    r"(?P<level>国家级|省级|市级|县级|区级|旗级|镇级|乡级|村级|校级|州级|盟级|厅级))"
)
_LEAD = expression(
    r"^(?:[0-9]{1,2}[.．、]|（[0-9一二三四五六七八九十]{1,2}）|第一时间|合计|总计|共计|全年|今年|年末|目前|现有|共有|还有|已有|已|现|共|有|组织|组建|建成|建有|建立|设立|设有|开展|举办|"
    r"(?:19|20)[0-9]{2}年|举行|下设|设(?![施备计立置])|编印发放|编印|印发|发放|免费发放|累计|拥有|覆盖|实现|达到|的|了|在|册|“|”|召开|实施|派出|选派|出动|投入|"
    r"配备|实名|各类|各级|各种|其他|为|对|向)"
)
_TAIL = expression(
    r"(?:场次|人数|提升|提高|上升|提升至|达成|已发展|发展|已经|已|现有|总数|数量|人数|共计|合计|总计|达到|达|有|中|为|的|约|共|由年初|数|总人数|总量|规模|增加|“|”)$"
)
_VERB_WITHIN = expression(
    r"^[\u4e00-\u9fffA-Za-z0-9]{2,}?(?=(?:现有|共有|拥有|下设|收到|征集|入驻|接待|开展|举办|组织|召开|发放|印发)[\u4e00-\u9fff]{2})"
)
_SAID = expression(
    r"(?:要|需|仍|尚|应当|运行|存在|均|全部|都|实现|正常|同步|被|已|不|作用|未)[\u4e00-\u9fff]*$"
)
_CHANGE = expression(
    r"新增|新建|新设|新成立|新发展|新认定|新命名|新创建|净增|增加|减少|(?<!已)发展(?!到|为)|计划|拟|注销|退会|评选|评出|推荐|表彰|慰问|走访|"
    r"培训|培育|获|命名|认定|申报|补助|资助|奖励|邀请|聘请|选聘|引进|联系|服务|接待|受益|惠及|优秀|参加|参与|参赛|改造|升级|维修|更新|"
    r"创建|扶持|入选|遴选|指导|抽查|检查|考核|淘汰|调整|结对|帮扶|整改|完成|办结|回收|收回|采用|采纳|分别"
)


class Noun(NamedTuple):
    """The bare noun, the level it belongs to (县级), and what changed or befell it (新增)."""

    noun: str
    level: str
    change: str


def noun_of(quantity: Quantity, synonyms: Mapping[str, str]) -> Noun:
    """Take a quantity's subject apart; a noun that another word stands for is called by that word."""
    found = _noun(quantity.subject)
    if found.noun not in synonyms:
        return found
    return found._replace(noun=synonyms.get(found.noun, found.noun))


@lru_cache(maxsize=4096)
def _noun(subject: str) -> Noun:
    # 创新大赛收到作品: who or what it was done by is no part of the noun.
    words, level = _VERB_WITHIN.sub("", subject), ""
    change = _CHANGE.search(words)
    moved = True
    while moved:
        moved = False
        if match := _SCOPE.match(words):
            level = match["level"] or level
            words, moved = words[match.end() :], True
        elif (match := _LEAD.match(words)) and len(words) - match.end() >= 2:
            words, moved = words[match.end() :], True
        elif (match := _TAIL.search(words)) and match.start() >= 2:
            words, moved = words[: match.start()], True
    if (match := _SAID.search(words)) and match.start() >= 3:
        # 165个科普e站运行不正常: what is said of them is no part of their name.
        words = words[: match.start()]
    return Noun(words, level, change[0] if change else "")
