"""Taking data out: one matter as a ZIP, a list as a spreadsheet."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi.v1 import export_service_pb2 as pb
from xiezhi.v1.export_service_pb2_grpc import ExportServiceStub
from xiezhi.v1.instruction_service_pb2 import Box as BoxEnum
from xiezhi.v1.instruction_service_pb2 import ListInstructionsRequest
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.vocabulary import Box, ListFormat

_BOX, _FORMAT = Name(BoxEnum.DESCRIPTOR), Name(pb.ListFormat.DESCRIPTOR)


@dataclass(frozen=True, slots=True)
class ListWanted:
    """Which matters an exported list shows."""

    box: Box = ""
    open_only: bool = False
    overdue_only: bool = False
    other_court: str = ""
    text: str = ""
    with_outside: bool = False


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
        self, wanted: ListWanted, target: str | Path, purpose: str, *, list_format: ListFormat = "XLSX"
    ) -> Path:
        """Write a list of matters as a spreadsheet; say why. Raise `InvalidInput`, `OSError`."""
        chosen = ListInstructionsRequest(
            box=_BOX.to_proto(wanted.box),
            open_only=wanted.open_only,
            overdue_only=wanted.overdue_only,
            other_court=wanted.other_court,
            text=wanted.text,
        )
        request = pb.ExportListRequest(
            filter=chosen,
            with_outside=wanted.with_outside,
            format=_FORMAT.to_proto(list_format),
            purpose=purpose,
        )
        return await _written(self._calls.stream(self._stub.ExportList, request), Path(target))


async def _written(pieces: AsyncIterator[Any], target: Path) -> Path:
    name, data = "", bytearray()
    async for piece in pieces:
        name = name or piece.file_name
        data += piece.data
    return await asyncio.to_thread(_write, target, name, bytes(data))


def _write(target: Path, name: str, data: bytes) -> Path:
    """Write a file beside its place, and put it there when it is whole."""
    path = target / safe_name(name) if target.is_dir() else target
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    return part.replace(path)
