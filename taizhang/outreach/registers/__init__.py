"""Outreach as registers."""

from . import channels, contests, officers, publications

__all__ = ["channels", "contests", "officers", "publications"]
