"""What the checks of wording and form find, and the look-alikes they leave alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.checking import Text, check
from taizhang.engines.checking.checks import (
    approximation,
    document_numbers,
    doubled_words,
    numbering,
    numerals_style,
    personal_data,
    punctuation,
    residue,
    usage,
)
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.scan import fold
from taizhang.engines.checking.sections import Sections

OURS = ("other", "redundant_approx")
FORM = (
    document_numbers,
    doubled_words,
    numbering,
    numerals_style,
    personal_data,
    punctuation,
    residue,
    usage,
    approximation,
)


def found(text: str) -> list[tuple[str, str]]:
    """Code and first marked words of every finding of wording and form."""
    return [
        (issue.code.partition(".")[2], text[issue.spans[0].start : issue.spans[0].end])
        for issue in check(text).issues
        if issue.type in OURS
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("服务群众近万余人次。", "near_over", "近万余人次"),
        ("任职不到一年左右。", "less_about", "不到一年左右"),
        ("每村至少建1个以上科普e站。", "least_above", None),
        ("投入经费约36.42万元。", "exact", "约36.42万元"),
        ("问题有：一是经费少；三是人手少。", "numbering_jump", "三是"),
        ("（一）学会\n（二）科普\n（四）队伍", "numbering_jump", "（四）"),
        ("1.讲座\n2.展览\n4.培训", "numbering_jump", "4."),
        ("服务3-4万人。", "range_unit", "3-4万"),
        ("到位资金3千6百万元。", "mixed_units", "3千6百万"),
        ("举办了2、3场讲座。", "neighbour_digits", "2、3"),
        ("优秀团队10个、优秀项目十个。", "mixed_numerals", None),
        ("以上报告，请予审阅.", "half_width", "."),
        ("增长61%,成效明显。", "half_width", ","),
        ("（某科协发[2025]03号）", "document_number", "[2025]03号"),
        ("联系人身份证号11010519491231002X。", "identity_number", "11010519491231002X"),
        ("联系人手机：１３８００００００００", "mobile_number", "１３８００００００００"),
        ("做到了的的实处。", "doubled_word", "的的"),
        ("达达到3400余户。", "doubled_word", "达达到"),
        ("见错误！未找到引用源。", "residue", "错误！未找到引用源。"),
        ("学习《科普法。", "unbalanced", "《"),
    ],
)
def test_a_fault_of_wording_or_form_is_found_at_its_place(
    text: str, code: str, words: str | None
) -> None:
    ours = found(text)
    assert [one for one, _words in ours] == [code]
    assert words is None or ours[0][1] == words


@pytest.mark.parametrize(
    "text",
    [
        "受益群众近3000人次，发放资料3000余份。",
        "近年来，其余10余个社区也参加了活动。",
        "本科以上学历120人，县级以上基地12个，60岁以上老人300人。",
        "全县公民具备科学素质的比例达到12%以上。",
        "展厅面积约1.25万平方米，距县城约128公里，用时约2小时。",
        "平均每次约113人次。",
        "参加考核的达千人以上。",
        "一、学会\n（一）讲座\n（二）展览\n二、科普\n（一）讲座\n三、队伍",
        "主要做法：一是建队伍，二是抓活动，三是强保障。",
        "一是建队伍；二是抓活动。\n存在问题：一是经费少；二是人手少。",
        "落实“一岗双责”，推进“三会一课”、五个一工程。",
        "2021-2025年，服务1.5万余人次，咨询热线12345、0471-6681234。",
        "9:30至11:00，比分为3:2，得分3.5分，网址为www.example.cn。",
        "每月3—5场，投入5万元—8万元，增长5%～8%，3万至5万人次。",
        "三、四季度推进，第二、三名由学校获得，一、二等奖各1项，二、三级学会各2家。",
        "分别举办讲座、展览2、3场。",
        "一等奖1项、两个社区、3所学校参加。",
        "十余场讲座、8场展览。",
        "（某科协发〔2025〕3号）（2025年第3号）",
        "1）讲座；2）展览；a）培训。",
        "“科技之春”（以下简称“之春”）活动。",
        "他说：“科普要抓早。\n科普要抓小。”",
        "James Smith, Ph.D., 来访。",
        "人人讲科学，天天有活动，看看展览，常常研究研究。",
        "为了了解情况，科技志愿服务服务队深入党组织组织的活动，目的的实现是是非分明。",
        "一个一个社区走，一步一步推进。",
        "共投入13800000000元，编号20210930123456789。",
        "建成5千米步道、3万5千瓦光伏。",
        "截至目前，评选截止时间为6月30日。",
        "单位\t场次\t人数\n东街\t12\t300\n西街\t3\t120",
    ],
)
def test_look_alikes_stay_silent(text: str) -> None:
    assert found(text) == []


def test_personal_data_is_never_told_whole() -> None:
    (issue,) = [i for i in check("身份证号11010519491231002X。").issues if i.type == "other"]
    assert issue.severity == "error"
    assert "19491231" not in str(issue.params)


def test_one_sign_in_half_width_is_one_finding_however_often_it_stands() -> None:
    (issue,) = check("开展活动,参加踊跃,效果良好。").issues
    assert len(issue.spans) == 2


def form(text: str) -> int:
    """How many findings of form a text has, without its quantities being read."""
    context = Context(Text.of(text), fold(text), (), Sections(text), None, {})
    return sum(1 for module in FORM for _issue in module.check(context))


@given(st.text(alphabet="一二三四、是（）()“”《》\n0123456789.,%万千余的近约左右至X【】号[]"))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for issue in check(text).issues:
        assert issue.spans
        for span in issue.spans:
            assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    ["1", "（", "）", "”“", "一、", "3万", "一是", "的", "[bookmark:", "《\n", "一、\n三、\n"],
)
def test_hostile_input_takes_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        form(text)
        return time.process_time() - started

    seconds(1000)
    small = min(seconds(50_000) for _ in range(3))
    assert seconds(200_000) < 12 * small + 0.2


@pytest.mark.parametrize(
    "unit",
    [
        "举办讲座5场、",
        "全年会员120人，其中女性60人，",
        "9月5日至",
        "全年接待观众4万人次，比上年增长5%，",
        "男性占5%、",
        "一是做好5场；二是",
        "科技馆已建成；科技馆尚未建成",
        "12个乡镇全部成立科协2个乡镇未成立科协，",
        "2012年3月5日召开",
        "30个问题全部完成整改仍有3个问题未完成",
        "每场50人，共培训200人，",
        "县科协2023年工作总结\n二〇二三年",
    ],
)
def test_one_endless_sentence_takes_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        check(text, year=2023)
        return time.process_time() - started

    small = min(seconds(15_000) for _ in range(3))
    assert seconds(60_000) < 12 * small + 0.2
