"""Groups among the kinds of event, and their words."""

from xiezhi_domain.terms import EventKind

KEY_EVENTS = frozenset(
    {EventKind.KEY_ADDED, EventKind.KEY_ROTATED, EventKind.KEY_REVOKED, EventKind.KEY_REPLACED}
)
"""Events of a court's key stream (protocol §6)."""

TIME_EVENTS = frozenset({EventKind.CALENDAR_PUBLISHED, EventKind.OUTAGE_RECORDED})
"""Events of the hub's stream that move deadlines of many matters (protocol §10, practice.md §4)."""

ERASURE_EVENTS = frozenset({EventKind.ERASURE_ORDERED, EventKind.ERASED})
"""Orders to erase and what holders answer (protocol §14): in streams of courts, because a matter that has ended under
an old rulebook must be open to them, too. Those who hold the matter are told, and the hub's court."""

PUBLIC_EVENTS = KEY_EVENTS | TIME_EVENTS | {EventKind.RULEBOOK_PUBLISHED, EventKind.BULLETIN_PUBLISHED}
"""Events of a court's own stream that all courts are told of."""

DIRECTORY_EVENTS = PUBLIC_EVENTS | ERASURE_EVENTS | {EventKind.RESTRICTION_ORDERED, EventKind.LOOKS_SEALED}
"""Events of a court's own stream."""


def words(kind: str) -> str:
    """Return the Chinese words for *kind*; a kind of a later version is shown as it is."""
    try:
        return EventKind(kind).zh
    except ValueError:
        return kind
