"""Groups among the kinds of event, and their words."""

from xiezhi_domain.terms import EventKind

KEY_EVENTS = frozenset(
    {EventKind.KEY_ADDED, EventKind.KEY_ROTATED, EventKind.KEY_REVOKED, EventKind.KEY_REPLACED}
)
"""Events of a court's key stream (protocol §6)."""

TIME_EVENTS = frozenset({EventKind.CALENDAR_PUBLISHED, EventKind.OUTAGE_RECORDED})
"""Events of the hub's stream that move deadlines of many matters (protocol §10, practice.md §4)."""

DIRECTORY_EVENTS = KEY_EVENTS | TIME_EVENTS | {EventKind.RULEBOOK_PUBLISHED, EventKind.BULLETIN_PUBLISHED}
"""Events of a court's own stream, about no matter; every joined court is told."""


def words(kind: str) -> str:
    """Return the Chinese words for *kind*; a kind of a later version is shown as it is."""
    try:
        return EventKind(kind).zh
    except ValueError:
        return kind
