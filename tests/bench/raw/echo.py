"""gRPC over mTLS on loopback without any store: unary calls, and a stream of batches."""

from tests.bench.scenario import Scenario
from tests.bench.stand import Stand


class Echo(Scenario):
    """`unary-N`: N calls in flight. `stream-1`: one message to and fro. `stream-64`: batches of 64, 16 in flight."""

    name = "grpc"
    cases = ("unary-1", "unary-16", "unary-64", "stream-1", "stream-64")
    operations = 500_000

    def start(self, stand: Stand) -> None:
        server = stand.start("server", "tests.bench.raw.echo_server")
        stand.start("client", "tests.bench.raw.echo_client", port=server.ready["port"])
