"""Every method of both desks, called by every role: whom its row does not name never reaches the handler."""

import asyncio
import pkgutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module, resources
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from prometheus_client import CollectorRegistry
from tests.integration.wire.pki import now_ms

import xiezhi.v1
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call
from xiezhi_wire.caller import Caller
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

DESKS = ("xiezhi_node", "xiezhi_hub")
NOBODY = ""
CALLERS = {
    str(number): Caller("a", "测试", "苏0505", frozenset({role}), session_id="s")
    for number, role in enumerate(Role)
}
SERVER = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def table(program: str) -> str:
    return resources.files(program).joinpath("policy_desk.toml").read_text(encoding="utf-8")


def contract() -> dict[str, Any]:
    """Every service that there is, by full name."""
    modules = [found.name for found in pkgutil.iter_modules(xiezhi.v1.__path__)]
    files = [import_module(f"xiezhi.v1.{name}") for name in modules if name.endswith("_service_pb2")]
    found = [service for file in files for service in file.DESCRIPTOR.services_by_name.values()]
    return {service.full_name: service for service in found}


def methods(program: str) -> list[MethodDescriptor]:
    """Every method of every service that the desk serves, whether it has a row or not."""
    known = contract()
    return [method for name in tomllib.loads(table(program)) for method in known[name].methods]


def named(rows: Mapping[str, Any], method: MethodDescriptor) -> set[str]:
    """The words of a method's row; none where it has none."""
    words = rows[method.containing_service.full_name].get(method.name, [])
    return {words} if isinstance(words, str) else set(words)


def path_of(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def shape(method: MethodDescriptor) -> tuple[bool, bool]:
    return method.client_streaming, method.server_streaming


@dataclass
class Reached(grpc.GenericRpcHandler):
    """Serves *methods* by noting who reached them."""

    methods: Sequence[MethodDescriptor]
    calls: set[tuple[str, str]] = field(default_factory=set)

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        [method] = [each for each in self.methods if path_of(each) == details.method]

        async def behaviour(_request: Any, context: Any) -> Any:
            who = dict(context.invocation_metadata()).get("x-caller", NOBODY)
            self.calls.add((details.method, who))
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)

        return SERVER[shape(method)](behaviour, GetMessageClass(method.input_type).FromString, lambda _: b"")


async def call(channel: grpc.aio.Channel, method: MethodDescriptor, who: str) -> grpc.StatusCode:
    """Call with an empty request; return how it ended."""
    kinds: dict[tuple[bool, bool], Callable[..., Any]] = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    request: Any = iter((b"",)) if method.client_streaming else b""
    under_way = kinds[shape(method)](path_of(method))(
        request, metadata=(("x-caller", who),) if who else (), timeout=30
    )
    code: grpc.StatusCode = await under_way.code()
    return code


@pytest.mark.parametrize("program", DESKS)
async def test_only_the_roles_of_its_row_reach_a_method(program: str) -> None:
    async def by_name(call: Call) -> Caller | None:
        return CALLERS.get(call.metadata("x-caller") or NOBODY)

    rows, served = tomllib.loads(table(program)), Reached(methods(program))
    chain = standard_chain(
        ChainParts(
            Accounting(CollectorRegistry()),
            [by_name],
            MethodPolicy.load(table(program)),
            RateLimiter(1e6, 1_000_000, now_ms),
            LiveStreams(),
        )
    )
    server = grpc.aio.server(interceptors=[chain])
    server.add_generic_rpc_handlers([served])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    expected: set[tuple[str, str]] = set()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            for method in served.methods:
                words = named(rows, method)
                everybody = [NOBODY, *CALLERS]
                codes = await asyncio.gather(*(call(channel, method, who) for who in everybody))
                for who, code in zip(everybody, codes, strict=True):
                    roles = CALLERS[who].roles if who else frozenset()
                    if "public" in words or (who and "session" in words) or not words.isdisjoint(roles):
                        expected.add((path_of(method), who))
                        continue
                    refused = grpc.StatusCode.PERMISSION_DENIED if who else grpc.StatusCode.UNAUTHENTICATED
                    assert code is refused, (path_of(method), roles)
    finally:
        await server.stop(0)
    assert served.calls == expected
