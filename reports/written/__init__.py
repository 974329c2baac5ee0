"""Reports that are written to be sent: text first, computed from the numbers, then the panels it rests on."""

from reports.written.kinds import KINDS, Kind

__all__ = ["KINDS", "Kind"]
