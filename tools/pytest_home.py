"""Loaded by pytest before Django: a folder of its own for every run, with compiled words."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MADE_HERE = "TAIZHANG_TEST_HOME" not in os.environ


def _home() -> Path:
    if _MADE_HERE:
        os.environ["TAIZHANG_TEST_HOME"] = tempfile.mkdtemp(prefix="taizhang-test-")
    return Path(os.environ["TAIZHANG_TEST_HOME"])


HOME = _home()
os.environ["TAIZHANG_HOME"] = str(HOME)
os.environ["TAIZHANG_POOL"] = "0"
os.environ.pop("TAIZHANG_DEMO", None)
if _MADE_HERE:
    (HOME / "static").mkdir()  # whitenoise warns about a missing one, and warnings are errors
    from taizhang.prepare import compile_words

    compile_words(HOME)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder; workers of a parallel run leave it to the run that made it."""
    if _MADE_HERE and not hasattr(config, "workerinput"):
        shutil.rmtree(HOME, ignore_errors=True)
