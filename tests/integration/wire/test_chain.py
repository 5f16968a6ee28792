"""The chain around real calls of every shape: who gets in, what a failure tells, what is logged and counted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import grpc
import pytest
import structlog
from google.protobuf.wrappers_pb2 import StringValue
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub
from prometheus_client import CollectorRegistry
from tests.integration.wire.pki import Pki, dial, now_ms
from tests.integration.wire.toys import NAME, SHAPES, call, echo, toy_service

from xiezhi.v1 import enrolment_service_pb2, enrolment_service_pb2_grpc
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.caller import Caller, JoinCaller, any_caller, current_caller, current_joiner, current_node
from xiezhi_wire.credentials import Authenticator, bearer, join_token, node_certificate
from xiezhi_wire.forwarding import NOBODY, Forwarding
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.jointoken import token_hash
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import RIGHTS_GONE_SECONDS, LiveStreams
from xiezhi_wire.tls import ClientMaterial

COURT = "苏0508"
GRACE_S = 30.0
JUDGE = Caller("a1", "测试法官", COURT, frozenset({Role.JUDGE}), session_id="s1")
CLERK = Caller("a2", "测试书记员", COURT, frozenset({Role.ASSISTANT}), session_id="s2")


def row(words: str) -> MethodPolicy:
    """A policy with the same row for every method of the toy service."""
    return MethodPolicy.load(f'["{NAME}"]\n' + "".join(f"{method} = {words}\n" for method in SHAPES))


class Sessions:
    def knows(self, token: str) -> bool:
        return token == "clerk-token"

    async def lookup(self, token: str) -> Caller | None:
        return {"judge-token": JUDGE, "clerk-token": CLERK}.get(token)


@dataclass
class Desk:
    """A listener under test, and what the chain keeps."""

    pki: Pki
    policy: MethodPolicy = field(default_factory=lambda: row('"public"'))
    authenticators: tuple[Authenticator, ...] = (bearer(Sessions()),)
    require_client: bool = False
    burst: int = 1_000
    unary_limit_s: float = 30.0
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    streams: LiveStreams = field(default_factory=LiveStreams)
    forwarding: Forwarding = NOBODY

    @asynccontextmanager
    async def serving(
        self, *services: Service, client: ClientMaterial | None = None
    ) -> AsyncIterator[grpc.aio.Channel]:
        parts = ChainParts(
            Accounting(self.registry),
            self.authenticators,
            self.policy,
            RateLimiter(0.001, self.burst, now_ms),
            self.streams,
            self.unary_limit_s,
            forwarding=self.forwarding,
        )
        settings = ListenerSettings("desk", "127.0.0.1:0", self.pki.server(), self.require_client)
        listener = Listener(settings, services, [standard_chain(parts)])
        port = await listener.start()
        try:
            async with dial(client or self.pki.anybody(), port) as channel:
                yield channel
        finally:
            # What the caller has been told is counted a moment later.
            await listener.stop(GRACE_S)

    def counted(self, method: str, code: str) -> float | None:
        labels = {"method": f"/{NAME}/{method}", "code": code}
        return self.registry.get_sample_value("xiezhi_grpc_calls_total", labels)


def told(error: grpc.aio.AioRpcError) -> Status:
    trailers = dict(error.trailing_metadata() or ())
    return Status.FromString(trailers["grpc-status-details-bin"])


def detail(error: grpc.aio.AioRpcError, kind: type[Any]) -> Any:
    for packed in told(error).details:
        found = kind()
        if packed.Unpack(found):
            return found
    return None


def reason(error: grpc.aio.AioRpcError) -> str:
    return str(detail(error, ErrorInfo).reason)


def bearing(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


async def letters(_request: Any, _context: Any) -> AsyncIterator[StringValue]:
    for letter in "abc":
        yield StringValue(value=letter)


async def letters_by_write(_request: Any, context: Any) -> None:
    for letter in "abc":
        await context.write(StringValue(value=letter))


async def joined(requests: Any, _context: Any) -> StringValue:
    return StringValue(value="".join([each.value async for each in requests]))


async def shouted(requests: Any, _context: Any) -> AsyncIterator[StringValue]:
    async for each in requests:
        yield StringValue(value=each.value.upper())


def said(*words: str) -> list[StringValue]:
    return [StringValue(value=word) for word in words]


async def heard(stream: Any) -> list[str]:
    return [each.value async for each in stream]


async def test_all_shapes_pass(pki: Pki) -> None:
    desk = Desk(pki)
    service = toy_service(Ask=echo, Watch=letters, Upload=joined, Talk=shouted)
    async with desk.serving(service) as channel:
        assert (await call(channel, "Ask")(StringValue(value="x"))).value == "x"
        assert await heard(call(channel, "Watch")(StringValue())) == ["a", "b", "c"]
        assert (await call(channel, "Upload")(said("a", "b"))).value == "ab"
        assert await heard(call(channel, "Talk")(said("a", "b"))) == ["A", "B"]
    assert [desk.counted(method, "OK") for method in SHAPES] == [1, 1, 1, 1]


async def test_a_stream_handler_may_write_by_itself(pki: Pki) -> None:
    async with Desk(pki).serving(toy_service(Watch=letters_by_write)) as channel:
        assert await heard(call(channel, "Watch")(StringValue())) == ["a", "b", "c"]


def refusing(error: Exception) -> dict[str, Callable[..., Any]]:
    async def refuse(_request: Any, _context: Any) -> StringValue:
        raise error

    async def refuse_after_one(_request: Any, _context: Any) -> AsyncIterator[StringValue]:
        yield StringValue(value="first")
        raise error

    return {"Ask": refuse, "Watch": refuse_after_one, "Upload": refuse, "Talk": refuse_after_one}


async def ask(channel: grpc.aio.Channel, method: str, **options: Any) -> None:
    """Calls a method of any shape and takes all that it answers."""
    request_streams, response_streams = SHAPES[method]
    request = said("x") if request_streams else StringValue(value="x")
    answer = call(channel, method)(request, **options)
    if response_streams:
        await heard(answer)
    else:
        await answer


async def failure(channel: grpc.aio.Channel, method: str, **options: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await ask(channel, method, **options)
    return failed.value


@pytest.mark.parametrize("method", SHAPES)
async def test_a_domain_error_reaches_the_caller_with_its_details(pki: Pki, method: str) -> None:
    desk = Desk(pki)
    refusal = InvalidInput.in_field("limit", "期限应晚于今天")
    async with desk.serving(toy_service(**refusing(refusal))) as channel:
        error = await failure(channel, method)
    assert (error.code(), error.details()) == (grpc.StatusCode.INVALID_ARGUMENT, "期限应晚于今天")
    assert reason(error) == "INVALID_FIELD"
    assert detail(error, BadRequest).field_violations[0].field == "limit"
    assert desk.counted(method, "INVALID_ARGUMENT") == 1


@pytest.mark.parametrize("method", SHAPES)
async def test_an_unexpected_error_is_hidden_and_logged(pki: Pki, method: str) -> None:
    with structlog.testing.capture_logs() as logs:
        async with Desk(pki).serving(toy_service(**refusing(KeyError("inner detail")))) as channel:
            error = await failure(channel, method)
    assert (error.code(), error.details()) == (grpc.StatusCode.INTERNAL, Reason.INTERNAL.zh)
    assert b"inner detail" not in told(error).SerializeToString()
    UUID(detail(error, RequestInfo).request_id)
    assert [each["log_level"] for each in logs if each["event"] == "unexpected_error"] == ["error"]


async def test_the_request_id_is_the_callers_if_it_is_a_uuid(pki: Pki) -> None:
    given = "019392a0-0000-7000-8000-000000000001"
    async with Desk(pki).serving(toy_service(**refusing(NotAllowed(Reason.FORBIDDEN)))) as channel:
        taken = await failure(channel, "Ask", metadata=(("x-request-id", given),))
        made = await failure(channel, "Ask", metadata=(("x-request-id", "320500189901010016"),))
    assert detail(taken, RequestInfo).request_id == given
    assert detail(made, RequestInfo).request_id != "320500189901010016"


async def test_a_method_without_a_row_is_refused(pki: Pki) -> None:
    desk = Desk(pki, policy=MethodPolicy({}))
    async with desk.serving(toy_service(Ask=echo)) as channel:
        error = await failure(channel, "Ask", metadata=bearing("judge-token"))
    assert (error.code(), reason(error)) == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN")


async def test_a_role_lets_in_and_its_lack_does_not(pki: Pki) -> None:
    async def who(_request: Any, _context: Any) -> StringValue:
        return StringValue(value=current_caller().account_id)

    desk = Desk(pki, policy=row('["JUDGE"]'))
    async with desk.serving(toy_service(Ask=who, Talk=shouted)) as channel:
        answer = await call(channel, "Ask")(StringValue(), metadata=bearing("judge-token"))
        assert answer.value == "a1"
        for method in ("Ask", "Talk"):
            refused = await failure(channel, method, metadata=bearing("clerk-token"))
            assert (refused.code(), reason(refused)) == (grpc.StatusCode.PERMISSION_DENIED, "WRONG_ROLE")
            nobody = await failure(channel, method)
            assert (nobody.code(), reason(nobody)) == (grpc.StatusCode.UNAUTHENTICATED, "SIGNED_OUT")


@pytest.mark.parametrize("header", ["Bearer gone-token", "Basic YTpi", "Bearer"])
async def test_a_token_that_stands_for_nobody_is_refused(pki: Pki, header: str) -> None:
    async with Desk(pki).serving(toy_service(Ask=echo)) as channel:
        error = await failure(channel, "Ask", metadata=(("authorization", header),))
    assert (error.code(), reason(error)) == (grpc.StatusCode.UNAUTHENTICATED, "SIGNED_OUT")


async def test_one_caller_is_not_taken_for_another(pki: Pki) -> None:
    async def who(_request: Any, _context: Any) -> StringValue:
        await asyncio.sleep(0.01)
        caller = any_caller()
        return StringValue(value=caller.account_id if isinstance(caller, Caller) else "")

    async with Desk(pki).serving(toy_service(Ask=who)) as channel:
        tokens = ["judge-token", "clerk-token", None] * 10
        answers = await asyncio.gather(
            *(
                call(channel, "Ask")(StringValue(), metadata=bearing(token) if token else None)
                for token in tokens
            )
        )
    assert [answer.value for answer in answers] == ["a1", "a2", ""] * 10


def link(pki: Pki, revoked: set[str]) -> Desk:
    authenticators = (node_certificate(now_ms, lambda shown: shown.serial in revoked),)
    return Desk(pki, row('"node"'), authenticators, require_client=True)


async def node_name(_request: Any, _context: Any) -> StringValue:
    node = current_node()
    return StringValue(value=f"{node.court} {node.serial}")


async def test_a_node_is_known_by_its_certificate_until_it_is_revoked(pki: Pki) -> None:
    node, issued = pki.node(COURT)
    revoked: set[str] = set()
    async with link(pki, revoked).serving(toy_service(Ask=node_name), client=node) as channel:
        answer = await call(channel, "Ask")(StringValue())
        assert answer.value == f"{COURT} {issued.serial}"
        revoked.add(issued.serial)
        error = await failure(channel, "Ask")
    assert (error.code(), reason(error)) == (grpc.StatusCode.UNAUTHENTICATED, "CERTIFICATE_INVALID")


async def test_a_certificate_that_runs_out_on_an_open_connection_is_refused(pki: Pki) -> None:
    node, issued = pki.node(COURT, lifetime=timedelta(hours=1))
    clock = [now_ms()]
    desk = Desk(pki, row('"node"'), (node_certificate(lambda: clock[0], lambda _: False),), True)
    async with desk.serving(toy_service(Ask=node_name), client=node) as channel:
        await ask(channel, "Ask")
        clock[0] = issued.not_after_ms + 1
        error = await failure(channel, "Ask")
    assert reason(error) == "CERTIFICATE_INVALID"


async def test_a_certificate_that_names_no_court_is_refused(pki: Pki) -> None:
    desk = Desk(pki, row('"node"'), (node_certificate(now_ms, lambda _: False),))
    async with desk.serving(toy_service(Ask=node_name)) as channel:
        error = await failure(channel, "Ask")
    assert (error.code(), reason(error)) == (grpc.StatusCode.UNAUTHENTICATED, "CERTIFICATE_INVALID")


class Enrolment(enrolment_service_pb2_grpc.EnrolmentServiceServicer):
    async def Greet(self, request: Any, context: Any) -> Any:  # noqa: N802  # the contract's name
        return enrolment_service_pb2.GreetResponse(origin=current_joiner().court)


ENROLMENT = Service.of(enrolment_service_pb2, enrolment_service_pb2_grpc, Enrolment())
JOIN = '["xiezhi.v1.EnrolmentService"]\nGreet = "join"\nRenewCertificate = "node"'


@dataclass
class Tokens:
    """One good join token, and how many were looked up."""

    good: str = "right"
    looked_up: int = 0

    async def lookup(self, hashed: bytes) -> JoinCaller | None:
        self.looked_up += 1
        return JoinCaller(COURT, hashed) if hashed == token_hash(self.good) else None


async def test_a_join_token_opens_the_join_methods_alone(pki: Pki) -> None:
    async with Desk(pki, MethodPolicy.load(JOIN), (join_token(Tokens()),)).serving(ENROLMENT) as channel:
        stub = enrolment_service_pb2_grpc.EnrolmentServiceStub(channel)
        greeting = await stub.Greet(enrolment_service_pb2.GreetRequest(token_secret="right"))
        assert greeting.origin == COURT
        with pytest.raises(grpc.aio.AioRpcError) as wrong:
            await stub.Greet(enrolment_service_pb2.GreetRequest(token_secret="wrong"))
        with pytest.raises(grpc.aio.AioRpcError) as elsewhere:
            await stub.RenewCertificate(enrolment_service_pb2.RenewCertificateRequest())
    assert (wrong.value.code(), reason(wrong.value)) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")
    assert elsewhere.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_wrong_join_tokens_are_counted_by_address_before_they_are_looked_up(
    pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiezhi_wire.credentials._WRONG_PER_ADDRESS", 2)
    tokens = Tokens()
    desk = Desk(pki, MethodPolicy.load(JOIN), (join_token(tokens),), forwarding=Forwarding("secret"))

    async def greet(secret: str, address: str = "192.0.2.7") -> None:
        stub = enrolment_service_pb2_grpc.EnrolmentServiceStub(channel)
        told = (("x-workbench", "secret"), ("x-client-address", address))
        await stub.Greet(enrolment_service_pb2.GreetRequest(token_secret=secret), metadata=told)

    async with desk.serving(ENROLMENT) as channel:
        for _ in range(2):
            with pytest.raises(grpc.aio.AioRpcError):
                await greet("wrong")
        with pytest.raises(grpc.aio.AioRpcError) as stopped:
            await greet("right")
        assert tokens.looked_up == 2
        await greet("right", "192.0.2.8")
    assert reason(stopped.value) == "ADDRESS_LOCKED"
    assert detail(stopped.value, RetryInfo).retry_delay.ToMilliseconds() > 0


async def test_a_caller_above_the_rate_is_told_when_to_come_back(pki: Pki) -> None:
    async with Desk(pki, burst=2).serving(toy_service(Ask=echo)) as channel:
        for _ in range(2):
            await ask(channel, "Ask", metadata=bearing("judge-token"))
        error = await failure(channel, "Ask", metadata=bearing("judge-token"))
        await ask(channel, "Ask", metadata=bearing("clerk-token"))
    assert (error.code(), reason(error)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED")
    assert detail(error, RetryInfo).retry_delay.ToMilliseconds() > 0


async def test_a_unary_call_that_takes_too_long_is_ended(pki: Pki) -> None:
    ended = asyncio.Event()

    async def hang(_request: Any, _context: Any) -> StringValue:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return StringValue()

    async with Desk(pki, unary_limit_s=0.01).serving(toy_service(Ask=hang)) as channel:
        error = await failure(channel, "Ask")
    assert (error.code(), reason(error)) == (grpc.StatusCode.DEADLINE_EXCEEDED, "TIMED_OUT")
    assert ended.is_set()


async def test_a_cancelled_call_is_counted_as_such(pki: Pki) -> None:
    desk = Desk(pki)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(_request: Any, _context: Any) -> AsyncIterator[StringValue]:
        begun.set()
        try:
            await asyncio.Event().wait()
            yield StringValue()
        finally:
            ended.set()

    async with desk.serving(toy_service(Watch=hang)) as channel:
        stream = call(channel, "Watch")(StringValue())
        await begun.wait()
        stream.cancel()
        await ended.wait()
    assert desk.counted("Watch", "CANCELLED") == 1


async def waiting(requests: Any, _context: Any) -> AsyncIterator[StringValue]:
    yield StringValue(value="open")
    async for _ in requests:
        yield StringValue(value="more")


@pytest.mark.parametrize("method", ["Talk", "Watch"])
async def test_a_closed_stream_ends_with_the_refusal(pki: Pki, method: str) -> None:
    async def watch(_request: Any, _context: Any) -> AsyncIterator[StringValue]:
        yield StringValue(value="open")
        await asyncio.Event().wait()

    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Talk=waiting, Watch=watch)) as channel:
        request = () if method == "Talk" else (StringValue(),)
        mine = call(channel, method)(*request, metadata=bearing("judge-token"))
        other = call(channel, method)(*request, metadata=bearing("clerk-token"))
        assert (await mine.read()).value == (await other.read()).value == "open"
        assert len(desk.streams) == 2
        closed = desk.streams.close_where(lambda caller: caller == JUDGE, NotAllowed(Reason.SIGNED_OUT))
        assert closed == 1
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await mine.read()
        assert (ended.value.code(), reason(ended.value)) == (grpc.StatusCode.UNAUTHENTICATED, "SIGNED_OUT")
        assert len(desk.streams) == 1
        other.cancel()
    assert desk.counted(method, "UNAUTHENTICATED") == 1


async def read_to_the_end(stream: Any, lengths: list[int]) -> None:
    while message := await stream.read():
        lengths.append(len(message.value))


async def test_a_slow_reader_gets_the_message_under_way_and_then_the_refusal(pki: Pki) -> None:
    written = 0

    async def watch(_request: Any, context: Any) -> None:
        nonlocal written
        while True:
            await context.write(StringValue(value="x" * 100_000))
            written += 1

    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Watch=watch)) as channel:
        stream = call(channel, "Watch")(StringValue(), metadata=bearing("judge-token"))
        before = -1
        while written == 0 or written != before:
            before = written
            await asyncio.sleep(0.1)
        assert desk.streams.close_where(lambda caller: caller == JUDGE, NotAllowed(Reason.SIGNED_OUT)) == 1
        received: list[int] = []
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await read_to_the_end(stream, received)
    assert (ended.value.code(), reason(ended.value)) == (grpc.StatusCode.UNAUTHENTICATED, "SIGNED_OUT")
    assert len(received) == written + 1, "no message more than the one that was under way"
    assert desk.counted("Watch", "UNAUTHENTICATED") == 1


async def test_an_account_has_so_many_streams_and_others_have_theirs(pki: Pki) -> None:
    desk = Desk(pki, policy=row('"session"'), streams=LiveStreams(of_one=1))
    async with desk.serving(toy_service(Talk=waiting)) as channel:
        first = call(channel, "Talk")(metadata=bearing("judge-token"))
        await first.read()
        with pytest.raises(grpc.aio.AioRpcError) as one_more:
            await call(channel, "Talk")(metadata=bearing("judge-token")).read()
        other = call(channel, "Talk")(metadata=bearing("clerk-token"))
        assert (await other.read()).value == "open"
        await first.done_writing()
        assert await first.read() is grpc.aio.EOF
        again = call(channel, "Talk")(metadata=bearing("judge-token"))
        assert (await again.read()).value == "open"
        again.cancel()
        other.cancel()
    refused = one_more.value
    assert (refused.code(), reason(refused)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED")
    assert detail(refused, RetryInfo).retry_delay.ToMilliseconds() > 0


async def test_the_watch_closes_streams_of_callers_who_lost_their_right(pki: Pki) -> None:
    asked: list[str] = []

    async def signed_out(callers: Collection[Caller]) -> Collection[Caller]:
        asked.extend(caller.account_id for caller in callers)
        if len(asked) == 1:
            raise ConnectionError("the database is away")
        return callers

    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Talk=waiting)) as channel:
        stream = call(channel, "Talk")(metadata=bearing("judge-token"))
        await stream.read()
        watch = asyncio.create_task(desk.streams.recheck(signed_out, every_s=0.01))
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await stream.read()
        watch.cancel()
    assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert asked == ["a1", "a1"]


async def test_streams_of_whom_nothing_can_be_found_out_do_not_go_on_for_ever(pki: Pki) -> None:
    async def signed_out(_callers: Collection[Caller]) -> Collection[Caller]:
        raise ConnectionError("the database is away")

    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Talk=waiting)) as channel:
        stream = call(channel, "Talk")(metadata=bearing("judge-token"))
        await stream.read()
        # The next answer would be in time: the round after this one ends before the look-up is too old.
        await desk.streams.recheck_once(signed_out, every_s=0.0)
        assert len(desk.streams) == 1
        await desk.streams.recheck_once(signed_out, every_s=RIGHTS_GONE_SECONDS)
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await stream.read()
    assert (ended.value.code(), reason(ended.value)) == (grpc.StatusCode.DEADLINE_EXCEEDED, "TIMED_OUT")


async def test_the_log_line_says_who_and_how_it_ended_but_no_name(pki: Pki) -> None:
    with structlog.testing.capture_logs() as logs:
        async with Desk(pki, policy=row('["JUDGE"]')).serving(toy_service(Ask=echo)) as channel:
            await ask(channel, "Ask", metadata=bearing("judge-token"))
            await failure(channel, "Ask", metadata=bearing("clerk-token"))
    lines = [each for each in logs if each["event"] == "call"]
    assert [(each["code"], each["account"], each["court"], each["reason"]) for each in lines] == [
        ("OK", "a1", COURT, None),
        ("PERMISSION_DENIED", "a2", COURT, "WRONG_ROLE"),
    ]
    assert "测试" not in str(logs)


async def test_health_is_open_and_counted(pki: Pki) -> None:
    desk = Desk(pki, policy=MethodPolicy({}))
    async with desk.serving(toy_service(Ask=echo)) as channel:
        await HealthStub(channel).Check(HealthCheckRequest(service=NAME))
        with pytest.raises(grpc.aio.AioRpcError) as unknown:
            await HealthStub(channel).Check(HealthCheckRequest(service="toy.v1.Unknown"))
    assert unknown.value.code() is grpc.StatusCode.NOT_FOUND
    labels = {"method": "/grpc.health.v1.Health/Check", "code": "NOT_FOUND"}
    assert desk.registry.get_sample_value("xiezhi_grpc_calls_total", labels) == 1


async def test_a_method_that_nobody_serves_is_unimplemented(pki: Pki) -> None:
    async with Desk(pki).serving(toy_service(Ask=echo)) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as missing:
            await call(channel, "Watch")(StringValue()).read()
    assert missing.value.code() is grpc.StatusCode.UNIMPLEMENTED
