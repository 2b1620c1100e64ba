"""Bodies that two programs could read differently, or that are attacks, are refused with the place."""

from __future__ import annotations

import pytest

from taizhang.engines.findings import Refused
from taizhang.tokens import bodies


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        bodies.parse(content)
    (finding,) = refused.value.findings
    return finding.code, finding.where


def test_plain_json_is_read_as_it_is() -> None:
    text = '{"rows": [{"title": "科普讲座", "n": -1.5, "m": 12, "x": null, "y": true}]}'
    row = {"title": "科普讲座", "n": -1.5, "m": 12, "x": None, "y": True}
    assert bodies.parse(text.encode()) == {"rows": [row]}
    assert bodies.parse(b"\xef\xbb\xbf[]") == []
    assert bodies.parse(b'["\\u53f0\\u8d26", "\\ud83d\\ude00"]') == ["台账", "😀"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "api.no-body"),
        (b"  \n", "api.no-body"),
        (b'{"rows": [}', "api.bad-json"),
        (b'{"rows": []} x', "api.bad-json"),
        (b"{'rows': []}", "api.bad-json"),
        (b'{"a": "\x00"}', "api.bad-json"),
        ('{"标题": "x"}'.encode("gb18030"), "api.json-not-utf8"),
        ('{"a": 1}'.encode("utf-16"), "api.json-not-utf8"),
        (b'{"a": 1, "a": 2}', "api.json-key-twice"),
        (b'{"a": NaN}', "api.json-no-number"),
        (b'{"a": -Infinity}', "api.json-no-number"),
        (b'{"a": 1e999}', "api.json-no-number"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "api.json-no-number"),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "api.json-no-number"),
        (b"[" * 100_000, "api.json-too-deep"),
        (b'{"a":' * 100_000, "api.json-too-deep"),
        (b'{"a": "\\ud800"}', "api.json-half-character"),
        (b'{"a": "\\u0000"}', "api.json-half-character"),
        (b'{"\\uDfff": 1}', "api.json-half-character"),
    ],
)
def test_what_is_wrong_has_its_own_code(content: bytes, code: str) -> None:
    assert refusal(content)[0] == code


def test_the_place_is_told() -> None:
    assert refusal(b'{"rows": [\n  {"a": }]}') == ("api.bad-json", "2:9")
    half = b'{"rows": [{}, {"title": "\\ud800"}]}'
    assert refusal(half) == ("api.json-half-character", "rows[1].title")
