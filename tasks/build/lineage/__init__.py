"""Builds as OpenLineage events: which files went in, which datasets came out, and what the expectations found."""

from tasks.build.lineage.events import Job, completed, ended, started
from tasks.build.lineage.teller import Teller, teller

__all__ = ["Job", "Teller", "completed", "ended", "started", "teller"]
