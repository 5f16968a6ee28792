"""Own events that the hub can never rule on: taken out of the outbox and back to the desk."""

from dataclasses import dataclass

from sqlalchemy import select

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import part_content
from xiezhi_journal.quarantine import OUTBOX, quarantine
from xiezhi_node.taking.refused import take_back


@dataclass(frozen=True, slots=True)
class GiveUpEvent:
    """Work for the writer: quarantine a pending event, drop its chain, return it to the desk of who acted."""

    event_id: str
    reason: str
    message: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the event."""
        ledger.want_event(self.event_id)

    def run(self, ledger: Ledger) -> None:
        """Give it up, if it is still pending."""
        pending, event, body = tables.pending, tables.event, tables.body
        query = (
            select(
                pending.c.journal_position,
                pending.c.position,
                pending.c.instruction,
                event.c.header,
                body.c.content,
            )
            .join(event, event.c.position == pending.c.position)
            .join(body, body.c.position == pending.c.position, isouter=True)
            .where(pending.c.event_id == self.event_id)
        )
        row = ledger.connection.execute(query).one_or_none()
        if row is None:
            return
        ledger.settle_pending(row.journal_position)
        ledger.tell_change(row.position)
        error = DomainError(_reason(self.reason), self.message)
        quarantine(ledger.connection, OUTBOX, self.event_id, error, ledger.now, row.header)
        matter = ledger.matter(row.instruction)
        if matter is None:
            return
        if any(event.header.id == self.event_id for event in matter.pending):
            take_back(ledger, matter, self.event_id, ledger.now)
        actor = event_pb2.Actor.FromString(
            part_content(event_pb2.Body.FromString(row.content or b""), "actor")
        )
        returned = (self.event_id, row.instruction, actor.account_id, self.reason, "", ledger.now, False)
        ledger.add_row(tables.returned_work.name, returned)


def _reason(text: str) -> Reason:
    try:
        return Reason(text)
    except ValueError:
        return Reason.INTERNAL
