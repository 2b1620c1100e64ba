"""Places, what is in them and what is kept there as registers."""

from . import exhibits, premises, stations, stores

__all__ = ["exhibits", "premises", "stations", "stores"]
