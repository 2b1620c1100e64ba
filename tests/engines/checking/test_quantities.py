"""What is a quantity in a report, what it says, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.checking import Quantity, Text, check, extract
from taizhang.engines.checking.text import Fact

from . import spans

CASES: list[tuple[str, list[str]]] = [
    ("百名专家走进百村千户开展服务。", []),
    ("走进12所学校、8个社区。", ["12所 12 所 exact", "8个 8 个 exact"]),
    ("实施“百千万”工程，建成3个示范点。", ["3个 3 个 exact"]),
    ("党的二十大召开，学习二十届三中全会精神。", []),
    ("落实中央八项规定精神，整治“四风”问题。", []),
    ("执行六项纪律，遵守八项规定。", []),
    ("第十四届全国人大二次会议，第9次会议。", []),
    ("“十四五”规划收官，十四五期间投入300万元。", ["300万元 300 万元 exact"]),
    ("参训人员达3.5万人次。", ["3.5万人次 35000 人次 exact"]),
    ("点击量5亿3400万次。", ["5亿3400万次 534000000 次 exact"]),
    ("招募志愿者二十二名。", ["二十二名 22 名 exact"]),
    ("走访三百余人。", ["三百余人 300 人 over"]),
    ("开展活动百余场。", ["百余场 100 场 over"]),
    ("近千人参加。", ["近千人 1000 人 nearly"]),
    ("开展活动数十次、座谈十几次。", ["数十次 None 次 vague", "十几次 None 次 vague"]),
    ("每年举办3—5场。", ["3—5场 3..5 场 range"]),
    ("增幅5%～8%。", ["5%～8% 5..8 % range"]),
    ("增幅5%-8%。", ["5%-8% 5..8 % range"]),
    ("占比从20%提高到35%。", ["20% 20 % exact", "35% 35 % exact"]),
    ("提高6.5个百分点。", ["6.5个百分点 6.5 百分点 exact"]),
    ("增长2.5倍。", ["2.5倍 2.5 倍 exact"]),
    ("三成以上的学校。", ["三成以上 30 % at_least"]),
    ("超过三分之二的会员。", ["超过三分之二 66.67 % over"]),
    ("约占四成。", ["四成 40 % about"]),
    ("服务时间不少于20小时。", ["不少于20小时 20 小时 at_least"]),
    ("控制在50人以内。", ["50人以内 50 人 at_most"]),
    ("不超过100万元。", ["不超过100万元 100 万元 at_most"]),
    ("参会人员不足50人。", ["不足50人 50 人 less_than"]),
    ("年龄不到35岁。", ["不到35岁 35 岁 less_than"]),
    ("约300人左右。", ["约300人左右 300 人 about"]),
    (
        "举办讲座、展览、竞赛分别为12、8、3场。",
        ["12 12 场 exact", "8 8 场 exact", "3场 3 场 exact"],
    ),
    ("举办讲座、展览分别为12场、8场。", ["12场 12 场 exact", "8场 8 场 exact"]),
    ("城区、乡镇各5场。", ["5场 5 场 exact"]),
    ("电话：0512-65221234，邮编215000。", []),
    ("联系电话13812345678。", []),
    ("5G网络、4K直播、3D打印、A4纸。", []),
    ("新发〔2023〕12号、国办发[2021]9号。", []),
    ("上午9时30分至11时，9:30开始。", []),
    ("2023年3月5日至7日，历时3天。", ["3天 3 天 exact"]),
    ("千家万户、四面八方、五湖四海、千方百计、百年大计。", []),
    ("一方面，二是加强，三要提高，四个方面。", []),
    ("每月组织一次学习。", ["一次 1 次 exact"]),
    ("取得了一定成效，进一步加强，一系列活动，一批项目。", []),
    ("建立一支队伍，打造一个平台。", []),
    ("获得一等奖3项、二等奖5项。", ["3项 3 项 exact", "5项 5 项 exact"]),
    ("评出一、二、三等奖共30名。", ["30名 30 名 exact"]),
    ("两名同志、三位专家、五家单位。", ["两名 2 名 exact", "三位 3 位 exact", "五家 5 家 exact"]),
    ("投入1,234.5万元。", ["1,234.5万元 1234.5 万元 exact"]),
    (
        "投入资金３０万元，服务１２００人次。",
        ["３０万元 30 万元 exact", "１２００人次 1200 人次 exact"],
    ),
    ("总投资1.2亿元。", ["1.2亿元 1.2 亿元 exact"]),
    ("面积1.5万平方米。", ["1.5万平方米 15000 平方米 exact"]),
    ("12345热线，110报警。", []),
    ("受益2万余人次。", ["2万余人次 20000 人次 over"]),
    ("发放300余万份。", ["300余万份 3000000 份 over"]),
    ("投入300余万元。", ["300余万元 300 万元 over"]),
    ("超过5000人次。", ["超过5000人次 5000 人次 over"]),
    ("突破10万人次大关。", ["突破10万人次 100000 人次 over"]),
    ("逾百万人次。", ["逾百万人次 1000000 人次 over"]),
    ("至少3次。", ["至少3次 3 次 at_least"]),
    ("最多10人。", ["最多10人 10 人 at_most"]),
    ("3至5名。", ["3至5名 3..5 名 range"]),
    ("2到3次。", ["2到3次 2..3 次 range"]),
    ("七八百人。", ["七八百人 700..800 人 range"]),
    ("两三场。", ["两三场 2..3 场 range"]),
    ("三四十人。", ["三四十人 30..40 人 range"]),
    ("10余家、20多所、30来人。", ["10余家 10 家 over", "20多所 20 所 over", "30来人 30 人 about"]),
    ("投入1.5万多元。", ["1.5万多元 1.5 万元 over"]),
    ("成立30周年。", []),
    ("建党100周年。", []),
    ("A类3家，B类5家。", ["3家 3 家 exact", "5家 5 家 exact"]),
    ("完成率100%。", ["100% 100 % exact"]),
    ("百分之百完成。", ["百分之百 100 % exact"]),
    ("百分之三点五。", ["百分之三点五 3.5 % exact"]),
    ("人均0.8册。", ["0.8册 0.8 册 exact"]),
    ("半年来。", []),
    (
        "制作展板48块，挂图120幅，横幅35条。",
        ["48块 48 块 exact", "120幅 120 幅 exact", "35条 35 条 exact"],
    ),
    ("出动宣传车136台次。", ["136台次 136 台次 exact"]),
    (
        "推送图文86篇，视频12部，阅读量12万次。",
        ["86篇 86 篇 exact", "12部 12 部 exact", "12万次 120000 次 exact"],
    ),
    ("第一季度、二季度、前三季度。", []),
    ("下一年，上一年度。", []),
    ("一期工程、二期项目。", []),
    ("三甲医院、二级学会、一类企业。", []),
    ("列全省第3位。", []),
    ("XX县科协、XX名会员。", ["XX名 None 名 exact"]),
    ("×××余人。", ["×××余人 None 人 over"]),
    ("吸引了上千名观众。", ["上千名 1000 名 over"]),
    ("成百上千的群众。", []),
    ("三五成群、七上八下。", []),
    ("“三下乡”、“双百”行动、三会一课、一岗双责、两学一做、四史、三农。", []),
    ("三下乡活动，两委班子，三级联动，县乡村三级。", []),
    ("四个意识、四个自信、两个维护、两个确立。", []),
    ("一把手工程，一盘棋，一条心，一张网。", []),
    ("1.举办讲座3场。2.开展义诊5次。", ["3场 3 场 exact", "5次 5 次 exact"]),
    ("（1）12场；（2）8场。", ["12场 12 场 exact", "8场 8 场 exact"]),
    ("2021-2023年，共投入50万元。", ["50万元 50 万元 exact"]),
    ("2021—2025年规划。", []),
    ("到2025年，达到15%以上。", ["15%以上 15 % at_least"]),
    ("30%的基层组织。", ["30% 30 % exact"]),
    ("下降12.5％。", ["12.5％ 12.5 % exact"]),
    ("共计 36 场次", ["36 场次 36 场次 exact"]),
    ("科普大篷车行驶8000公里。", ["8000公里 8000 公里 exact"]),
    (
        "发电15千瓦、重5千克、长3千米。",
        ["15千瓦 15 千瓦 exact", "5千克 5 千克 exact", "3千米 3 千米 exact"],
    ),
    ("编印《科学生活100问》5000册。", ["5000册 5000 册 exact"]),
    ("《百年科技》展览3场。", ["3场 3 场 exact"]),
    ("“100个为什么”问答。", []),
    ("覆盖率达到九成。", ["九成 90 % exact"]),
    ("建成立体网络、完成立项。", []),
    (
        "约1.2万名、近3000户、逾20个。",
        ["约1.2万名 12000 名 about", "近3000户 3000 户 nearly", "逾20个 20 个 over"],
    ),
    (
        "节约经费3万元，签约项目5个，预约12人。",
        ["3万元 3 万元 exact", "5个 5 个 exact", "12人 12 人 exact"],
    ),
    ("附近3个村。", ["3个 3 个 exact"]),
    ("线上300人、线下200人。", ["300人 300 人 exact", "200人 200 人 exact"]),
    ("若干名志愿者，若干问题。", ["若干名 None 名 vague"]),
    ("数万名学生。", ["数万名 None 名 vague"]),
    ("一千零五十人。", ["一千零五十人 1050 人 exact"]),
    ("两万三千人。", ["两万三千人 23000 人 exact"]),
    ("一百二十场。", ["一百二十场 120 场 exact"]),
    ("零投诉、零事故。", []),
    ("0起事故。", ["0起 0 起 exact"]),
    ("全市11个县（市、区）。", ["11个 11 个 exact"]),
    ("三分之一。", ["三分之一 33.33 % exact"]),
    ("十多万人次。", ["十多万人次 100000 人次 over"]),
    ("十万余份。", ["十万余份 100000 份 over"]),
    ("50余万字。", ["50余万字 500000 字 over"]),
    ("3万5千人。", ["3万5千人 35000 人 exact"]),
    ("1万2千余册。", ["1万2千余册 12000 册 over"]),
    ("工作日每天8小时。", ["8小时 8 小时 exact"]),
    ("20余人次。", ["20余人次 20 人次 over"]),
    ("近20余人。", ["近20余人 20 人 nearly|over"]),
    ("超过30人以上。", ["超过30人以上 30 人 over|at_least"]),
    ("不到20人左右。", ["不到20人左右 20 人 less_than|about"]),
    ("正高2人、副高5人、中级12人。", ["2人 2 人 exact", "5人 5 人 exact", "12人 12 人 exact"]),
    ("一是加大投入，投入科普经费人均1.5元。", ["1.5元 1.5 元 exact"]),
    ("获省级以上奖励8项。", ["8项 8 项 exact"]),
    ("三个一百工程", []),
    ("开展“六个一”活动6次。", ["6次 6 次 exact"]),
    ("其中，学生占六成，约2400人。", ["六成 60 % exact", "约2400人 2400 人 about"]),
    ("下发文件三份。", ["三份 3 份 exact"]),
    ("三份文件", ["三份 3 份 exact"]),
    ("举办了首届、第二届科普节。", []),
    ("第36、37届大赛。", []),
    ("1+3+N模式、“1+N”。", []),
    ("资金1500000元。", ["1500000元 1500000 元 exact"]),
    ("人民币25万元整。", ["25万元 25 万元 exact"]),
    (
        "服务8个乡镇、120个行政村的3.2万户9.8万人。",
        [
            "8个 8 个 exact",
            "120个 120 个 exact",
            "3.2万户 32000 户 exact",
            "9.8万人 98000 人 exact",
        ],
    ),
    ("培训农民工、技术员共60名。", ["60名 60 名 exact"]),
    ("全年365天。", ["365天 365 天 exact"]),
    ("不少于3场、不超过5场。", ["不少于3场 3 场 at_least", "不超过5场 5 场 at_most"]),
    ("超10万人次。", ["超10万人次 100000 人次 over"]),
    ("累计达12场。", ["12场 12 场 exact"]),
    ("人均科普经费达到2元/人。", ["2元 2 元 exact"]),
    ("三百六十行", []),
    ("一千多名", ["一千多名 1000 名 over"]),
    ("万余人", ["万余人 10000 人 over"]),
    ("一二三产融合", []),
]
REPORT = st.text(
    alphabet="0123456789０１２３.,，。、；：（）()“”《》%％—-～\n\t| 一二两三十百千万亿几数余多近约超以上左右共其中分别增长下降由到"
    "年月日第X×个名人次场元平方米星期占率平均每"
)


def shown(quantity: Quantity) -> str:
    """The quantity as the cases write it."""
    high = "" if quantity.value_max is None else f"..{quantity.value_max}"
    return f"{quantity.text} {quantity.value}{high} {quantity.unit} {quantity.qualifier}"


@pytest.mark.parametrize(("sentence", "quantities"), CASES)
def test_every_quantity_is_read_and_nothing_else(sentence: str, quantities: list[str]) -> None:
    assert [shown(one) for one in extract(sentence)] == quantities


def test_over_fills_the_trailing_noughts() -> None:
    bounds = [(one.low, one.high) for one in extract("7800余人次、8650余人次、2万余人。")]
    assert bounds == [(7801, 7899), (8651, 8659), (20001, 29999)]


def test_a_rounded_number_may_be_anything_that_rounds_to_it() -> None:
    (one,) = extract("服务2.9万人次。")
    assert (one.low, one.high) == (28500, 29500)


def test_numbers_in_a_table_take_the_unit_of_its_head() -> None:
    found = extract("类别\t次数（次）\t参加人次（万人次）\n讲座\t864\t9.8\n")
    assert [shown(one) for one in found] == ["864 864 次 exact", "9.8 98000 人次 exact"]


def test_two_controls_of_the_same_fact_never_conflict() -> None:
    plain = "全市现有科普e站156个。\n二、问题\n全市165个科普e站运行不正常。"
    assert [one.type for one in check(plain).issues] == ["conflict"]
    first, second = plain.index("156个"), plain.index("165个")
    facts = (Fact("f1", first, first + 4), Fact("f1", second, second + 4))
    assert check(Text(plain, Text.of(plain).blocks, facts)).issues == ()


@given(REPORT | st.text())
def test_any_string_gives_spans_inside_it(text: str) -> None:
    report = check(text)
    for one in report.quantities:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
    for issue in report.issues:
        assert issue.spans
        assert all(0 <= span.start < span.end <= len(text) for span in issue.spans)


@given(REPORT)
def test_a_paragraph_before_it_only_shifts_the_quantities(text: str) -> None:
    prefix = "某县科协。\n\n"
    moved = [(one.start - len(prefix), one.value, one.unit) for one in extract(prefix + text)]
    assert moved == [(one.start - 1, one.value, one.unit) for one in extract("\n" + text)]


@given(REPORT)
def test_digits_of_either_width_give_equal_values(text: str) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    narrow = str.maketrans("０１２３４５６７８９", "0123456789")
    found = [
        [(one.start, one.end, one.value, one.value_max, one.unit) for one in extract(each)]
        for each in (text.translate(wide), text.translate(narrow))
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize(("text", "found"), spans.CASES)
def test_spans_are_those_of_the_quantities_alone(text: str, found: list[str]) -> None:
    assert [one.text for one in extract(text)] == found


@pytest.mark.parametrize("head", ["观众（万）", "观众（）", "观众（、）", "（万）", "数（/）"])
def test_a_head_of_a_column_may_name_no_unit(head: str) -> None:
    found = extract(f"单位\t{head}\n甲馆\t12\n乙馆\t9\n")
    assert [one.text for one in found] == []
