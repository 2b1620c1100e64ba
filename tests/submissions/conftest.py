"""A short report, so that a few records give every number in it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from taizhang.engines.outlines.parse import parse_outline
from taizhang.figures.definitions import definitions
from taizhang.outlines import catalogue

BRIEF = "brief"
OUTLINE = """
code = "brief"
name = {zh = "科技志愿服务简报", en = "Brief"}
title = ["{@unit}", "{@year}年科技志愿服务简报"]
byline = "（{@version}）"
signature = ["{@unit}", "{@date}"]

[[parts]]
heading = "活动"
paragraphs = [
    "全年开展科技志愿服务活动{volunteering.events}，受益公众{volunteering.beneficiaries}。",
]
"""


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The outline ``brief``, as if it were shipped."""
    outline = parse_outline(tomllib.loads(OUTLINE), definitions(), "brief.toml")
    known = {**catalogue.outlines(), BRIEF: outline}
    monkeypatch.setattr(catalogue, "outlines", lambda: known)
    return outline
