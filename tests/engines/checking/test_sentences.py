"""Sentences of work reports: those that are wrong, and their look-alikes that are not."""

from __future__ import annotations

import pytest

from taizhang.engines.checking import check

from .sentences import Line, pairs, read, right, wrong

WRONG = [
    ("点击量由20万次增长到60万次，翻了两番。", "arithmetic"),
    ("全年举办讲座6场、展览5场、竞赛3场，共15场。", "sum_mismatch"),
    ("共举办活动15场，其中讲座8场、展览5场、竞赛4场。", "sum_mismatch"),
    ("现有会员120人，其中女性132人。", "sum_mismatch"),
    ("现有职工58人，其中党员62人。", "sum_mismatch"),
    ("投入资金100万元，其中省级50万元、市级30万元、县级25万元。", "sum_mismatch"),
    ("投入资金1.2亿元，其中省级5000万元、市级4000万元、县级4000万元。", "sum_mismatch"),
    ("东片区、西片区分别培训120人、150人，共计280人。", "sum_mismatch"),
    ("建成科普馆5个（城区2个、乡镇4个）。", "sum_mismatch"),
    ("全市有企业科协30家、高校科协4家、园区科协6家，合计42家。", "sum_mismatch"),
    ("参赛作品共320件：小学组150件，初中组110件，高中组50件。", "sum_mismatch"),
    ("收入186万元，支出171万元，结余25万元。", "sum_mismatch"),
    ("排查问题30个，已整改28个，正在整改3个。", "sum_mismatch"),
    ("排查问题30个，已整改28个，剩余4个。", "sum_mismatch"),
    ("参观人次由3.5万人次增加到4.2万人次，增长30%。", "arithmetic"),
    ("全年接待43.4万人次，比上年的35万人次增长34%。", "arithmetic"),
    ("接待观众4.2万人次（去年3.5万人次），同比增长30%。", "arithmetic"),
    ("2022年接待观众3.5万人次，2023年接待观众4.2万人次，增长25%。", "arithmetic"),
    ("投诉由12件下降到6件，下降2倍。", "arithmetic"),
    ("投诉量减少了1.5倍。", "arithmetic"),
    ("经费支出下降120%。", "arithmetic"),
    ("满意度由92%提高到98%，提高6%。", "arithmetic"),
    ("满意度由92%提高到98%，提高8个百分点。", "arithmetic"),
    ("活动由40场增加到120场，增长3倍。", "arithmetic"),
    ("同比增长-8%。", "arithmetic"),
    ("共40场，已完成34场，完成率87%。", "arithmetic"),
    ("发放问卷500份，回收有效问卷460份，有效回收率96%。", "arithmetic"),
    ("参加考试800人，合格720人，合格率95%。", "arithmetic"),
    ("举办讲座20场，参加2400人次，平均每场150人次。", "arithmetic"),
    ("举办讲座20场，参加2400人次，场均150人次。", "arithmetic"),
    ("全年开放300天，接待6万人次，日均接待260人次。", "arithmetic"),
    ("举办培训4期，每期50人，共培训220人。", "arithmetic"),
    ("为24名困难群众发放慰问金2.4万元，人均1200元。", "arithmetic"),
    ("志愿者286人，服务5720小时，人均25小时。", "arithmetic"),
    ("现有会员2000人，其中高级职称500人，占35%。", "arithmetic"),
    ("完成投资80万元，占年度计划100万元的90%。", "arithmetic"),
    ("完成活动83场次，完成全年150场次目标的65.3%。", "arithmetic"),
    ("会员达208家，比上年增加61家，增长51.5%。", "arithmetic"),
    ("活动由150场减少到120场，减少40场。", "arithmetic"),
    ("6月31日召开会议。", "date_or_year"),
    ("2023年2月29日召开会议。", "date_or_year"),
    ("13月5日召开会议。", "date_or_year"),
    ("2025年9月20日（星期五）举办科普日。", "date_or_year"),
    ("2025年9月20日（周日）举办。", "date_or_year"),
    ("9月20日至16日举办科普日。", "date_or_year"),
    ("2023年9月31日前完成。", "date_or_year"),
    ("2023.02.30完成。", "date_or_year"),
    ("23年，我们将继续努力。", "date_or_year"),
    ("25年工作总结", "date_or_year"),
    ("4月31日至5月3日开展活动。", "date_or_year"),
    ("现有专职工作人员12人次。", "unit_mix"),
    ("现有专职人员5人次、兼职人员20人次。", "unit_mix"),
    ("聘请科技辅导员30人次。", "unit_mix"),
    ("发展会员320人次。", "unit_mix"),
    ("新增会员45人次。", "unit_mix"),
    ("共有注册志愿者3000人次。", "unit_mix"),
    ("学会有理事45人次。", "unit_mix"),
    ("招募志愿者200人次。", "unit_mix"),
    ("参训人员127余人。", "exact_with_over"),
    ("培训1234多人次。", "exact_with_over"),
    ("参训12余人。", "exact_with_over"),
    ("三百二十一余人参加。", "exact_with_over"),
    ("会议于X月X日召开。", "placeholder"),
    ("全年开展活动__场。", "placeholder"),
    ("全年开展活动XX场，服务X万人次。", "placeholder"),
    ("投入资金××万元。", "placeholder"),
    ("占比XX%。", "placeholder"),
    ("开展活动**场。", "placeholder"),
    ("20××年", "placeholder"),
    ("202X年", "placeholder"),
    ("开展活动（  ）场。", "placeholder"),
    ("（此处补充数据）", "placeholder"),
    (
        "全年共举办各类科普活动86场次，其中科普讲座42场次、科普展览18场次、科技竞赛12场次、科普日活动16场次。",
        "sum_mismatch",
    ),
    ("共评选出优秀作品60件，其中一等奖10件，二等奖20件，三等奖35件。", "sum_mismatch"),
    ("学会下设专业委员会12个、工作委员会5个，共18个分支机构。", "sum_mismatch"),
    ("学会下设12个专业委员会、5个工作委员会，共有分支机构18个。", "sum_mismatch"),
    ("全市科普基地达到45家（国家级3家、省级12家、市级32家）。", "sum_mismatch"),
    ("整改问题34个，其中立行立改20个、限期整改10个、长期坚持6个。", "sum_mismatch"),
    ("上半年举办讲座20场，下半年举办讲座25场，全年共举办讲座46场。", "sum_mismatch"),
    ("一季度12场、二季度15场、三季度18场、四季度10场，全年合计56场。", "sum_mismatch"),
    ("服务群众3.2万人次，其中线上2.5万人次、线下0.9万人次。", "sum_mismatch"),
    ("全馆现有工作人员36人，其中在编20人、聘用18人。", "sum_mismatch"),
    ("现有党员25名，其中正式党员23名、预备党员3名。", "sum_mismatch"),
    ("举办培训班12期，培训1200人次，其中农民900人次、教师400人次。", "sum_mismatch"),
    ("三个项目共投入资金150万元，分别为50万元、60万元、45万元。", "sum_mismatch"),
    ("甲项目投入50万元，乙项目投入60万元，合计投入120万元。", "sum_mismatch"),
    (
        "组织讲座30场，受众1500人次；组织展览10场，受众2000人次；共计40场、3600人次。",
        "sum_mismatch",
    ),
    (
        "类别\t场次（场）\t人次（人次）\n讲座\t30\t1500\n展览\t10\t2000\n合计\t40\t3600",
        "sum_mismatch",
    ),
    ("类别\t场次\t人次\n讲座\t30\t1500\n展览\t10\t2000\n合计\t40\t3600", "sum_mismatch"),
    ("项目\t合计\t城区\t乡镇\n讲座（场）\t30\t12\t18\n展览（场）\t10\t5\t6", "sum_mismatch"),
    ("|类别|场次（场）|\n|讲座|30|\n|展览|10|\n|合计|41|", "sum_mismatch"),
    ("县区\t科普活动（场）\n合计\t60\n甲县\t20\n乙县\t25\n丙县\t16", "sum_mismatch"),
    ("县区\t活动（场）\t其中：讲座（场）\n甲县\t20\t25\n合计\t20\t25", "sum_mismatch"),
    ("全年计划120场，实际完成132场，完成计划的120%。", "arithmetic"),
    ("应到理事75人，实到60人，到会率85%。", "arithmetic"),
    ("报名320人，录取80人，录取率30%。", "arithmetic"),
    ("预算120万元，支出108万元，执行率95%。", "arithmetic"),
    ("共有会员3200人，其中女会员960人，占比40%。", "arithmetic"),
    ("开展活动50场，其中线上20场，占总数的45%。", "arithmetic"),
    ("年接待观众12万人次，其中未成年人5.4万人次，占55%。", "arithmetic"),
    ("共收到作品480件，获奖96件，获奖率25%。", "arithmetic"),
    ("全年活动场次比去年的80场增加16场，增长25%。", "arithmetic"),
    ("注册志愿者从2022年的1500人增长到2023年的1800人，增幅达25%。", "arithmetic"),
    ("较2022年的1500人增长30%，达到1800人。", "arithmetic"),
    ("2023年末会员1800人，2022年末为1500人，增长了25%。", "arithmetic"),
    ("会员由1500人增加至1800人，净增400人。", "arithmetic"),
    ("科普经费从人均1.2元提高到1.5元，提高50%。", "arithmetic"),
    ("公民科学素质比例由10.2%提升至12.5%，提升了3.2个百分点。", "arithmetic"),
    ("公民科学素质比例达12.5%，比上年的10.2%提高2.3%。", "arithmetic"),
    ("点击量由20万次增长到60万次，增长了3倍。", "arithmetic"),
    ("全年开馆300天，接待观众6.3万人次，日均接待320人次。", "arithmetic"),
    ("5所学校1200名学生参加，平均每校300名。", "arithmetic"),
    ("培训班共6期，每期2天，每期40人，共260人。", "arithmetic"),
    ("项目资金300万元，惠及农户1500户，户均3000元。", "arithmetic"),
    ("全市志愿者1.2万人，服务时长36万小时，人均40小时。", "arithmetic"),
    ("减少2.5倍", "arithmetic"),
    ("成本降低一倍。", "arithmetic"),
    ("同比下降-5%。", "arithmetic"),
    ("全市现有科普e站156个。\n二、问题\n全市165个科普e站中有20个运行不正常。", "conflict"),
    ("科技馆建筑面积1500平方米。\n科技馆建筑面积1600平方米。", "conflict"),
    ("全县有科普信息员12073名。\n全县1.3万余名科普信息员。", "conflict"),
    ("全年开展科普活动86场。\n全年共开展科普活动84场。", "conflict"),
    ("全年接待观众12.5万人次。\n三、问题\n全年接待观众13.5万人次，压力大。", "conflict"),
]
RIGHT = [
    "全年举办活动15场，其中讲座6场、展览5场、竞赛4场。",
    "举办活动15场，其中讲座6场。",
    "现有职工58人，其中党员32人、女职工40人。",
    "投入资金100万元，其中省级50万元、市级30万元、县级20万元。",
    "投入资金1.2亿元，其中省级5000万元、市级4000万元、县级3000万元。",
    "东片区、西片区分别培训120人、150人，共270人。",
    "举办培训班3期、讲座5场、咨询活动12次，共服务群众2000人次。",
    "发放资料3000份、图书200册，共计3200份（册）。",
    "建成科普馆6个（城区2个、乡镇4个）。",
    "收入186万元，支出171万元，结余15万元。",
    "排查问题30个，已整改28个，剩余2个。",
    "会员由年初的4000人，发展318人，退会32人，年末达到4286人。",
    "小学生占41%，初中生占33%，高中生占26%。",
    "参观人次由3.5万人次增加到4.2万人次，增长20%。",
    "全年接待43.4万人次，比上年35万人次增长24%。",
    "投诉由12件下降到6件，下降50%。",
    "满意度由92%提高到98%，提高6个百分点。",
    "满意度由92%提高到98.5%，提升6.5个百分点。",
    "活动由40场增加到120场，增长2倍。",
    "活动由40场增长到120场，是去年的3倍。",
    "共40场，已完成34场，完成率85%。",
    "发放问卷500份，回收有效问卷460份，回收率92%。",
    "全县156个行政村，建成农家书屋120个，覆盖率76.9%。",
    "举办讲座20场，参加2400人次，平均每场120人次。",
    "全年开放300天，接待6万人次，日均200人次。",
    "举办培训4期，每期50人，共培训200人。",
    "为24名困难群众发放慰问金2.4万元，人均1000元。",
    "志愿者286人，服务5720小时，人均20小时。",
    "现有会员2000人，其中高级职称500人，占25%。",
    "现有会员2000人，高级职称占35%。",
    "参训120人，女性占四成以上。",
    "完成投资80万元，占计划100万元的80%。",
    "会员比上年增加61家，达到208家，增长41.5%。",
    "全年开展活动120场，比上年增加20场，增长20%。",
    "全年开展活动120场，同比增长20%；服务群众3.6万人次，同比增长35%。",
    "较上年的150场减少30场。",
    "2024年2月29日召开会议。",
    "2025年9月20日（星期六）举办科普日。",
    "9月16日至22日举办科普日。",
    "12月20日至次年1月10日。",
    "12月20日至1月10日。",
    "建会23年来，共举办活动。",
    "邀请专家12人次。",
    "专家服务12人次。",
    "培训专职人员120人次。",
    "参会会员320人次。",
    "志愿者参与服务3000人次。",
    "参训120余人。",
    "历时十多年。",
    "15年多。",
    "X射线检查3次。",
    "开展活动……场。",
    "共评选出优秀作品60件，其中一等奖10件，二等奖20件，三等奖30件。",
    "评选优秀组织奖8个、先进个人15名，共表彰23个（名）。",
    "全市共有科普基地45家，国家级3家、省级12家、市级30家。",
    "服务群众3.2万人次，其中线上2.5万人次、线下0.7万人次。",
    "全馆现有工作人员36人，其中在编20人、聘用16人，研究生以上学历15人。",
    "全县12个乡镇156个行政村中，已有10个乡镇120个行政村建成科普e站。",
    "举办培训班12期，培训1200人次，其中农民800人次、教师400人次。",
    "发放科普图书1200册、挂图300张、光盘200张，共计发放科普资料1700份。",
    "组织讲座30场，受众1500人次；组织展览10场，受众2000人次；共计40场、3500人次。",
    "选派科技特派员45名，其中高级职称20名、中级职称18名，女性12名。",
    "指标\t单位\t数量\n讲座\t场\t30\n观众\t人次\t2000",
    "全年计划120场，实际完成132场，完成率110%。",
    "应到理事75人，实到60人，到会率80%。",
    "预算120万元，支出108万元，预算执行率90%。",
    "受理咨询560件，办结548件，办结率97.9%。",
    "受理咨询560件，办结548件，满意率97.9%。",
    "发放问卷300份，收回285份，有效问卷270份，有效率94.7%。",
    "共有会员3200人，其中女会员960人，占比30%。",
    "观众12万人次，其中未成年人5.4万人次，占45%。",
    "全年活动场次比去年的80场增加16场，增长20%。",
    "注册志愿者从2022年的1500人增长到2023年的1800人，增幅达20%。",
    "较2022年的1500人增长20%，达到1800人。",
    "科普经费从人均1.2元提高到1.5元，提高25%。",
    "公民科学素质比例由10.2%提升至12.5%，提升了2.3个百分点。",
    "举办活动24场，平均每月2场。",
    "全年开馆300天，接待观众6.3万人次，日均接待210人次。",
    "全年开馆300天，接待观众6.3万人次，日均接待约230人次。",
    "20名专家服务企业60家，平均每人服务3家。",
    "5所学校1200名学生参加，平均每校240名。",
    "投入60万元建设12个科普e站，每个5万元。",
    "培训班共6期，每期2天，每期40人，共240人。",
    "项目资金300万元，惠及农户1500户，户均2000元。",
    "项目资金300万元，惠及农户1500户，户均增收3000元。",
    "全市志愿者1.2万人，服务时长36万小时，人均30小时。",
    "增长率为-5%。",
    "学会共有个人会员1250人，单位会员30家。\n学会为1250名个人会员提供服务。",
    "去年会员1200人。\n今年会员1500人。",
    "上半年举办讲座20场。\n全年举办讲座45场。",
    "全县有科普信息员12073名。\n全县1.2万余名科普信息员。",
    "市级科普基地12家。\n省级科普基地5家。",
    "全市科普基地45家。\n新增科普基地5家。",
    "全市科普基地45家。\n培育科普基地5家。",
    "全市科普基地45家。\n计划到2025年科普基地达到60家。",
    "全市科普基地45家。\n走访科普基地20家。",
    "接待观众2.4万人次。\n自开馆以来接待观众15.8万人次。",
    "学会有理事75名。\n召开理事会，理事68名参加。",
]
FIGURES = {
    "sum_mismatch",
    "arithmetic",
    "date_or_year",
    "unit_mix",
    "exact_with_over",
    "placeholder",
    "conflict",
}


@pytest.mark.parametrize(("sentence", "kind"), WRONG)
def test_what_does_not_agree_is_said_and_nothing_else(sentence: str, kind: str) -> None:
    issues = check(sentence, year=2023).issues
    found = {one.type for one in issues if one.severity != "hint" and one.type in FIGURES}
    assert found == {kind}


@pytest.mark.parametrize("sentence", RIGHT)
def test_what_only_looks_wrong_is_left_alone(sentence: str) -> None:
    issues = check(sentence, year=2023).issues
    assert [one.code for one in issues if one.severity != "hint" and one.type in FIGURES] == []


@pytest.mark.parametrize(("kind", "bad", "good"), pairs("pairs.txt"))
def test_the_wrong_one_of_a_pair_is_found_and_the_right_one_is_not(
    kind: str, bad: str, good: str
) -> None:
    issues = check(bad, year=2023).issues
    assert {one.type for one in issues if one.severity != "hint"} == {kind}
    assert [one.code for one in check(good, year=2023).issues if one.severity != "hint"] == []


@pytest.mark.parametrize("sentence", right("right.txt"))
def test_a_look_alike_is_left_alone(sentence: str) -> None:
    assert [one.code for one in check(sentence, year=2023).issues if one.severity != "hint"] == []


def test_one_thing_with_two_numbers_is_found_mostly_whatever_it_is_called() -> None:
    # What is weighed is not sure of each: decision 25 says why shares are asked for.
    found = [conflicts(report) for report in wrong("told-twice.txt")]
    assert sum(found) >= 0.75 * len(found)


def test_a_number_of_a_part_hardly_ever_conflicts_with_the_whole() -> None:
    found = [conflicts(report) for report in right("told-twice.txt")]
    assert sum(found) <= 0.12 * len(found)


def conflicts(report: str) -> bool:
    return any(one.type == "conflict" for one in check(report, year=2023).issues)


@pytest.mark.parametrize("line", read("wrong.txt"), ids=lambda line: line.text)
def test_what_is_wrong_by_itself_is_found(line: Line) -> None:
    issues = check(line.text, year=2023).issues
    assert line.kind in {one.type for one in issues if one.severity != "hint"}


@pytest.mark.parametrize("report", wrong("copied.txt"))
def test_numbers_of_another_activity_are_found(report: str) -> None:
    issues = check(report, year=2023).issues
    assert "duplicate_reuse" in {one.type for one in issues}


@pytest.mark.parametrize("report", right("copied.txt"))
def test_an_activity_told_twice_is_no_copy(report: str) -> None:
    issues = check(report, year=2023).issues
    assert "duplicate_reuse" not in {one.type for one in issues}
