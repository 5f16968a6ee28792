"""Helper processes for heavy work on files that others made (design §8, ADR 0004).

``job``       what is to be done, by name
``messages``  what parent and helper say to each other
``helper``    the process: a supervisor, and a worker that is replaced when it dies
``workshop``  the parent's side: a bounded queue in front of a few helpers
"""

from xiezhi_papers.workshop.job import Job
from xiezhi_papers.workshop.workshop import Workshop

__all__ = ["Job", "Workshop"]
