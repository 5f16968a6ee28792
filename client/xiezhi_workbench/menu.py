"""What the menu offers, to whom. A page adds its line here; what a person may do there, the server says."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from xiezhi_domain.terms import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; without roles it is for everybody."""

    path: str
    word: str
    icon: str
    at_node: bool = True
    at_hub: bool = True
    roles: frozenset[Role] = frozenset()

    def is_for(self, roles: Collection[str], *, is_hub: bool) -> bool:
        """Say whether somebody with *roles* is offered it."""
        here = self.at_hub if is_hub else self.at_node
        return here and (not self.roles or any(role in self.roles for role in roles))


MENU: Final = (Entry("/", "工作台", "layout-dashboard"),)
"""In the order in which it is shown."""


def offered(roles: Collection[str], *, is_hub: bool) -> tuple[Entry, ...]:
    """Give the lines for somebody with *roles*."""
    return tuple(entry for entry in MENU if entry.is_for(roles, is_hub=is_hub))
