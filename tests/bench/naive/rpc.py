"""Unary calls of the naive baseline: one method per listener, threads on both sides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.message import Message
from tests.bench.grpc_tls import channel_credentials, server_credentials
from tests.bench.naive import models
from tests.bench.payload import Header

from xiezhi.v1.event_pb2 import EventRecord

THREADS = 64
_SERVICE = "bench.Naive"


def listen(
    tls: str, court: str, name: str, function: Callable, request: type[Message], response: type[Message]
) -> tuple[grpc.Server, int]:
    """Start a server with one method; return it and its port."""
    server = grpc.server(ThreadPoolExecutor(THREADS))
    handler = grpc.unary_unary_rpc_method_handler(function, request.FromString, response.SerializeToString)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(_SERVICE, {name: handler})])
    port = server.add_secure_port("127.0.0.1:0", server_credentials(tls, court))
    server.start()
    return server, port


def channel(tls: str, court: str, port: int) -> grpc.Channel:
    """Return a channel of *court* to a port of this machine."""
    return grpc.secure_channel(f"127.0.0.1:{port}", channel_credentials(tls, court))


def method(
    to: grpc.Channel, name: str, request: type[Message], response: type[Message]
) -> grpc.UnaryUnaryMultiCallable:
    """Return what calls the one method of a listener."""
    return to.unary_unary(f"/{_SERVICE}/{name}", request.SerializeToString, response.FromString)


def event_row(header: Header, record: EventRecord, position: int | None = None) -> models.Event:
    """Return the row of an event; the database numbers it where no position is given."""
    return models.Event(
        position=position,
        event_id=header["id"],
        instruction=header["instruction"],
        kind=header["kind"],
        header=record.header,
        push=record.push.SerializeToString(),
        body=record.body.SerializeToString(),
    )
