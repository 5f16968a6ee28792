"""The naive baseline as a scenario: 64 in flight, and 1."""

from tests.bench import end_state
from tests.bench.courts import RECEIVER, SENDER
from tests.bench.scenario import Scenario
from tests.bench.stand import Stand


class Naive(Scenario):
    name = "naive"
    cases = ("sat", "low")

    def start(self, stand: Stand) -> None:
        hub = stand.start("hub", "tests.bench.naive.hub")
        ports = {}
        for name, court in (("receiver", RECEIVER), ("sender", SENDER)):
            program = stand.start(name, "tests.bench.naive.court", court=court, port=hub.ready["port"])
            ports[court] = program.ready["port"]
        hub.ask({"courts": ports})

    def check(self, stand: Stand) -> None:
        end_state.check(stand.directory)
