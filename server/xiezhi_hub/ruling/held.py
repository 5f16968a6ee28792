"""Matters of a court that wait for one of its events: what builds on it must not be judged before it."""

from collections.abc import Sequence
from typing import Final

from xiezhi.v1.link_service_pb2 import Rejected
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.header import Header
from xiezhi_hub.ruling.check import CheckedEvent

MOST_HELD: Final = 65_536
"""Of one court; beyond it the oldest is forgotten, as its node is when it connects anew."""


class HeldMatters:
    """What one court has to push again, across the calls of its stream; also the order within one call."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def before(self, header: Header) -> str:
        """Return the id of the event that has to be ruled on before that of *header*; empty if there is none.

        Asked in the order of a push.
        """
        instruction = header.instruction
        earlier = self._last.get(instruction) or self._first.get(instruction, "")
        self._last[instruction] = header.id
        return "" if earlier == header.id else earlier

    def note(
        self, checked: Sequence[CheckedEvent | DomainError], rejections: Sequence[Rejected | None]
    ) -> None:
        """Take in what became of the events of a call."""
        self._last.clear()
        for event, rejection in zip(checked, rejections, strict=True):
            if not isinstance(event, CheckedEvent):
                continue
            instruction, event_id = event.header.instruction, event.header.id
            if rejection is not None and rejection.retry:
                self._first.setdefault(instruction, event_id)
            elif rejection is None or self._first.get(instruction) == event_id:
                self._first.pop(instruction, None)
        while len(self._first) > MOST_HELD:
            self._first.pop(next(iter(self._first)))
