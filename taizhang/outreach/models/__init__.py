"""What reaches people without a meeting: officers, channels, publications, lessons, contests."""

from .channels import Channel, Lesson, Media, Update
from .contests import Contest, Drill, Entry
from .officers import Officer, Push
from .publications import Distribution, Publication

__all__ = [
    "Channel",
    "Contest",
    "Distribution",
    "Drill",
    "Entry",
    "Lesson",
    "Media",
    "Officer",
    "Publication",
    "Push",
    "Update",
]
