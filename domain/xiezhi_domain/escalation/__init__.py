"""The ladder against late courts (督办规则配置, practice.md §8): its rules as data, and when each rung is climbed.

Reminders and warnings go out by themselves. From the logged call on everything is a decision of people, which the
system proposes and never takes.
"""

from xiezhi_domain.escalation.climb import Climb, climbs_of, climbs_within, first_look
from xiezhi_domain.escalation.rules import (
    EscalationRules,
    EscalationStep,
    load_rules,
    shipped_rules,
)

__all__ = [
    "Climb",
    "EscalationRules",
    "EscalationStep",
    "climbs_of",
    "climbs_within",
    "first_look",
    "load_rules",
    "shipped_rules",
]
