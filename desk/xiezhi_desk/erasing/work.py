"""Work for the writer: following an order in the journal, and noting that nothing is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, select

from xiezhi.v1 import event_pb2
from xiezhi_desk.erasing.contents import erase_contents
from xiezhi_desk.erasing.copies import erase_case, erase_copies
from xiezhi_domain.events.header import decode_header
from xiezhi_journal import tables
from xiezhi_journal.erasures import Erasure, begin, find_erasure, unfinished
from xiezhi_journal.labels import case_number_of, labels_after
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.matter import Labels, Matter

WAITING: Final = "waiting"
"""Where a node's ledger keeps which matters wait for documents."""


@dataclass(frozen=True, slots=True)
class EraseFromJournal:
    """Follow one order in the journal: bodies, copies, lists. Doing it again changes nothing."""

    order_id: str
    instruction: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter."""
        ledger.want_matter(self.instruction)

    def run(self, ledger: Ledger) -> Erasure:
        """Erase; returns the order with how many parts are erased."""
        erasure = find_erasure(ledger.connection, self.order_id)
        assert erasure is not None, "an order is kept for ever"
        return _erase(ledger, erasure)


@dataclass(frozen=True, slots=True)
class EraseAllFromJournal:
    """Follow all orders that are not done: before a service opens that may have the data back (protocol §14)."""

    orders: tuple[Erasure, ...]

    @classmethod
    def of(cls, connection: Connection) -> "EraseAllFromJournal":
        """Return the work that is due."""
        return cls(tuple(each for each in unfinished(connection) if each.due))

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters."""
        for erasure in self.orders:
            ledger.want_matter(erasure.instruction)

    def run(self, ledger: Ledger) -> None:
        """Erase."""
        for erasure in self.orders:
            _erase(ledger, erasure)


def _erase(ledger: Ledger, erasure: Erasure) -> Erasure:
    connection = ledger.connection
    parts = erase_contents(connection, erasure)
    erase_copies(connection, erasure.instruction)
    waiting: set[str] = ledger.cache.extras.get(WAITING, set())
    waiting.discard(erasure.instruction)
    matter = ledger.matter(erasure.instruction)
    if matter is not None:
        if erasure.order.with_case and matter.sender == ledger.court:
            erase_case(connection, matter.labels.case_number, matter.id)
        if matter.view is not None:
            ledger.save(replace(matter, labels=_labels(ledger, matter)))
    return begin(connection, erasure, max(parts, erasure.parts))


def _labels(ledger: Ledger, matter: Matter) -> Labels:
    """Return what lists show, made of the bodies as they are now, as a rebuild would make it."""
    bodies = list(_bodies(ledger.connection, matter.id))
    if ledger.head.log_size:
        return Labels(case_number_of(bodies[0][1])) if bodies else Labels()
    labels = Labels()
    for header, body in bodies:
        labels = labels_after(labels, decode_header(header), body, ledger.court)
    return labels


def _bodies(connection: Connection, instruction: str) -> Iterable[tuple[bytes, event_pb2.Body]]:
    """Return headers and bodies of the matter's accepted and pending events, in the order of the log."""
    event, body, ruling = tables.event, tables.body, tables.ruling
    query = (
        select(event.c.header, body.c.content)
        .join(body, body.c.position == event.c.position, isouter=True)
        .join(ruling, ruling.c.position == event.c.position, isouter=True)
        .where(event.c.instruction == instruction, ruling.c.accepted.is_not(False))
        .order_by(ruling.c.log_index.is_(None), ruling.c.log_index, event.c.position)
    )
    for row in connection.execute(query):
        yield row.header, event_pb2.Body.FromString(row.content or b"")
