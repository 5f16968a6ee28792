"""All scenarios, and the ratios between their cases that say something."""

from tests.bench.courts import RECEIVER, SENDER
from tests.bench.figures import Ratio, cpu, latency, slow_tail, throughput
from tests.bench.naive.scenario import Naive
from tests.bench.product.scenario import Bare, Product, Seeded
from tests.bench.prototype.scenario import Prototype
from tests.bench.raw.commit import Commit
from tests.bench.raw.crypto import Crypto
from tests.bench.raw.disk import Disk
from tests.bench.raw.echo import Echo
from tests.bench.scenario import Scenario

SCENARIOS: tuple[type[Scenario], ...] = (Disk, Commit, Crypto, Echo, Naive, Prototype, Product, Bare, Seeded)

ROUND_TRIPS = 2
"""Stream round trips from submitting to the receipt: sender and hub, hub and receiver, and back."""
COMMITS = 5
"""Durable steps one after the other on that way (1 to 5 of `tests.bench.prototype`)."""

CALL_COMMITS = 1
"""Durable steps before a call that issues is answered."""
IDLE_MIB = 150
"""What a program may take of memory when nothing happens."""
PROOF_MS = 5
"""How long a proof may take, from a desk by way of the node to the hub's log and back."""


def scenarios(seed: int) -> list[Scenario]:
    """Return all scenarios; the seeded journal is going to hold *seed* instructions."""
    return [one(seed) if one is Seeded else one() for one in SCENARIOS]


def _idle(name: str) -> Ratio:
    return Ratio(
        f"memory when idle: {name} / {IDLE_MIB} MiB",
        ("product/idle",),
        lambda idle: idle.rss_mib_by_program[name] / IDLE_MIB,
    )


def _call(name: str) -> Ratio:
    return Ratio(
        f"latency of issuing, {name} in flight: product / (round trip + fdatasync)",
        (f"product/unary-{name}", f"grpc/unary-{name}", "disk/fdatasync"),
        lambda call, trip, sync: call.p50_ms / (trip.p50_ms + CALL_COMMITS * sync.p50_ms),
    )


def _floor_of(name: str) -> Ratio:
    return Ratio(
        f"latency alone: {name} / ({ROUND_TRIPS} x round trip + {COMMITS} x fdatasync)",
        (f"{name}/low", "grpc/stream-1", "disk/fdatasync"),
        lambda low, trip, sync: low.p50_ms / (ROUND_TRIPS * trip.p50_ms + COMMITS * sync.p50_ms),
    )


RATIOS: tuple[Ratio, ...] = (
    throughput("group commit of single rows / bulk of 512", "commit/group-1024", "commit/raw-512"),
    throughput("group commit of single rows / one commit each", "commit/group-1024", "commit/raw-1"),
    throughput("stream in batches of 64 / unary, 16 in flight", "grpc/stream-64", "grpc/unary-16"),
    throughput("end to end: prototype / naive", "prototype/sat", "naive/sat"),
    cpu("CPU per instruction: naive / prototype", "naive/sat", "prototype/sat"),
    latency("latency alone: naive / prototype", "naive/low", "prototype/low"),
    latency("latency alone: prototype / store-free round trips", "prototype/low", "grpc/stream-1"),
    throughput("end to end: product / naive", "product/sat", "naive/sat"),
    throughput("end to end: product / prototype", "product/sat", "prototype/sat"),
    cpu("CPU per instruction: naive / product", "naive/sat", "product/sat"),
    cpu("CPU per instruction: product / prototype", "product/sat", "prototype/sat"),
    cpu("CPU per instruction: seeded journal / empty", "seeded/sat", "product/sat"),
    throughput("end to end: product / the same without evidence", "product/sat", "bare/sat"),
    cpu("CPU per instruction: the same without evidence / product", "bare/sat", "product/sat"),
    latency("latency alone: product / prototype", "product/low", "prototype/low"),
    latency("latency alone: seeded journal / empty", "seeded/low", "product/low"),
    slow_tail("p95: received list at the workbench / the list call", "seeded/inbox", "seeded/list"),
    Ratio(
        f"a proof from the log / {PROOF_MS} ms",
        ("seeded/proof",),
        lambda proof: proof.p50_ms / PROOF_MS,
    ),
    *(_call(in_flight) for in_flight in ("1", "16", "64")),
    throughput(
        "issuing: batches of 512 / single calls, 64 in flight", "product/batch-512", "product/unary-64"
    ),
    *(_idle(name) for name in ("hub", SENDER, RECEIVER)),
    *(_floor_of(name) for name in ("prototype", "product")),
)
