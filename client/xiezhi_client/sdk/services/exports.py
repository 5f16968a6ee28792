"""Taking data out: one matter as a ZIP, a list as a spreadsheet."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from xiezhi.v1 import export_service_pb2 as pb
from xiezhi.v1.channel_pb2 import Channel as ChannelEnum
from xiezhi.v1.export_service_pb2_grpc import ExportServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.view import ListFilter
from xiezhi_client.sdk.vocabulary import Channel, ListFormat

_CHANNEL, _FORMAT = Name(ChannelEnum.DESCRIPTOR), Name(pb.ListFormat.DESCRIPTOR)


class Exports:
    """`ExportService`. What comes down is written to a folder under the server's name, or to the file named."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = ExportServiceStub(calls.channel)

    async def matter(
        self, instruction_id: str, target: str | Path, purpose: str, *, unmask: bool = False
    ) -> Path:
        """Write one matter (id or number) as a ZIP; say why. Raise `NotFound`, `InvalidInput`, `OSError`."""
        request = pb.ExportMatterRequest(instruction_id=instruction_id, purpose=purpose, unmask=unmask)
        return await _written(self._calls.stream(self._stub.ExportMatter, request), Path(target))

    async def list(
        self,
        wanted: ListFilter,
        target: str | Path,
        purpose: str,
        *,
        channel: Channel = "",
        with_outside: bool = False,
        list_format: ListFormat = "XLSX",
    ) -> Path:
        """Write a list of matters as a spreadsheet; say why. Raise `InvalidInput`, `OSError`.

        `channel` leaves matters of one channel alone; `with_outside` adds those of all others to the platform's.
        """
        asked = _list_request(wanted, purpose, channel, list_format, with_outside=with_outside)
        return await _written(self._calls.stream(self._stub.ExportList, asked), Path(target))

    async def list_content(
        self,
        wanted: ListFilter,
        purpose: str,
        *,
        channel: Channel = "",
        with_outside: bool = False,
        list_format: ListFormat = "XLSX",
    ) -> tuple[str, bytes]:
        """Give a list as `list` writes it: the server's name for the file, and its bytes. Raise `InvalidInput`."""
        asked = _list_request(wanted, purpose, channel, list_format, with_outside=with_outside)
        return await _gathered(self._calls.stream(self._stub.ExportList, asked))


def _list_request(
    wanted: ListFilter, purpose: str, channel: Channel, list_format: ListFormat, *, with_outside: bool
) -> pb.ExportListRequest:
    return pb.ExportListRequest(
        filter=wanted.to_proto(),
        with_outside=with_outside,
        format=_FORMAT.to_proto(list_format),
        purpose=purpose,
        channel=_CHANNEL.to_proto(channel),
    )


async def _gathered(pieces: AsyncIterator[Any]) -> tuple[str, bytes]:
    name, data = "", bytearray()
    async for piece in pieces:
        name = name or piece.file_name
        data += piece.data
    return name, bytes(data)


async def _written(pieces: AsyncIterator[Any], target: Path) -> Path:
    name, data = await _gathered(pieces)
    return await asyncio.to_thread(_write, target, name, data)


def _write(target: Path, name: str, data: bytes) -> Path:
    """Write a file beside its place, and put it there when it is whole."""
    path = target / safe_name(name) if target.is_dir() else target
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    return part.replace(path)
