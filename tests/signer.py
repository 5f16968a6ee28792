"""A signer beside the program: what a security module does, with keys in memory. It can be told to misbehave."""

import base64
import json
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass
class StandIn:
    """The signer at `place`. `answer` answers one question; a test may put another one there.

    An answer that is bytes, or pieces of them, goes out as it is.
    """

    place: Path
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    signed: int = 0
    asked: int = 0

    def __post_init__(self) -> None:
        self.answer: Callable[[dict[str, str]], Any] = self.honestly

    def honestly(self, question: dict[str, str]) -> dict[str, str]:
        if question["op"] == "generate":
            label, key = f"key {len(self.keys)}", Ed25519PrivateKey.generate()
            self.keys[label] = key
            return {
                "label": label,
                "algorithm": "Ed25519",
                "public": encoded(key.public_key().public_bytes_raw()),
            }
        if question["label"] not in self.keys:
            return {"error": "no such key"}
        self.signed += 1
        return {
            "signature": encoded(self.keys[question["label"]].sign(base64.b64decode(question["message"])))
        }

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Answer for the time of the block; afterwards nobody listens there."""
        stand_in = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                stand_in.asked += 1
                answer = stand_in.answer(json.loads(self.rfile.readline()))
                # Who has asked may be gone.
                with suppress(OSError):
                    for piece in pieces(answer):
                        self.wfile.write(piece)

        with socketserver.ThreadingUnixStreamServer(str(self.place), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()
                self.place.unlink()


def pieces(answer: Any) -> Iterable[bytes]:
    if isinstance(answer, bytes):
        return [answer]
    return answer if isinstance(answer, Iterator) else [json.dumps(answer).encode() + b"\n"]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
