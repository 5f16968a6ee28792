"""What courts' nodes say stood in the log. They may contradict each other; the root decides which of them is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Final, TypeAlias

from xiezhi.v1.link_service_pb2 import StoredEvent

MOST_DISTRUSTED: Final = 2
MOST_TRIES: Final = 256

_OWN: Final = ""
"""In the place of a court: the hub's own log."""

_Options: TypeAlias = Sequence[tuple[StoredEvent | None, frozenset[str]]]
"""What may have stood at one index, and who says so; None is the entry that the hub itself has."""


@dataclass(slots=True)
class _Candidate:
    record: StoredEvent
    courts: set[str] = field(default_factory=set)


class Candidates:
    """The entries that courts offered, by log index; of each court the last one that it offered for an index."""

    def __init__(self) -> None:
        self._at: dict[int, dict[bytes, _Candidate]] = {}

    def add(self, court: str, record: StoredEvent) -> None:
        """Keep what *court* says stood at the index of *record*."""
        at = self._at.setdefault(record.log_index, {})
        # Not the body: it is bound by the header.
        entry = b"\0".join((record.header, record.ruling, record.push))
        for other in [key for key, candidate in at.items() if candidate.courts == {court}]:
            del at[other]
        for candidate in at.values():
            candidate.courts.discard(court)
        kept = at.setdefault(entry, _Candidate(record))
        kept.courts.add(court)
        if len(record.body) > len(kept.record.body):
            # One has erased what the other still has: what an order means is erased here again, and nothing else.
            kept.record = record

    def indexes(self) -> set[int]:
        """Return for which indexes there is anything."""
        return set(self._at)

    def clear(self) -> None:
        """Forget everything."""
        self._at.clear()

    def choices(self, first: int, own: int = 0) -> Iterator[list[StoredEvent]]:
        """Return ways to choose among what was offered from index *first* on, the likeliest first, by log index.

        Where there is a contradiction, what most say is taken; then one court after the other is distrusted wherever
        somebody else says something else, then each two of them. Below index *own* the hub's own entry is an option,
        too; where it is taken, the choice has none. What is added later does not change what was returned.
        """
        return _choices([self._options(index, own) for index in sorted(self._at) if index >= first])

    def _options(self, index: int, own: int) -> _Options:
        offered = [(each.record, frozenset(each.courts)) for each in self._at[index].values()]
        return [(None, frozenset({_OWN})), *offered] if index < own else offered


def _choices(at: Sequence[_Options]) -> Iterator[list[StoredEvent]]:
    suspects = sorted(
        {court for options in at if len(options) > 1 for _, courts in options for court in courts}
    )
    groups = (
        frozenset(group)
        for size in range(min(MOST_DISTRUSTED, len(suspects)) + 1)
        for group in combinations(suspects, size)
    )
    for distrusted in islice(groups, MOST_TRIES):
        chosen = [_choose(options, distrusted) for options in at]
        yield [record for record in chosen if record is not None]


def _choose(options: _Options, distrusted: frozenset[str]) -> StoredEvent | None:
    return max(options, key=lambda option: len(option[1] - distrusted))[0]
