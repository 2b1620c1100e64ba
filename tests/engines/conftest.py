"""Engines are pure and quick; only a loaded machine makes an example slow, which is no fault."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("taizhang", deadline=None, max_examples=60)
settings.load_profile("taizhang")
