"""People who serve as registers."""

from .experts import Experts
from .roster import Volunteers
from .standby import StandbyTeams

__all__ = [
    "Experts",
    "StandbyTeams",
    "Volunteers",
]
