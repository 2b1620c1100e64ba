"""How the association governs itself: meetings, rules, papers, groups, problems."""

from .groups import Group, Member, Seat, Service
from .meetings import Case, Meeting, Resolution, Topic
from .papers import Contribution, Document, Signatory
from .problems import Measure, Problem, Step
from .rules import Duty, Occasion, Pledge, Regulation, RiskPoint

__all__ = [
    "Case",
    "Contribution",
    "Document",
    "Duty",
    "Group",
    "Measure",
    "Meeting",
    "Member",
    "Occasion",
    "Pledge",
    "Problem",
    "Regulation",
    "Resolution",
    "RiskPoint",
    "Seat",
    "Service",
    "Signatory",
    "Step",
    "Topic",
]
