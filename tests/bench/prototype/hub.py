"""The prototype's hub: rules on what courts push, logs it, feeds both courts. Run as a program."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from tests.bench import frames, payload, program
from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.evidence import ORIGIN, Frontier, Signer, Verifier, leaf_hash
from tests.bench.group_commit import GroupCommit, open_store
from tests.bench.grpc_tls import caller, server_credentials
from tests.bench.prototype import CONNECT
from tests.bench.prototype.outbox import Outbox

from xiezhi.v1 import event_pb2

SCHEMA = """
CREATE TABLE event (position INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, instruction TEXT NOT NULL,
    kind TEXT NOT NULL, header BLOB NOT NULL, push BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE ruling (log_index INTEGER PRIMARY KEY, position INTEGER NOT NULL, leaf BLOB NOT NULL,
    ruling BLOB NOT NULL);
CREATE TABLE feed (court TEXT NOT NULL, feed_seq INTEGER NOT NULL, log_index INTEGER NOT NULL,
    item_hash BLOB NOT NULL, PRIMARY KEY (court, feed_seq)) WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, frontier BLOB NOT NULL, note BLOB NOT NULL);
"""


@dataclass(slots=True)
class Feed:
    """Head of a court's feed."""

    seq: int = 0
    item_hash: bytes = bytes(32)


@dataclass(slots=True)
class Ruled:
    """The rows of one commit, and what goes out after it."""

    events: list[tuple] = field(default_factory=list)
    rulings: list[tuple] = field(default_factory=list)
    feeds: list[tuple] = field(default_factory=list)
    deliver: dict[str, list[frames.FeedItem]] = field(default_factory=lambda: defaultdict(list))
    checkpoint: bytes = b""


class Hub:
    """Rules on everything in its favour: there is nothing here that could be refused."""

    def __init__(self, path: Path) -> None:
        self._store = open_store(path, SCHEMA)
        self._key = Signer(ORIGIN)
        self._verifier = Verifier((SENDER, RECEIVER))
        self._frontier = Frontier()
        self._feeds = {court: Feed() for court in (SENDER, RECEIVER)}
        self._instructions: dict[str, tuple[int, str]] = {}
        self._outboxes = {court: Outbox() for court in (SENDER, RECEIVER)}
        self._acknowledged: dict[str, int] = {}
        self._checkpoint = b""
        self._writer = GroupCommit(self._store, self._rule, self._publish)

    async def connect(
        self,
        request_iterator: AsyncIterator[frames.ConnectRequest],
        context: grpc.aio.ServicerContext,
    ) -> AsyncIterator[frames.ConnectResponse]:
        court = caller(context)
        reader = program.background(self._read(court, request_iterator))
        try:
            while True:
                items = await self._outboxes[court].take()
                deliver = frames.Deliver(items=items, checkpoint=self._checkpoint)
                yield frames.ConnectResponse(deliver=deliver)
        finally:
            reader.cancel()

    async def _read(self, court: str, requests: AsyncIterator[frames.ConnectRequest]) -> None:
        async for request in requests:
            if request.WhichOneof("frame") == "ack":
                self._acknowledged[court] = request.ack.cursors[0].feed_seq
            else:
                records = request.push.records
                self._verifier.check_pushes(record.push for record in records)
                for record in records:
                    self._writer.put(record)

    def _rule(self, records: list[event_pb2.EventRecord]) -> Ruled:
        ruled = Ruled()
        for record in records:
            self._rule_one(record, ruled)
        execute = self._store.executemany
        execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", ruled.events)
        execute("INSERT INTO ruling VALUES (?, ?, ?, ?)", ruled.rulings)
        execute("INSERT INTO feed VALUES (?, ?, ?, ?)", ruled.feeds)
        size, root = self._frontier.size, self._frontier.root()
        ruled.checkpoint = self._key.sign_checkpoint(size, root)
        row = size, b"".join(self._frontier.nodes), ruled.checkpoint
        self._store.execute("INSERT INTO checkpoint VALUES (?, ?, ?)", row)
        return ruled

    def _rule_one(self, record: event_pb2.EventRecord, ruled: Ruled) -> None:
        header = json.loads(record.header)
        instruction, kind = header["instruction"], header["kind"]
        seq, prev = self._instructions.pop(instruction, (0, ""))
        record.ruling = payload.ruling(seq + 1, prev)
        leaf = leaf_hash(payload.entry(record.header, record.ruling))
        if kind == "Issued":
            self._instructions[instruction] = seq + 1, leaf.hex()
        record.log_index = index = self._frontier.size
        self._frontier.append(leaf)
        position = index + 1
        body, push = record.body.SerializeToString(), record.push.SerializeToString()
        ruled.events.append((position, header["id"], instruction, kind, record.header, push, body))
        ruled.rulings.append((index, position, leaf, record.ruling))
        self._feed(header["to"], record, leaf, ruled)
        record.ClearField("body")  # the acting court holds it
        self._feed(header["from"], record, leaf, ruled)

    def _feed(self, court: str, record: event_pb2.EventRecord, leaf: bytes, ruled: Ruled) -> None:
        feed = self._feeds[court]
        feed.seq += 1
        feed.item_hash = payload.feed_item(feed.item_hash, feed.seq, record.log_index, leaf)
        ruled.feeds.append((court, feed.seq, record.log_index, feed.item_hash))
        item = frames.FeedItem(feed_seq=feed.seq, item_hash=feed.item_hash, record=record)
        ruled.deliver[court].append(item)

    def _publish(self, ruled: Ruled) -> None:
        self._checkpoint = ruled.checkpoint
        for court, items in ruled.deliver.items():
            self._outboxes[court].put(items)

    async def answer(self, _command: program.Json) -> program.Json:
        """Say how far the courts have acknowledged their feeds."""
        return {"fed": {c: f.seq for c, f in self._feeds.items()}, "acknowledged": self._acknowledged}


async def main() -> None:
    settings = program.settings()
    hub = Hub(Path(settings["directory"]) / f"{HUB}.db")
    server = grpc.aio.server()
    connect = grpc.stream_stream_rpc_method_handler(
        hub.connect, frames.ConnectRequest.FromString, frames.ConnectResponse.SerializeToString
    )
    service, _, method = CONNECT.strip("/").partition("/")
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, {method: connect})])
    port = server.add_secure_port("127.0.0.1:0", server_credentials(settings["tls"], HUB))
    await server.start()
    await program.serve_async(hub.answer, {"port": port})
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
