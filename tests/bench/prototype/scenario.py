"""The prototype as a scenario: at saturation (2048 in flight) and alone (1 in flight)."""

import time

from tests.bench import end_state
from tests.bench.courts import RECEIVER, SENDER
from tests.bench.scenario import Scenario
from tests.bench.stand import Stand

ACKNOWLEDGE_SECONDS = 10


class Prototype(Scenario):
    name = "prototype"
    cases = ("sat", "low")
    operations = 30_000

    def start(self, stand: Stand) -> None:
        hub = stand.start("hub", "tests.bench.prototype.hub")
        for name, court in (("receiver", RECEIVER), ("sender", SENDER)):
            stand.start(name, "tests.bench.prototype.node", court=court, port=hub.ready["port"])

    def check(self, stand: Stand) -> None:
        end_state.check(stand.directory)
        hub = stand.programs[0]
        deadline = time.monotonic() + ACKNOWLEDGE_SECONDS
        while (told := hub.ask({}))["fed"] != told["acknowledged"]:
            assert time.monotonic() < deadline, f"not everything fed was acknowledged: {told}"
            time.sleep(0.05)
