"""A small report and helpers shared by the tests of documents."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from taizhang.documents.layout import DocProperties
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.tree import Document, FigureRun, Paragraph, Role, Table, Text
from taizhang.wording import say

LONG = "坚持以人民为中心，围绕中心、服务大局，广泛开展群众性、社会性、经常性科普活动。"


def paragraph(key: str, role: Role, *runs: str | FigureRun) -> Paragraph:
    return Paragraph(key, role, tuple(Text(r) if isinstance(r, str) else r for r in runs))


def figure(key: str, text: str, value: str, unit: str = "场次") -> FigureRun:
    return FigureRun(key, f"code.{key}", text, value, unit, 24, "activities.activity?themes=a")


REPORT = Document(
    "工作总结",
    "zh",
    (
        paragraph("p-1", "title", "某市科学技术协会2021年工作总结"),
        paragraph("p-2", "byline", "某市科学技术协会"),
        paragraph("p-3", "heading1", "一、科普工作"),
        paragraph("p-4", "heading2", "（一）科技志愿服务"),
        paragraph(
            "p-5", "body", "全年开展活动", figure("f1", "24场次", "24"), "，惠及群众",
            figure("f2", "7800余人次", "7836", "人次"), "，发放资料",
            figure("f3", "1.2万份", "12000", "份"), "。", LONG,
        ),
        paragraph("p-6", "heading3", "1.科普讲座"),
        paragraph("p-7", "body", "举办讲座", figure("f4", "12场", "12", "场"), "。"),
        Table(
            "t-1",
            (
                ((Text("项目"),), (Text("数量"),)),
                ((Text("展览"),), (figure("f5", "3次", "3", "次"),)),
            ),
        ),
        paragraph("p-8", "note", "注：数据截至2021年12月31日。"),
        paragraph("p-9", "signature", "某市科学技术协会"),
        paragraph("p-10", "signature", "2022年1月5日"),
    ),
)  # fmt: skip
PROPERTIES = DocProperties(
    "工作总结 <2021> & 其他",
    datetime(2022, 1, 5, 9, tzinfo=timezone(timedelta(hours=8))),
    creator="某市科协",
    seal="封存 3f2a",
)
FACTS = {f.id: {"period": "2021", "unit_code": "SKX"} for f in REPORT.figures()}


def refusal(act: Callable[[], object]) -> Finding:
    """The first finding of a refusal; every finding must have a sentence in both languages."""
    with pytest.raises(Refused) as caught:
        act()
    for finding in caught.value.findings:
        for language in ("zh", "en"):
            assert "—" not in say(finding, language), finding
    return caught.value.findings[0]


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a zip with its members changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def needs(program: str) -> pytest.MarkDecorator:
    """Skip without the program, but never in CI: there it has to be installed."""
    absent = shutil.which(program) is None and os.environ.get("TAIZHANG_CI") != "1"
    return pytest.mark.skipif(absent, reason=f"{program} is not installed")
