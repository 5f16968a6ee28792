"""Which connector serves a category in a region."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One connector: the categories that it serves (none: all) and its regions, as beginnings of six-digit codes."""

    connector: str
    categories: frozenset[str]
    regions: tuple[str, ...]

    def breadth(self, category: str, region: str) -> int | None:
        """Return how many digits of *region* this route names; None where it does not serve the category there."""
        if self.categories and category not in self.categories:
            return None
        fitting = [len(each) for each in self.regions if region.startswith(each)]
        if not self.regions:
            return 0
        return max(fitting) if fitting else None


def route_of(routes: Iterable[Route], category: str, region: str) -> str:
    """Return the connector that serves *category* in *region*, the most local one first; empty if none does."""
    found: Mapping[str, int] = {
        route.connector: digits for route in routes if (digits := route.breadth(category, region)) is not None
    }
    return max(found, key=lambda name: found[name]) if found else ""
