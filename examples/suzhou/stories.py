"""The stories that can be played, by name, in the order of `STORY=all`. Plain names: the stage may not load gRPC."""

STORIES = {
    "find": "story_find",
    "entrust": "story_entrust",
    "assistance": "story_assistance",
}
"""Name → module with `async def play(players)`."""
DEFAULT = "find"
ALL = "all"


def chosen(names: list[str]) -> list[str]:
    """Return the stories that *names* mean; none means the default."""
    return list(STORIES) if ALL in names else names or [DEFAULT]
