"""Words that a ledger knows to mean the same are the same to the checks."""

from __future__ import annotations

from taizhang.engines.checking import check

TEXT = "全县科普信息员215名。\n二、队伍\n全县网络宣传大使198名。"


def conflicts(synonyms: dict[str, str]) -> list[tuple[str, ...]]:
    report = check(TEXT, synonyms=synonyms)
    return [
        tuple(TEXT[span.start : span.end] for span in issue.spans)
        for issue in report.issues
        if issue.type == "conflict"
    ]


def test_two_words_for_one_thing_conflict_when_somebody_says_they_are_one() -> None:
    assert conflicts({}) == []
    assert conflicts({"网络宣传大使": "科普信息员"}) == [("215名", "198名")]
