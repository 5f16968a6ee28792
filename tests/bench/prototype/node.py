"""The prototype's court node: the sender's, which also makes the load, or the receiver's. Run as a program."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from tests.bench import payload, program
from tests.bench.courts import RECEIVER, SENDER
from tests.bench.evidence import ORIGIN, Signer, Verifier
from tests.bench.frames import Ack, ConnectRequest, ConnectResponse, FeedCursor, FeedItem, Push
from tests.bench.group_commit import GroupCommit, open_store
from tests.bench.grpc_tls import channel_credentials
from tests.bench.load import Load
from tests.bench.payload import Draft
from tests.bench.prototype import CONNECT
from tests.bench.prototype.outbox import Outbox

from xiezhi.v1.event_pb2 import EventRecord

SCHEMA = """
CREATE TABLE event (position INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, instruction TEXT NOT NULL,
    kind TEXT NOT NULL, header BLOB NOT NULL, push BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE ruling (log_index INTEGER PRIMARY KEY, position INTEGER NOT NULL, ruling BLOB NOT NULL);
CREATE TABLE cursor (lane INTEGER PRIMARY KEY, feed_seq INTEGER NOT NULL, item_hash BLOB NOT NULL,
    checkpoint BLOB NOT NULL);
"""
IN_FLIGHT = {"sat": 2048, "low": 1}
RECEIPT_SECONDS = 30


@dataclass(slots=True)
class Stored:
    """The rows of one commit, and what follows from it."""

    events: list[tuple] = field(default_factory=list)
    rulings: list[tuple] = field(default_factory=list)
    push: list[EventRecord] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    cursor: FeedCursor | None = None


class Node:
    """Stores its own events and its feed; answers each `Issued` fed to it with `Delivered` in the same commit."""

    def __init__(self, court: str, path: Path) -> None:
        self._court = court
        self._store = open_store(path, SCHEMA)
        self._key = Signer(court)
        self._verifier = Verifier((SENDER, RECEIVER, ORIGIN))
        self._position = 0
        self._own_events = 0
        self._unruled: dict[int, int] = {}
        self._seen = payload.NO_CHECKPOINT
        self._checkpoint = b""
        self._outbox: Outbox[EventRecord | FeedCursor] = Outbox()
        self._receipts: asyncio.Queue[list[str]] = asyncio.Queue()
        self._writer: GroupCommit[Draft | FeedItem, Stored] = GroupCommit(
            self._store, self._keep, self._publish
        )

    async def talk(self, channel: grpc.aio.Channel) -> None:
        """Send and receive on one stream until cancelled."""
        call = channel.stream_stream(CONNECT, ConnectRequest.SerializeToString, ConnectResponse.FromString)()
        await asyncio.gather(self._send(call), self._receive(call))

    async def _send(self, call: Any) -> None:
        while True:
            batch = await self._outbox.take()
            cursors = [item for item in batch if isinstance(item, FeedCursor)]
            records = [item for item in batch if isinstance(item, EventRecord)]
            if records:
                await call.write(ConnectRequest(push=Push(records=records)))
            if cursors:
                await call.write(ConnectRequest(ack=Ack(cursors=cursors[-1:])))

    async def _receive(self, call: Any) -> None:
        response: ConnectResponse
        async for response in call:
            deliver = response.deliver
            self._verifier.check_checkpoint(ORIGIN, deliver.checkpoint)
            self._checkpoint, self._seen = deliver.checkpoint, payload.seen_in(deliver.checkpoint)
            others = (item.record.push for item in deliver.items if item.record.push.court != self._court)
            self._verifier.check_pushes(others)
            for item in deliver.items:
                self._writer.put(item)

    def _keep(self, works: list[Draft | FeedItem]) -> Stored:
        stored = Stored()
        drafts = [work for work in works if isinstance(work, Draft)]
        items = [work for work in works if isinstance(work, FeedItem)]
        for item in items:
            drafts.extend(self._take(item.record, stored))
        self._sign(drafts, stored)
        self._store.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", stored.events)
        self._store.executemany("INSERT INTO ruling VALUES (?, ?, ?)", stored.rulings)
        if items:
            last = items[-1]
            stored.cursor = FeedCursor(feed_seq=last.feed_seq, item_hash=last.item_hash)
            row = 2, last.feed_seq, last.item_hash, self._checkpoint
            self._store.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?)", row)
        return stored

    def _take(self, record: EventRecord, stored: Stored) -> list[Draft]:
        """Store a fed record; return the receipt that it calls for."""
        push = record.push
        if push.court == self._court:
            position = self._unruled.pop(push.first_position + push.index)
            stored.rulings.append((record.log_index, position, record.ruling))
            return []
        header = json.loads(record.header)
        kind, body = header["kind"], record.body.SerializeToString()
        self._position += 1
        stored.rulings.append((record.log_index, self._position, record.ruling))
        row = header["id"], header["instruction"], kind, record.header, push.SerializeToString(), body
        stored.events.append((self._position, *row))
        if kind == "Issued":
            return [payload.delivered(header, record.header, self._key.key_id, self._seen)]
        stored.receipts.append(header["instruction"])
        return []

    def _sign(self, drafts: list[Draft], stored: Stored) -> None:
        if not drafts:
            return
        proofs = self._key.sign_push(self._own_events + 1, [draft.header for draft in drafts])
        for draft, proof in zip(drafts, proofs, strict=True):
            self._position += 1
            self._own_events += 1
            self._unruled[self._own_events] = self._position
            row = draft.event_id, draft.instruction, draft.kind, draft.header
            stored.events.append(
                (self._position, *row, proof.SerializeToString(), draft.body.SerializeToString())
            )
            stored.push.append(EventRecord(header=draft.header, push=proof, body=draft.body))

    def _publish(self, stored: Stored) -> None:
        self._outbox.put(stored.push)
        if stored.cursor is not None:
            self._outbox.put([stored.cursor])
        if stored.receipts:
            self._receipts.put_nowait(stored.receipts)

    async def run(self, command: program.Json) -> program.Json:
        """Issue in a closed loop; an instruction is finished when its receipt is durable here."""
        in_flight = IN_FLIGHT[command["case"]]
        load, started = Load.of(command, in_flight), {}
        self._issue(in_flight, load, started)
        while started:
            receipts = await asyncio.wait_for(self._receipts.get(), RECEIPT_SECONDS)
            for instruction in receipts:
                load.finished(started.pop(instruction))
            self._issue(len(receipts), load, started)
        return load.answer()

    def _issue(self, count: int, load: Load, started: dict[str, float]) -> None:
        for _ in range(count):
            if load.admits():
                now = time.perf_counter()
                draft = payload.issued(self._court, RECEIVER, self._key.key_id, self._seen)
                started[draft.instruction] = now
                self._writer.put(draft)


async def main() -> None:
    settings = program.settings()
    court = settings["court"]
    node = Node(court, Path(settings["directory"]) / f"{court}.db")
    target = f"127.0.0.1:{settings['port']}"
    async with grpc.aio.secure_channel(target, channel_credentials(settings["tls"], court)) as channel:
        talk = program.background(node.talk(channel))
        await channel.channel_ready()
        await program.serve_async(node.run)
        talk.cancel()


if __name__ == "__main__":
    asyncio.run(main())
