"""A change of a case as work for the writer: stored once, and told in every open matter that was sent for the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection

from xiezhi.v1 import case_service_pb2, court_pb2, event_pb2
from xiezhi_domain.errors import Conflict, DomainError, Reason, Unavailable
from xiezhi_domain.terms import EventKind, Role
from xiezhi_journal import tables
from xiezhi_journal.journal import request_key
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_node.acting.act import Act, MoveTaken, Person
from xiezhi_node.cases import change_store
from xiezhi_node.cases.change_store import Choice, StoredChange
from xiezhi_node.seat import Seat

CASE_SYSTEM: Final = Person(
    "",
    frozenset({Role.INTEGRATION}),
    event_pb2.Actor(officer=court_pb2.Officer(name=Role.INTEGRATION.zh)),
)
"""Who tells what the court's case source reports."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TakeChange:
    """Work: stores a change with its events; answers whether it was new."""

    change: StoredChange
    acts: Sequence[Act]

    @classmethod
    def of(cls, connection: Connection, seat: Seat, person: Person, change: StoredChange) -> "TakeChange":
        """Return the work of *change*, told by *person* in the matters that are open now."""
        told = MoveTaken(EventKind.CASE_STATUS_CHANGED, facts={"status": str(change.change)})
        return cls(
            change,
            [
                Act(seat, _key(person, change, instruction), person, instruction, (told,))
                for instruction in change_store.open_for(connection, change.case_number)
            ],
        )

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters."""
        for act in self.acts:
            act.prepare(ledger)

    def run(self, ledger: Ledger) -> bool:
        """Store the change; a matter whose ladder has no place for it now is left out.

        :raises Unavailable: RECOVERING.
        """
        if change_store.is_known(ledger.connection, self.change.change_id):
            return False
        for act in self.acts:
            try:
                with ledger.attempt():
                    act.run(ledger)
            except Unavailable:
                raise
            except DomainError as error:
                _log.info("case_change_not_told", instruction=act.instruction, reason=error.reason)
        ledger.add_row(tables.case_change.name, change_store.change_row(self.change))
        return True


@dataclass(frozen=True, slots=True)
class FollowChange:
    """Work: takes a change that the case source reports, and remembers how far the source was followed."""

    take: TakeChange
    follower: str
    cursor: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters."""
        self.take.prepare(ledger)

    def run(self, ledger: Ledger) -> bool:
        """Answer whether the change was new."""
        is_new = self.take.run(ledger)
        ledger.put_row(tables.follower.name, (self.follower,), (self.follower, self.cursor))
        return is_new


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Work: takes a change that a person or a program records; answers with a `RecordCaseChangeResponse`."""

    take: TakeChange
    request: RequestKey

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters and whether the request was answered before."""
        self.take.prepare(ledger)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Take the change.

        :raises Conflict: DUPLICATE_EVENT, its id is known.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        if not self.take.run(ledger):
            raise Conflict(Reason.DUPLICATE_EVENT, "该案件状态变更已经登记")
        change_id = self.take.change.change_id
        response = case_service_pb2.RecordCaseChangeResponse(change_id=change_id).SerializeToString()
        ledger.remember(self.request, response)
        return response


@dataclass(frozen=True, slots=True)
class Choosing:
    """Work: makes the chosen move and stores the choice; answers with an `ActionReceipt`."""

    act: Act
    choice: Choice

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the move needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Make the move, then store the choice; all or nothing."""
        answered = ledger.answered(self.act.request)
        if answered is not None:
            return answered
        receipt = self.act.run(ledger)
        key = (self.choice.change_id, self.choice.instruction)
        ledger.put_row(tables.case_choice.name, key, change_store.choice_row(self.choice))
        return receipt


def _key(person: Person, change: StoredChange, instruction: str) -> RequestKey:
    row = f"{change.change_id}/{instruction}"
    return request_key(person.account_id, EventKind.CASE_STATUS_CHANGED, row, b"")
