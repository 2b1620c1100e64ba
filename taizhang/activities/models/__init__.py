"""What the association does with and for the public."""

from .activity import (
    Activity,
    Audience,
    Campaign,
    Handout,
    Participation,
    Partner,
    Theme,
)
from .tours import Tour

__all__ = [
    "Activity",
    "Audience",
    "Campaign",
    "Handout",
    "Participation",
    "Partner",
    "Theme",
    "Tour",
]
