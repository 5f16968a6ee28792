"""The naive hub: rules on one event per call, then calls the other court. Run as a program."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from sqlalchemy.orm import Session
from tests.bench import payload, program
from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.evidence import ORIGIN, Frontier, Signer, Verifier, leaf_hash
from tests.bench.frames import Ack, Deliver, FeedItem, Push
from tests.bench.naive import models, rpc

from xiezhi.v1.event_pb2 import EventRecord


class Hub:
    """Takes `Push` calls."""

    def __init__(self, path: Path, tls: str) -> None:
        self._tls = tls
        self._engine = models.open_engine(path)
        self._key = Signer(ORIGIN)
        self._verifier = Verifier((SENDER, RECEIVER))
        self._lock = threading.Lock()
        self._frontier = Frontier()
        self._feeds = {court: (0, bytes(32)) for court in (SENDER, RECEIVER)}
        self._instructions: dict[str, tuple[int, str]] = {}
        self._courts: dict[str, grpc.UnaryUnaryMultiCallable] = {}
        self._afterwards = ThreadPoolExecutor(rpc.THREADS)

    def connect(self, command: program.Json) -> program.Json:
        """Take the ports on which the courts listen."""
        for court, port in command["courts"].items():
            self._courts[court] = rpc.method(rpc.channel(self._tls, HUB, port), "Deliver", Deliver, Ack)
        return {}

    def push(self, request: Push, _context: grpc.ServicerContext) -> Deliver:
        record = request.records[0]
        self._verifier.check_pushes([record.push])
        header = json.loads(record.header)
        with self._lock:
            own, others = self._rule(header, record)
        self._afterwards.submit(self._courts[header["to"]], others)
        return own

    def _rule(self, header: payload.Header, record: EventRecord) -> tuple[Deliver, Deliver]:
        seq, prev = self._instructions.pop(header["instruction"], (0, ""))
        record.ruling = payload.ruling(seq + 1, prev)
        leaf = leaf_hash(payload.entry(record.header, record.ruling))
        if header["kind"] == "Issued":
            self._instructions[header["instruction"]] = seq + 1, leaf.hex()
        record.log_index = index = self._frontier.size
        self._frontier.append(leaf)
        size, nodes = self._frontier.size, b"".join(self._frontier.nodes)
        note = self._key.sign_checkpoint(size, self._frontier.root())
        with Session(self._engine) as session:
            session.add(rpc.event_row(header, record, size))
            session.add(models.Ruling(log_index=index, position=size, ruling=record.ruling))
            others = self._feed(session, header["to"], record, leaf)
            record.ClearField("body")  # the acting court holds it
            own = self._feed(session, header["from"], record, leaf)
            session.add(models.Checkpoint(size=size, frontier=nodes, note=note))
            session.commit()
        return Deliver(items=[own], checkpoint=note), Deliver(items=[others], checkpoint=note)

    def _feed(self, session: Session, court: str, record: EventRecord, leaf: bytes) -> FeedItem:
        seq, previous = self._feeds[court]
        item_hash = payload.feed_item(previous, seq + 1, record.log_index, leaf)
        self._feeds[court] = seq + 1, item_hash
        session.add(
            models.Feed(court=court, feed_seq=seq + 1, log_index=record.log_index, item_hash=item_hash)
        )
        return FeedItem(feed_seq=seq + 1, item_hash=item_hash, record=record)


def main() -> None:
    settings = program.settings()
    hub = Hub(Path(settings["directory"]) / f"{HUB}.db", settings["tls"])
    server, port = rpc.listen(settings["tls"], HUB, "Push", hub.push, Push, Deliver)
    program.serve(hub.connect, {"port": port})
    server.stop(None)


if __name__ == "__main__":
    main()
