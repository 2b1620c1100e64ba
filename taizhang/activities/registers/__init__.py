"""Activities and what belongs to them as registers."""

from . import activity, tours

__all__ = ["activity", "tours"]
