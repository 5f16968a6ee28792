"""A program's life: start, readiness, signals, the drain, and what goes wrong on the way."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import pytest
import structlog
from google.protobuf.wrappers_pb2 import StringValue
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub
from tests.integration.wire.pki import Pki, dial
from tests.integration.wire.toys import NAME, call, echo, toy_service

from xiezhi_wire import concerns
from xiezhi_wire.interceptors import Chain
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.program import FAILED, NOT_STARTED, STOPPED, Program
from xiezhi_wire.startup import StartupError
from xiezhi_wire.streams import LiveStreams


@pytest.fixture
def settings(pki: Pki) -> Callable[..., ListenerSettings]:
    material = pki.server()

    def make(address: str = "127.0.0.1:0", *, reflection: bool = False) -> ListenerSettings:
        return ListenerSettings("desk", address, material, require_client=False, reflection=reflection)

    return make


class Watched(Listener):
    """A listener that tells its port to the test."""

    def __init__(
        self, settings: ListenerSettings, streams: LiveStreams, services: tuple[Service, ...] = ()
    ) -> None:
        chain = Chain((concerns.request_id, concerns.errors, concerns.live_streams(streams)))
        super().__init__(settings, services, [chain])
        self.port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def start(self) -> int:
        port = await super().start()
        self.port.set_result(port)
        return port


Settings = Callable[..., ListenerSettings]


async def test_health_follows_the_listener(pki: Pki, settings: Settings) -> None:
    listener = Listener(settings(), [toy_service(Ask=echo)], [])
    port = await listener.start()
    async with dial(pki.anybody(), port) as channel:

        async def status() -> int:
            answer = await HealthStub(channel).Check(HealthCheckRequest(service=NAME))
            return int(answer.status)

        assert await status() == HealthCheckResponse.SERVING
        await listener.set_serving(serving=False)
        assert await status() == HealthCheckResponse.NOT_SERVING
        await listener.set_serving(serving=True)
        assert await status() == HealthCheckResponse.SERVING
        await listener.announce_stop()
        await listener.set_serving(serving=True)
        assert await status() == HealthCheckResponse.NOT_SERVING
    await listener.stop(0)


@pytest.mark.parametrize("switched_on", [True, False])
async def test_reflection_is_there_where_it_is_switched_on(
    pki: Pki, settings: Settings, switched_on: bool
) -> None:
    listener = Listener(settings(reflection=switched_on), [toy_service(Ask=echo)], [])
    port = await listener.start()
    async with dial(pki.anybody(), port) as channel:
        stream = ServerReflectionStub(channel).ServerReflectionInfo()
        if switched_on:
            await stream.write(ServerReflectionRequest(list_services=""))
            names = [each.name for each in (await stream.read()).list_services_response.service]
            assert NAME in names
        else:
            with pytest.raises(grpc.aio.AioRpcError) as missing:
                await stream.read()
            assert missing.value.code() is grpc.StatusCode.UNIMPLEMENTED
    await listener.stop(0)


async def test_a_taken_port_is_told(settings: Settings) -> None:
    first = Listener(settings(), [], [])
    port = await first.start()
    second = Listener(settings(f"127.0.0.1:{port}"), [], [])
    with pytest.raises(StartupError, match=f"listener desk: cannot bind 127.0.0.1:{port}"):
        await second.start()
    await second.stop(0)
    await first.stop(0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_in_order(pki: Pki, settings: Settings, number: signal.Signals) -> None:
    done: list[str] = []
    entered, release = asyncio.Event(), asyncio.Event()

    async def slow(_request: Any, _context: Any) -> StringValue:
        entered.set()
        await release.wait()
        done.append("call")
        return StringValue(value="answered")

    async def watch(_request: Any, _context: Any) -> AsyncIterator[StringValue]:
        yield StringValue(value="open")
        await asyncio.Event().wait()

    async def background() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("task")

    def closing(name: str) -> Callable[[], Awaitable[None]]:
        async def close() -> None:
            done.append(name)

        return close

    streams = LiveStreams()
    listener = Watched(settings(), streams, (toy_service(Ask=slow, Watch=watch),))
    program = Program(
        [listener], streams, {"background": background}, [closing("opened first"), closing("opened last")]
    )
    running = asyncio.create_task(program.run())
    async with dial(pki.anybody(), await listener.port) as channel:
        answer = asyncio.ensure_future(call(channel, "Ask")(StringValue()))
        stream = call(channel, "Watch")(StringValue())
        await stream.read()
        await entered.wait()
        os.kill(os.getpid(), number)
        with pytest.raises(grpc.aio.AioRpcError) as told:
            await stream.read()
        assert told.value.code() is grpc.StatusCode.UNAVAILABLE
        assert not done
        release.set()
        assert (await answer).value == "answered"
    assert await running == STOPPED
    assert done == ["call", "task", "opened last", "opened first"]


async def test_a_watch_on_health_does_not_hold_the_drain(pki: Pki, settings: Settings) -> None:
    streams = LiveStreams()
    listener = Watched(settings(), streams)
    program = Program([listener], streams, grace_s=3_600)
    running = asyncio.create_task(program.run())
    async with dial(pki.anybody(), await listener.port) as channel:
        watch = HealthStub(channel).Watch(HealthCheckRequest())
        assert (await watch.read()).status == HealthCheckResponse.SERVING
        program.stop()
        assert await running == STOPPED


async def test_a_task_that_ends_by_itself_stops_the_program(settings: Settings) -> None:
    async def broken() -> None:
        raise ConnectionError("the journal is gone")

    streams = LiveStreams()
    with structlog.testing.capture_logs() as logs:
        code = await Program([Watched(settings(), streams)], streams, {"writer": broken}).run()
    assert code == FAILED
    ended = next(each for each in logs if each["event"] == "task_ended")
    assert (ended["task"], str(ended["exc_info"])) == ("writer", "the journal is gone")


async def test_a_listener_that_cannot_start_closes_what_was_opened(settings: Settings) -> None:
    closed: list[str] = []

    async def close() -> None:
        closed.append("journal")

    async def never() -> None:
        closed.append("never")

    streams = LiveStreams()
    first = Watched(settings(), streams)
    taken = Watched(settings(), streams)
    taken_port = await taken.start()
    second = Watched(settings(f"127.0.0.1:{taken_port}"), streams)
    with structlog.testing.capture_logs() as logs:
        code = await Program([first, second], streams, {"never": never}, [close]).run()
    assert (code, closed) == (NOT_STARTED, ["journal"])
    problem = next(each["problem"] for each in logs if each["event"] == "not_started")
    assert f"127.0.0.1:{taken_port}" in problem
    await taken.stop(0)


async def test_what_cannot_be_closed_does_not_keep_the_rest_open(settings: Settings) -> None:
    closed: list[str] = []

    async def close() -> None:
        closed.append("first")

    async def stuck() -> None:
        raise OSError("cannot flush")

    streams = LiveStreams()
    program = Program([Watched(settings(), streams)], streams, closing=[close, stuck])
    program.stop()
    assert await program.run() == FAILED
    assert closed == ["first"]
