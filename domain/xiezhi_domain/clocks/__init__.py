"""Clocks: the deadlines that a matter's history makes under its pinned rulebook. Pure: time comes with the events.

`period` says when a period ends, `deadline` what a deadline is, `plan` which clocks of a kind hear which event,
`run` folds one event after the other, `verdict` judges the three times of what met a deadline, `rungs` says when the
supervisor's ladder is climbed, `replay` does all of it for a whole history.
"""

from xiezhi_domain.clocks.approval import approval_time
from xiezhi_domain.clocks.deadline import Clocks, Deadline, Pause
from xiezhi_domain.clocks.moment import Moment, Setting, moment_of
from xiezhi_domain.clocks.plan import ClockPlan, plan_of
from xiezhi_domain.clocks.replay import Accepted, deadlines_of, stages_of
from xiezhi_domain.clocks.run import advance
from xiezhi_domain.clocks.verdict import Outage, Times

__all__ = [
    "Accepted",
    "ClockPlan",
    "Clocks",
    "Deadline",
    "Moment",
    "Outage",
    "Pause",
    "Setting",
    "Times",
    "advance",
    "approval_time",
    "deadlines_of",
    "moment_of",
    "plan_of",
    "stages_of",
]
