"""The naive court: the sender, which also makes the load, or the receiver. Run as a program."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from sqlalchemy.orm import Session
from tests.bench import payload, program
from tests.bench.courts import RECEIVER, SENDER
from tests.bench.evidence import ORIGIN, Signer, Verifier
from tests.bench.frames import Ack, Deliver, Push
from tests.bench.load import Load
from tests.bench.naive import models, rpc

from xiezhi.v1.event_pb2 import EventRecord

IN_FLIGHT = {"sat": 64, "low": 1}
RECEIPT_SECONDS = 30


class Court:
    """Pushes its events to the hub, takes `Deliver` calls from it."""

    def __init__(self, court: str, path: Path, hub: grpc.Channel) -> None:
        self._court = court
        self._engine = models.open_engine(path)
        self._key = Signer(court)
        self._verifier = Verifier((SENDER, RECEIVER, ORIGIN))
        self._push = rpc.method(hub, "Push", Push, Deliver)
        self._receipts: dict[str, threading.Event] = {}
        self._afterwards = ThreadPoolExecutor(rpc.THREADS)
        self._lock = threading.Lock()
        self._own_events = 0

    def deliver(self, request: Deliver, _context: grpc.ServicerContext) -> Ack:
        record = request.items[0].record
        self._verifier.check_pushes([record.push])
        self._verifier.check_checkpoint(ORIGIN, request.checkpoint)
        header = json.loads(record.header)
        if header["kind"] == "Issued":
            seen = payload.seen_in(request.checkpoint)
            draft = payload.delivered(header, record.header, self._key.key_id, seen)
            own = self._sign(draft)
            position = self._store(header, record, own)
            self._afterwards.submit(self._send, own, position)
        else:
            self._store(header, record)
            self._receipts.pop(header["instruction"]).set()
        return Ack()

    def _store(self, header: payload.Header, record: EventRecord, own: EventRecord | None = None) -> int:
        """Store what was delivered and, in the same commit, the receipt for it; return the receipt's position."""
        with Session(self._engine) as session:
            event = rpc.event_row(header, record)
            session.add(event)
            session.flush()
            log_index = record.log_index
            session.add(models.Ruling(log_index=log_index, position=event.position, ruling=record.ruling))
            if own is not None:
                event = rpc.event_row(json.loads(own.header), own)
                session.add(event)
            session.flush()
            position = event.position
            session.commit()
        return position

    def issue(self) -> None:
        """Issue one instruction and wait until its receipt is durable here."""
        draft = payload.issued(self._court, RECEIVER, self._key.key_id)
        record = self._sign(draft)
        receipt = self._receipts[draft.instruction] = threading.Event()
        with Session(self._engine) as session:
            event = rpc.event_row(json.loads(draft.header), record)
            session.add(event)
            session.flush()
            position = event.position
            session.commit()
        self._send(record, position)
        if not receipt.wait(RECEIPT_SECONDS):
            raise TimeoutError(f"no receipt within {RECEIPT_SECONDS} s")

    def _sign(self, draft: payload.Draft) -> EventRecord:
        with self._lock:
            self._own_events += 1
            position = self._own_events
        [proof] = self._key.sign_push(position, [draft.header])
        return EventRecord(header=draft.header, push=proof, body=draft.body)

    def _send(self, record: EventRecord, position: int) -> None:
        """Push an event that is stored at *position*, and store the ruling on it."""
        answer = self._push(Push(records=[record]))
        self._verifier.check_checkpoint(ORIGIN, answer.checkpoint)
        ruled = answer.items[0].record
        with Session(self._engine) as session:
            session.add(models.Ruling(log_index=ruled.log_index, position=position, ruling=ruled.ruling))
            session.commit()

    def run(self, command: program.Json) -> program.Json:
        """Issue in a closed loop of threads."""
        in_flight = IN_FLIGHT[command["case"]]
        load = Load.of(command, in_flight)

        def caller() -> None:
            while load.admits():
                started = time.perf_counter()
                self.issue()
                load.finished(started)

        with ThreadPoolExecutor(in_flight) as callers:
            for future in [callers.submit(caller) for _ in range(in_flight)]:
                future.result()
        return load.answer()


def main() -> None:
    settings = program.settings()
    name = settings["court"]
    hub = rpc.channel(settings["tls"], name, settings["port"])
    court = Court(name, Path(settings["directory"]) / f"{name}.db", hub)
    server, port = rpc.listen(settings["tls"], name, "Deliver", court.deliver, Deliver, Ack)
    program.serve(court.run, {"port": port})
    server.stop(None)


if __name__ == "__main__":
    main()
