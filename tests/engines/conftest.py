"""Engines are pure and quick: by themselves they run as if Django were not installed."""

from __future__ import annotations

import importlib.abc
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from hypothesis import settings

# Only a loaded machine makes an example slow, which is no fault of the engine.
settings.register_profile("taizhang", deadline=None, max_examples=60)
settings.load_profile("taizhang")


class NoDjango(importlib.abc.MetaPathFinder):
    """Makes Django impossible to import."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError(f"{name}: engines must do without Django")


if os.environ.get("TAIZHANG_NO_DJANGO"):
    assert "django" not in sys.modules, "something loaded Django before the engines' tests"
    sys.meta_path.insert(0, NoDjango())
