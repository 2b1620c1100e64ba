"""The registers of governance; importing this module enters them in the catalogue."""

from . import groups, meetings, papers, problems, rules

__all__ = ["groups", "meetings", "papers", "problems", "rules"]
