"""Ed25519 over 1 KiB, and appending leaves to a Merkle tree. Scenario and program."""

import os
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.bench import program
from tests.bench.evidence import Frontier, leaf_hash
from tests.bench.load import Load
from tests.bench.scenario import Scenario
from tests.bench.stand import Stand

MESSAGE = os.urandom(1024)
BATCH = 100


class Crypto(Scenario):
    name = "crypto"
    cases = ("sign", "verify", "merkle")
    operations = 1_000_000

    def start(self, stand: Stand) -> None:
        stand.start("crypto", "tests.bench.raw.crypto")


def _operation(case: str) -> Callable[[], object]:
    if case == "merkle":
        frontier = Frontier()
        return lambda: frontier.append(leaf_hash(MESSAGE))
    key = Ed25519PrivateKey.generate()
    if case == "sign":
        return lambda: key.sign(MESSAGE)
    public, signature = key.public_key(), key.sign(MESSAGE)
    return lambda: public.verify(signature, MESSAGE)


def measure(command: program.Json) -> program.Json:
    load, operation = Load.of(command, BATCH), _operation(command["case"])
    while load.admits(BATCH):
        started = time.perf_counter()
        for _ in range(BATCH):
            operation()
        load.finished(started, BATCH)
    return load.answer(latencies=False)


if __name__ == "__main__":
    program.serve(measure)
