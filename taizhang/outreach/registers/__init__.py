"""Outreach as registers."""

from .channels import Channels, Lessons, MediaReports, Updates
from .contests import Contests, Drills, Entries
from .officers import Officers, Pushes
from .publications import Distributions, Publications

__all__ = [
    "Channels",
    "Contests",
    "Distributions",
    "Drills",
    "Entries",
    "Lessons",
    "MediaReports",
    "Officers",
    "Publications",
    "Pushes",
    "Updates",
]
