"""The hub's part of the beginning of a stream: Hello, checked, and the Welcome that answers it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from xiezhi.v1.link_service_pb2 import ConnectRequest, Hello, Welcome
from xiezhi_domain.errors import FormatError, Reason, Unavailable, WrongState
from xiezhi_link.lane_window import diverged
from xiezhi_link.ports import HubPort
from xiezhi_link.settings import LANES, PROTOCOL_VERSION, HubEndSettings


@dataclass(frozen=True, slots=True)
class Greeting:
    """What both sides said first."""

    hello: Hello
    welcome: Welcome


async def greet(
    court: str, hub: HubPort, settings: HubEndSettings, requests: AsyncIterator[ConnectRequest]
) -> Greeting:
    """Read Hello and return it with its answer, which is not sent yet.

    :raises DomainError: the first frame is not Hello or does not come in time; the protocol version is not spoken;
        the port refuses; a cursor does not fit the feed (`FEED_DIVERGED`).
    """
    hello = await _read_hello(requests, settings.hello_timeout_s)
    if hello.protocol_version != PROTOCOL_VERSION:
        raise WrongState(Reason.PROTOCOL_UNSUPPORTED)
    welcome = await hub.welcome(court, hello)
    welcome.protocol_version = PROTOCOL_VERSION
    welcome.push_window_bytes = settings.push_window_bytes
    # A hub that has lost something cannot judge cursors; it ends the stream when it has recovered.
    if not welcome.recovering:
        await _check_cursors(court, hub, hello)
    return Greeting(hello, welcome)


async def _read_hello(requests: AsyncIterator[ConnectRequest], timeout_s: float) -> Hello:
    try:
        async with asyncio.timeout(timeout_s):
            first = await anext(requests, None)
    except TimeoutError as error:
        raise Unavailable(Reason.TIMED_OUT) from error
    if first is None or not first.HasField("hello"):
        raise FormatError("连接的首帧应为 Hello")
    return first.hello


async def _check_cursors(court: str, hub: HubPort, hello: Hello) -> None:
    """The cursor wins over what the hub remembers, but it has to be one that the feed has had (protocol §4)."""
    for cursor in hello.cursors:
        if cursor.lane not in LANES or cursor.feed_seq < 0:
            raise FormatError("游标的通道或编号不正确")
        known: bytes | None = b""
        if cursor.feed_seq:
            known = await hub.feed_hash(court, cursor.lane, cursor.feed_seq)
        if known != cursor.item_hash:
            raise diverged(court, cursor)
