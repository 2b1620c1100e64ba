"""Activities and what belongs to them as registers."""

from .activity import Activities, Handouts, Participations, Partners
from .tours import Tours

__all__ = [
    "Activities",
    "Handouts",
    "Participations",
    "Partners",
    "Tours",
]
