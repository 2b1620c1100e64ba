"""Places, what is in them and what is kept there as registers."""

from .exhibits import Loans, Renewals
from .premises import Exhibits, Places, VisitDays, Zones
from .stations import Openings, StationChecks
from .stores import Materials, Movements

__all__ = [
    "Exhibits",
    "Loans",
    "Materials",
    "Movements",
    "Openings",
    "Places",
    "Renewals",
    "StationChecks",
    "VisitDays",
    "Zones",
]
