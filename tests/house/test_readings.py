"""The table of readings is what the tool makes of pypinyin."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tools import readings


def test_the_table_of_readings_is_up_to_date() -> None:
    kept = readings.TARGET.read_text("utf-8")
    if f"pypinyin {version('pypinyin')}," not in kept:
        pytest.skip("another version of pypinyin is installed than the table was made from")
    assert readings.made() == kept, "python -m tools.readings makes it anew"
