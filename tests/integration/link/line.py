"""A line to the hub that can be cut: nobody says good-bye, as when a machine dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.integration.link.house import House


class Line:
    """Passes bytes on between nodes and the hub's port."""

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._writers: set[asyncio.StreamWriter] = set()
        self.address = ""

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hub_reader, hub_writer = await asyncio.open_connection("127.0.0.1", self._hub_port)
        self._writers |= {writer, hub_writer}
        await asyncio.gather(_copy(reader, hub_writer), _copy(hub_reader, writer))
        self._writers -= {writer, hub_writer}

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def cut_line(house: House) -> AsyncIterator[Line]:
    line = Line(house.port)
    server = await asyncio.start_server(line.pass_on, "127.0.0.1", 0)
    line.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield line
        line.cut()
