"""A node's side of the link before the hub's, each the real one; what a stream would carry is handed over."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from tests.integration.journal.scene import LOG_KEY, Hub, Node

from xiezhi.v1 import link_service_pb2
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_hub.feeding import Feeds
from xiezhi_hub.link_port import HubLinkPort
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.recovery.recovery import Recovery
from xiezhi_hub.ruling.intake import Intake
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.link_port import NodeLinkPort
from xiezhi_node.traffic.bring import DocumentBringer
from xiezhi_node.traffic.rulebooks import RulebookSource
from xiezhi_node.witnessing.witness import Witness, ask_hub
from xiezhi_wire.tls import ClientMaterial

NORMAL, URGENT = 2, 1
NOWHERE = HubChannel("127.0.0.1:1", ClientMaterial(Path("nowhere")))
"""For stories in which nothing is asked beside the link."""


class HubEnd:
    """A hub that serves the link."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        gate, feeds = Gate(), Feeds(hub.journal)
        gate.open()
        hub.journal.after_commit = feeds.committed
        recovery = Recovery(hub.journal, hub.seat, gate)
        self._intake = Intake(hub.journal, hub.seat)
        self._directory = tempfile.TemporaryDirectory()
        self.misconduct = MisconductFiles(Path(self._directory.name))
        self.port = HubLinkPort(
            hub.journal, hub.seat, gate, recovery, self._intake, feeds, Signal(), self.misconduct
        )
        hub.journal.start()

    def close(self) -> None:
        self._intake.close()
        self.hub.journal.close()
        self._directory.cleanup()


class NodeEnd:
    """A node that speaks on the link. Made anew on the same database, it is a program that was started again."""

    def __init__(self, hub: HubEnd, node: Node, documents: Path, channel: HubChannel = NOWHERE) -> None:
        self.node, self._hub = node, hub
        node.seat = replace(node.seat, log_vkey=LOG_KEY.verifier_key.format())
        self.documents = Documents(node.journal, FileStorage(documents))
        bringer = DocumentBringer(channel, self.documents)
        rulebooks = RulebookSource(channel, node.journal)
        self.misconduct = MisconductFiles(documents.parent / f"misconduct-{node.court}")
        witness = Witness(node.journal, node.seat, None, WitnessPolicy(), ask_hub(channel), self.misconduct)
        self.port = NodeLinkPort(node.journal, node.seat, Signal(), bringer, rulebooks, witness)
        self._cursors: dict[int, int] = {}
        node.journal.start()

    async def meet(self) -> None:
        """Hello and Welcome."""
        hello = await self.port.hello()
        self._cursors = {cursor.lane: cursor.feed_seq for cursor in hello.cursors}
        await self.port.welcomed(await self._hub.port.welcome(self.node.court, hello))

    async def push(self) -> None:
        """Everything in the outbox."""
        records = [each.record for each in await self.port.outgoing(0, 1 << 30)]
        await self._hub.port.rule(self.node.court, records)

    def items(self, lane: int = NORMAL, limit: int = 1_000) -> list[link_service_pb2.FeedItem]:
        """What lies on the feed and was not taken."""
        return self._hub.hub.feed(self.node.court, lane, self._cursors.get(lane, 0), limit)

    async def pull(self, lane: int = NORMAL, limit: int = 1_000) -> None:
        """Take some items of a lane."""
        await self.take(self.items(lane, limit))

    async def take(self, items: Sequence[link_service_pb2.FeedItem], checkpoint: bytes | None = None) -> None:
        """Take items, with the hub's newest checkpoint if no other is given."""
        note = await self._hub.port.checkpoint() if checkpoint is None else checkpoint
        cursors = await self.port.take(link_service_pb2.Deliver(items=items, checkpoint=note))
        self._cursors.update((cursor.lane, cursor.feed_seq) for cursor in cursors)

    def rows(self, table: Any) -> list[Any]:
        query = select(table).order_by(*table.primary_key)
        return self.node.journal.read_now(lambda connection: connection.execute(query).all())


Copy = dict[str, list[Any]]


def copy_of(journal: Journal) -> Copy:
    """A backup."""
    with journal._reading.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in tables.metadata.sorted_tables
        }


def restore(journal: Journal, copy: Copy) -> None:
    """Put a backup in the place of everything."""
    with journal._writing.begin() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(delete(table))
        for table in tables.metadata.sorted_tables:
            insert_rows(connection, table, copy[table.name])
