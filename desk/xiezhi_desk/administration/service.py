"""`AdministrationService`: how the program is, and who has looked at whose data."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import administration_service_pb2 as pb
from xiezhi.v1.administration_service_pb2_grpc import AdministrationServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.administration.looks import filter_of, look_page
from xiezhi_desk.administration.status import Program, status_of
from xiezhi_desk.requests import principal
from xiezhi_domain.errors import InvalidInput
from xiezhi_journal.reading import Page
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_LOOKS: Final = "ListLooks"


class AdministrationService(AdministrationServiceServicer):
    """Serves one program."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def GetSystemStatus(
        self, _request: pb.GetSystemStatusRequest, _context: _Context
    ) -> pb.GetSystemStatusResponse:
        """Return how the program is."""
        return await status_of(self._program)

    async def ListLooks(self, request: pb.ListLooksRequest, _context: _Context) -> pb.ListLooksResponse:
        """Return a page of looks, after this one is on record."""
        journal, purpose = self._program.journal, check_purpose(request.purpose)
        if not purpose:
            raise InvalidInput.in_field("purpose", "请填写查看事由")
        page = Page.of(request.page_size, request.page_token)
        look = Access(journal.clock(), principal(current_caller()), _LOOKS, request.object.strip(), purpose)
        await journal.write(partial(record_access, access=look))

        def read(connection: Connection) -> pb.ListLooksResponse:
            return look_page(connection, filter_of(connection, request), page)

        return await journal.read(read)
