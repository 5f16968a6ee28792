"""The rulebook: the law and the practice of the courts as data, with citation and a `confirmed` mark.

`data/*.toml` holds the rules, `model` and `move` their types. `load` reads them: `document` and `table` know file and
line, `ladders`, `kinds` and `overlay` build and check. A version is immutable and addressed by the hash of its content
(protocol §10); `versions` says which is in force when, `publishing` makes the next one. No number of days and no role
stands anywhere else.
"""

from xiezhi_domain.rulebook.content import Content, Effect, FieldRule, Longest, Measure
from xiezhi_domain.rulebook.load import load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.model import (
    ApprovalStep,
    Citation,
    Enclosure,
    FactRule,
    FactType,
    KindRules,
    Limit,
    Move,
    NewDue,
    Owner,
    PaperRule,
    Party,
    Rulebook,
    Scope,
    Side,
    Unit,
)
from xiezhi_domain.rulebook.versions import accepted_for_new, newest_rulebook, rulebook_in_force

__all__ = [
    "ApprovalStep",
    "Citation",
    "Content",
    "Effect",
    "Enclosure",
    "FactRule",
    "FactType",
    "FieldRule",
    "KindRules",
    "Limit",
    "Longest",
    "Measure",
    "Move",
    "NewDue",
    "Owner",
    "PaperRule",
    "Party",
    "Rulebook",
    "Scope",
    "Side",
    "Unit",
    "accepted_for_new",
    "load_rulebook",
    "newest_rulebook",
    "rulebook_in_force",
    "shipped_rulebook",
]
