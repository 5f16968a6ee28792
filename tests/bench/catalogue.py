"""All scenarios, and the ratios between their cases that say something."""

from tests.bench.figures import Ratio, cpu, latency, throughput
from tests.bench.naive.scenario import Naive
from tests.bench.product.scenario import Product
from tests.bench.prototype.scenario import Prototype
from tests.bench.raw.commit import Commit
from tests.bench.raw.crypto import Crypto
from tests.bench.raw.disk import Disk
from tests.bench.raw.echo import Echo
from tests.bench.scenario import Measurement, Scenario

SCENARIOS: tuple[Scenario, ...] = (Disk(), Commit(), Crypto(), Echo(), Naive(), Prototype(), Product())

ROUND_TRIPS = 2
"""Stream round trips from submitting to the receipt: sender and hub, hub and receiver, and back."""
COMMITS = 5
"""Durable steps one after the other on that way (1 to 5 of `tests.bench.prototype`)."""


def _floor(low: Measurement, trip: Measurement, sync: Measurement) -> float:
    return low.p50_ms / (ROUND_TRIPS * trip.p50_ms + COMMITS * sync.p50_ms)


RATIOS: tuple[Ratio, ...] = (
    throughput("group commit of single rows / bulk of 512", "commit/group-1024", "commit/raw-512"),
    throughput("group commit of single rows / one commit each", "commit/group-1024", "commit/raw-1"),
    throughput("stream in batches of 64 / unary, 16 in flight", "grpc/stream-64", "grpc/unary-16"),
    throughput("end to end: prototype / naive", "prototype/sat", "naive/sat"),
    cpu("CPU per instruction: naive / prototype", "naive/sat", "prototype/sat"),
    latency("latency alone: naive / prototype", "naive/low", "prototype/low"),
    latency("latency alone: prototype / store-free round trips", "prototype/low", "grpc/stream-1"),
    Ratio(
        f"latency alone: prototype / ({ROUND_TRIPS} x round trip + {COMMITS} x fdatasync)",
        ("prototype/low", "grpc/stream-1", "disk/fdatasync"),
        _floor,
    ),
)
