"""A matter as one program keeps it: the accepted fold, this court's own pending events, and what lists show."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.header import Header, decode_header, header_hash
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.ladder import FINAL_STATES, Instruction, Step, fold
from xiezhi_domain.ladder.instruction import decode_instruction, encode_instruction
from xiezhi_domain.ladder.marks import appeals_of, marks_of
from xiezhi_domain.matternumber import MatterNumber
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import State

Rulebooks = Mapping[str, Rulebook]
"""Rulebooks by hash."""


class PendingEvent(msgspec.Struct, frozen=True, gc=False):
    """An own event that the hub has not ruled on."""

    journal_position: int
    position: int
    header: Header
    hash: str


class Labels(NamedTuple):
    """What lists show and folds do not know: from bodies and from inside the court."""

    case_number: str = ""
    subject_names: str = ""
    officer: str = ""
    officer_name: str = ""


class Matter(msgspec.Struct, frozen=True, gc=False):
    """One row of `instruction` with its folds. Every event makes the next one of it (`msgspec.structs.replace`).

    `view` is the fold with the pending events on top. Before the first event there is only `local_state`, the state of
    the draft.
    """

    id: str
    kind: str
    number: str
    sender: str
    receiver: str
    item_count: int
    local_state: State | None
    accepted: Instruction | None
    view: Instruction | None
    pending: tuple[PendingEvent, ...]
    labels: Labels
    updated_at: int

    @property
    def state(self) -> State:
        """State with this court's pending events; a machine state while the first event is not ruled on."""
        if self.local_state is not None:
            return self.local_state
        assert self.view is not None, "a matter has a draft or a history"
        if self.accepted is None and self.view.is_open:
            return State.AWAITING_HUB
        return self.view.state

    def has_left(self, court: str) -> bool:
        """Whether *court* was a party and is none any more: it reads what happened until then (practice.md §5, §6)."""
        return (
            self.view is not None
            and court in self.view.former
            and court not in (self.view.sender, self.view.receiver)
        )

    @property
    def last_event(self) -> str:
        """Id of the last event of the view; empty before the first."""
        return self.view.head.id if self.view else ""

    def accept(self, header: Header, hash_: str, ruling: Ruling, leaf: bytes, rulebook: Rulebook) -> "Matter":
        """Return the matter after the hub accepted the event *header*, pending ones folded again on top."""
        step = Step(ruling.seq, header.id, hash_, leaf.hex())
        accepted = fold(self.accepted, header, step, ruling.at, rulebook)
        pending = tuple(event for event in self.pending if event.header.id != header.id)
        view = accepted
        for event in pending:
            view = fold_pending(view, event.header, event.hash, rulebook)
        return replace(
            self,
            sender=view.sender,
            receiver=view.receiver,
            accepted=accepted,
            view=view,
            pending=pending,
            local_state=None,
            updated_at=ruling.at,
        )

    def add_pending(self, event: PendingEvent, rulebook: Rulebook) -> "Matter":
        """Return the matter with an own event on top that the hub has still to rule on."""
        view = fold_pending(self.view, event.header, event.hash, rulebook)
        return replace(
            self,
            view=view,
            pending=(*self.pending, event),
            local_state=None,
            item_count=len(view.items),
            updated_at=event.header.at,
        )

    def drop_from(self, event_id: str, at: int, rulebook: Rulebook) -> "Matter":
        """Return the matter without a refused pending event and all after it, which build on it (ADR 0002)."""
        ids = [event.header.id for event in self.pending]
        kept = self.pending[: ids.index(event_id)]
        view = self.accepted
        for event in kept:
            view = fold_pending(view, event.header, event.hash, rulebook)
        state = State.REFUSED_BY_HUB if view is None else None
        return replace(self, view=view, pending=kept, local_state=state, updated_at=at)


def fold_pending(before: Instruction | None, header: Header, hash_: str, rulebook: Rulebook) -> Instruction:
    """Return the view after an own event whose number and time the hub has still to give."""
    seq = before.head.seq + 1 if before else 1
    return fold(before, header, Step(seq, header.id, hash_), header.at, rulebook)


def begun_matter(accepted: Instruction, labels: Labels) -> Matter:
    """Return the matter that begins with an accepted event of another court, not with a draft."""
    begun = accepted
    return Matter(
        id=begun.id,
        kind=begun.kind,
        number=begun.number,
        sender=begun.sender,
        receiver=begun.receiver,
        item_count=len(begun.items),
        local_state=None,
        accepted=begun,
        view=begun,
        pending=(),
        labels=labels,
        updated_at=max(begun.times.values()),
    )


def to_row(matter: Matter, court: str, rulebooks: Rulebooks, *, is_hub: bool = False) -> tuple[Any, ...]:
    """Return the row of `instruction`, in the order of its columns; *rulebooks* has the one that the matter pins.

    To a court that is no party any more a matter is closed; the hub follows all of them, its own court's too.
    """
    shown = matter.view
    left = not is_hub and matter.has_left(court)
    accepted = encode_instruction(matter.accepted) if matter.accepted else ""
    view = "" if matter.view is matter.accepted or matter.view is None else encode_instruction(matter.view)
    state = State.REROUTED if left and not _began(matter, court) else matter.state
    return (
        matter.id,
        matter.number,
        matter.kind,
        matter.sender,
        matter.receiver,
        _began(matter, court) if left else matter.sender == court,
        str(state),
        not left and (matter.state not in FINAL_STATES if shown is None else shown.is_open),
        bool(shown and shown.urgent),
        len(matter.pending),
        matter.labels.case_number,
        matter.labels.subject_names,
        matter.labels.officer,
        matter.labels.officer_name,
        shown.times.get("Issued", 0) if shown else 0,
        shown.due if shown else 0,
        matter.updated_at,
        matter.item_count,
        str((shown.result or "") if shown else ""),
        matter.last_event,
        accepted,
        view,
        *_overlays(shown, rulebooks),
    )


LISTED_BY: Final = ("number", "kind", "sent", "case_number", "officer")
"""Columns of a row that lists are read by and that few events change."""


def is_listed_alike(before: Matter, after: Matter) -> bool:
    """Return whether `LISTED_BY` is in the row of a matter as it was *before* it became *after*."""
    return (
        before.number == after.number
        and before.kind == after.kind
        and before.sender == after.sender
        and before.labels == after.labels
        # Who is no party any more lists the matter by who began it.
        and not (after.view is not None and after.view.former)
        and not (before.view is not None and before.view.former)
    )


def _overlays(shown: Instruction | None, rulebooks: Rulebooks) -> tuple[str, str, str]:
    """Return open overlays, their marks, and the decisions that they wait for, with blanks between."""
    if shown is None or not shown.open:
        return "", "", ""
    rules = rulebooks[shown.rulebook].kind(shown.kind)
    names = shown.open, marks_of(shown.open, rules), appeals_of(shown.open, rules)
    return " ".join(names[0]), " ".join(names[1]), " ".join(names[2])


def _began(matter: Matter, court: str) -> bool:
    """Return whether *court* sent the matter at first: the number is of its series."""
    try:
        return MatterNumber.parse(matter.number).court == court
    except InvalidInput:
        return False


def from_row(row: Any, pending: tuple[PendingEvent, ...]) -> Matter:
    """Return the matter of a row of `instruction` and its pending events."""
    accepted = decode_instruction(row.accepted) if row.accepted else None
    view = decode_instruction(row.view) if row.view else accepted
    return Matter(
        id=row.instruction,
        kind=row.kind,
        number=row.number,
        sender=row.sender,
        receiver=row.receiver,
        item_count=row.item_count,
        local_state=State(row.state) if view is None else None,
        accepted=accepted,
        view=view,
        pending=pending,
        labels=Labels(row.case_number, row.subject_names, row.officer, row.officer_name),
        updated_at=row.updated_at,
    )


def pending_from_row(row: Any) -> PendingEvent:
    """Return the pending event of a row that joins `pending` and `event`."""
    return PendingEvent(
        row.journal_position, row.position, decode_header(row.header), header_hash(row.header)
    )
