"""People who serve as registers."""

from . import experts, roster, standby

__all__ = ["experts", "roster", "standby"]
