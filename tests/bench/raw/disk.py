"""Appending 4 KiB and waiting for the disk: the price of one durable step. Scenario and program."""

import os
import time
from pathlib import Path

from tests.bench import program
from tests.bench.load import Load
from tests.bench.scenario import Scenario
from tests.bench.stand import Stand

BLOCK = os.urandom(4096)


class Disk(Scenario):
    name = "disk"
    cases = ("fdatasync",)

    def start(self, stand: Stand) -> None:
        stand.start("disk", "tests.bench.raw.disk")


def append(command: program.Json) -> program.Json:
    path = Path(program.settings()["directory"]) / "append"
    load = Load.of(command, in_flight=1)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        while load.admits():
            started = time.perf_counter()
            os.write(descriptor, BLOCK)
            os.fdatasync(descriptor)
            load.finished(started)
    finally:
        os.close(descriptor)
    return load.answer()


if __name__ == "__main__":
    program.serve(append)
