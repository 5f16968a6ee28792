"""The stories that can be played, in the order of `STORY=all`. Plain names: the stage may not load gRPC.

To add one: write `story_….py` with `CAST` (who is in it) and `async def play(players)`, name it here, and say in
`tests/e2e/test_demo_stories.py` what it has to tell. The people are in `cast.py`, their desks in `players.py`, what
they often do in `acts.py`.
"""

from typing import NamedTuple


class Story(NamedTuple):
    """The module that plays it, and whether days go by in it: the programs then run on a clock of the stage."""

    module: str
    days_pass: bool = False


STORIES = {
    # A trial begins before the first real matter.
    "firstweek": Story("story_firstweek"),
    "find": Story("story_find"),
    "entrust": Story("story_entrust"),
    "assistance": Story("story_assistance"),
    "queries": Story("story_queries"),
    "papers": Story("story_papers"),
    "orders": Story("story_orders"),
    "delegation": Story("story_delegation"),
    "supervision": Story("story_supervision", days_pass=True),
    "remedies": Story("story_remedies", days_pass=True),
    "clocks": Story("story_clocks", days_pass=True),
    "distribution": Story("story_distribution", days_pass=True),
    "handover": Story("story_handover", days_pass=True),
}
DEFAULT = "find"
ALL = "all"


def chosen(names: list[str]) -> list[str]:
    """Return the stories that *names* mean; none means the default."""
    return list(STORIES) if ALL in names else names or [DEFAULT]


def lets_days_pass(names: list[str]) -> bool:
    """Return whether days go by in one of the stories."""
    return any(STORIES[name].days_pass for name in names)
