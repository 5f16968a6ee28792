"""What a refusal does at the acting court: the chain is dropped and lies on the acting user's desk (ADR 0002)."""

from sqlalchemy import select

from xiezhi.v1 import event_pb2
from xiezhi_journal import tables
from xiezhi_journal.dropping import drop_from
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.matter import Matter
from xiezhi_journal.proofs import part_content
from xiezhi_node.taking.check import CheckedItem


def return_to_desk(ledger: Ledger, item: CheckedItem, matter: Matter) -> None:
    """Drop the refused event and every pending one after it from the view.

    Each is returned with reason and winner when its own answer comes; what was dropped before is returned then
    all the same.
    """
    if any(event.header.id == item.header.id for event in matter.pending):
        take_back(ledger, matter, item.header.id, item.ruling.at)
    _return(ledger, item)


def take_back(ledger: Ledger, matter: Matter, event_id: str, at: int) -> None:
    """Take a pending event and those after it out of the view, the lists and the next reading of the matter."""
    assert matter.view is not None, "a matter with pending events has a view"
    rulebook = ledger.rulebooks[matter.view.rulebook]
    accepted = ledger.accepted_of(matter.id)
    after = drop_from(ledger.connection, matter, event_id, at, rulebook, ledger.court, accepted)
    for event in matter.pending[len(after.pending) :]:
        ledger.drop_pending(event)
    ledger.save(after)


def _return(ledger: Ledger, item: CheckedItem) -> None:
    ruling = item.ruling
    ledger.add_row(
        tables.returned_work.name,
        (
            item.header.id,
            item.header.instruction,
            _account(ledger, item),
            ruling.reason,
            ruling.winner,
            ledger.now,
            False,
        ),
    )


def _account(ledger: Ledger, item: CheckedItem) -> str:
    body = item.body
    if body is None:
        event, content = tables.event, tables.body.c.content
        query = (
            select(content)
            .join(event, event.c.position == tables.body.c.position)
            .where(event.c.event_id == item.header.id)
        )
        body = event_pb2.Body.FromString(ledger.connection.scalar(query) or b"")
    return event_pb2.Actor.FromString(part_content(body, "actor")).account_id
