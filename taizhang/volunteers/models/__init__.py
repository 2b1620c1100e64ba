"""People who serve: volunteers, the expert group, teams that stand by."""

from .experts import Expert
from .roster import Volunteer
from .standby import Standby

__all__ = ["Expert", "Standby", "Volunteer"]
