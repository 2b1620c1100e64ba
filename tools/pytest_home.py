"""Loaded by pytest before Django: a folder of its own for every run, with compiled words."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

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


class Together(LoadFileScheduling):  # type: ignore[misc]
    """A module stays with one worker, and so do all modules that read the demo years together."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::")[0]
        return "demo years" if _reads_demo_years(module) else module


@cache
def _reads_demo_years(module: str) -> bool:
    return 'usefixtures("demo_years")' in Path(module).read_text()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """Spread ``--dist loadfile`` with the demo years loaded once."""
    return Together(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What was read in to find the tests stays to the end: it need not be looked through again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder; workers of a parallel run leave it to the run that made it."""
    if _MADE_HERE and not hasattr(config, "workerinput"):
        shutil.rmtree(HOME, ignore_errors=True)
