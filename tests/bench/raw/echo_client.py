"""Calls the echo server in a closed loop. Run as a program."""

import asyncio
import os
import time

import grpc
from tests.bench import program
from tests.bench.courts import SENDER
from tests.bench.grpc_tls import channel_credentials
from tests.bench.load import Load
from tests.bench.raw.echo_server import SERVICE

from xiezhi.v1.link_service_pb2 import Push, StoredEvent

MESSAGE = os.urandom(32 + 1024)
BATCHES = {1: 1, 64: 16}
"""How many batches are in flight, by size."""


async def unary(channel: grpc.aio.Channel, in_flight: int, load: Load) -> None:
    call = channel.unary_unary(f"/{SERVICE}/Unary")

    async def caller() -> None:
        while load.admits():
            started = time.perf_counter()
            await call(MESSAGE)
            load.finished(started)

    await asyncio.gather(*(caller() for _ in range(in_flight)))


async def stream(channel: grpc.aio.Channel, size: int, load: Load) -> None:
    call = channel.stream_stream(f"/{SERVICE}/Stream", Push.SerializeToString, Push.FromString)()
    started: asyncio.Queue[float] = asyncio.Queue()

    async def send() -> None:
        started.put_nowait(time.perf_counter())
        # Made anew each time, as a sender has to.
        await call.write(Push(records=[StoredEvent(header=MESSAGE) for _ in range(size)]))

    for _ in range(BATCHES[size]):
        if load.admits(size):
            await send()
    while not started.empty():
        echoed = await call.read()
        load.finished(started.get_nowait(), len(echoed.records))
        if load.admits(size):
            await send()
    await call.done_writing()


async def main() -> None:
    settings = program.settings()
    target = f"127.0.0.1:{settings['port']}"
    async with grpc.aio.secure_channel(target, channel_credentials(settings["tls"], SENDER)) as channel:
        await channel.channel_ready()

        async def measure(command: program.Json) -> program.Json:
            kind, _, number = command["case"].partition("-")
            size = int(number)
            if kind == "unary":
                load = Load.of(command, in_flight=size)
                await unary(channel, size, load)
            else:
                load = Load.of(command, in_flight=size * BATCHES[size])
                await stream(channel, size, load)
            return load.answer()

        await program.serve_async(measure)


if __name__ == "__main__":
    asyncio.run(main())
