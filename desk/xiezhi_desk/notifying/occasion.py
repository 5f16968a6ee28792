"""Something that people may have to be told of, as a program has found it in its journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xiezhi_desk.notifying.facts import Facts
from xiezhi_desk.notifying.rules import Person, Rule
from xiezhi_domain.terms import Role


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion under the rules that tell of it.

    `key` is its own in this journal for ever: the same occasion found twice makes the same notifications. `accounts`
    says who is who in its matter; `named_roles` are roles that the hub's ladder names. `at` is in ms, and so is
    `expires_at`, after which it would tell something untrue (0: never). So it would after one of the events `over_by`,
    or, where these name `END`, after the end of its matter.
    """

    key: str
    facts: Facts
    rule: Rule
    at: int
    accounts: Mapping[Person, frozenset[str]] = field(default_factory=dict)
    named_roles: frozenset[Role] = frozenset()
    expires_at: int = 0
    over_by: frozenset[str] = frozenset()
