"""The words around a number that say how it is meant, and those that make it part of a name."""

from __future__ import annotations

import re

BEFORE: dict[str, str] = {
    **dict.fromkeys(("近", "将近", "接近", "有近", "临近"), "nearly"),
    **dict.fromkeys(
        ("约", "大约", "约有", "约为", "约占", "约计", "大概", "约达", "大约有"), "about"
    ),
    **dict.fromkeys(("超", "超过", "超出", "突破", "逾", "超过了", "突破了", "已超", "上"), "over"),
    **dict.fromkeys(("不少于", "不低于", "至少", "最少", "不小于", "起码", "至少有"), "at_least"),
    **dict.fromkeys(
        ("不超过", "不高于", "不多于", "至多", "最多", "不大于", "最高不超过"), "at_most"
    ),
    **dict.fromkeys(("不足", "不到", "低于", "少于", "未到", "不满", "未达", "小于"), "less_than"),
    **dict.fromkeys(("高于", "多于", "大于"), "over"),
}
for _word in ("有近", "已超"):
    BEFORE.pop(_word)
BEFORE_LENGTHS = sorted({len(word) for word in BEFORE}, reverse=True)
NOT_NEAR = frozenset("最附临邻远亲贴相靠切就新")
AFTER: dict[str, str] = {
    **dict.fromkeys(("以上", "及以上", "（含）以上", "(含)以上"), "at_least"),
    **dict.fromkeys(("以内", "以下", "之内", "及以下"), "at_most"),
    **dict.fromkeys(("左右", "上下"), "about"),
}
OVER = "余多来"
TIME_OR_MONEY = frozenset(
    {"年", "天", "小时", "个月", "公里", "元", "万元", "亿元", "吨", "亩", "岁", "公斤"}
)
AFTER_MANY = frozenset("部家方个名次种层年彩样元功边渠点项媒维措头轮形地所处")
AFTER_YU = frozenset("下额款热力留震生孽")
BIG_ALONE = frozenset("百千万亿十")
EACH = re.compile(r"每(?:年|月|周|季度?|半年|天|日|学期|星期|个[月季星])[^，。；、\n]{0,8}$")
LASTING = frozenset(("连续", "历时", "为期", "长达", "任期", "服务满", "届满", "已满"))
ROUND_THE_CLOCK = ("不间断", "值班", "值守", "在线", "开放", "热线", "全天候", "服务")
FIXED = re.compile(
    r"[一两二三四五六七八九十]{1,2}(?:个(?:维护|意识|自信|确立|全面|亲自|责任|务必|结合|坚持|面向|离不开|认同|率先|"
    r"转变|统筹|文明|标准|规定|不|必由之路|大局|层面|方面|环节|维度|关键|重点|注重|聚焦|强化|突出|抓手|轮子|"
    r"行动|计划|工程|专项|平台|阵地|市场|循环|导向|融合|覆盖|到位|一(?![0-9])|更加|有)|大|级|手|者|方面|地同|侧|边|面|头|种思|位一体|"
    r"场(?:硬仗|仗|战役|攻坚战)|类|年(?![，。；、）\n余多以左]|$)|项(?:规定|制度|纪律|改革|原则|机制|教育|行动|工程)|条(?:主线|例|禁令|战线|底线)|类人|好|化|公|农|支一扶|下乡|实|型|严|通|微|新|"
    r"位数|位一|级|线|流|体|定|样|致|般|起|直|切|再|同|些|系列|律|旦|向|贯|律|味|带|并|举|度(?!电)|概|端|瞬)"
)
ONE_ENDS = frozenset("，。；、！？\n：）)”\t| ")
QUOTED = re.compile(r"“[^”“\n]{1,60}”|《[^》《\n]{1,80}》|「[^」\n]{1,40}」|『[^』\n]{1,40}』")
LIST_SEPARATORS = frozenset("、和及")
SHORT_QUOTE = 18
