"""Where science is shown and what is kept there."""

from .exhibits import Loan, Renewal
from .premises import Exhibit, Place, VisitDay, Zone
from .stations import Opening, StationCheck
from .stores import Material, Movement

__all__ = [
    "Exhibit",
    "Loan",
    "Material",
    "Movement",
    "Opening",
    "Place",
    "Renewal",
    "StationCheck",
    "VisitDay",
    "Zone",
]
