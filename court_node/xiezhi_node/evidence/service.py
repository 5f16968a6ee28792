"""`EvidenceService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, Select, bindparam, select

from xiezhi.v1 import evidence_service_pb2 as pb
from xiezhi.v1.evidence_service_pb2_grpc import EvidenceServiceServicer, EvidenceServiceStub
from xiezhi_domain.errors import NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

# Built once: building a query takes longer than running it.
_ENTRIES = select(tables.event.c.instruction, tables.event.c.kind, tables.ruling.c.log_index).join_from(
    tables.event, tables.ruling, tables.ruling.c.position == tables.event.c.position, isouter=True
)
_OF_EVENT = _ENTRIES.where(tables.event.c.event_id == bindparam("wanted"))
_AT_INDEX = _ENTRIES.where(tables.ruling.c.log_index == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event that the caller may know of; `ruled`: it stands in the hub's log."""

    ruled: bool


class EvidenceService(EvidenceServiceServicer):
    """Passes on to the hub what the caller may ask. The hub knows the court, only the node knows its people."""

    def __init__(self, journal: Journal, seat: Seat, hub: HubChannel) -> None:
        self._journal = journal
        self._seat = seat
        self._hub = hub

    async def GetCheckpoint(
        self, request: pb.GetCheckpointRequest, _context: _Context
    ) -> pb.GetCheckpointResponse:
        """Return the newest checkpoint."""
        return await from_hub(self._stub.GetCheckpoint(request, timeout=CALL_TIMEOUT_S))

    async def GetInclusionProof(
        self, request: pb.GetInclusionProofRequest, _context: _Context
    ) -> pb.GetInclusionProofResponse:
        """Return the proof that an entry stands in the log."""
        if await self._event(_AT_INDEX, request.log_index) is None:
            raise NotAllowed(Reason.FORBIDDEN, "该记录不属于您可以查看的事项")
        return await from_hub(self._stub.GetInclusionProof(request, timeout=CALL_TIMEOUT_S))

    async def GetConsistencyProof(
        self, request: pb.GetConsistencyProofRequest, _context: _Context
    ) -> pb.GetConsistencyProofResponse:
        """Return the proof that one checkpoint extends another."""
        return await from_hub(self._stub.GetConsistencyProof(request, timeout=CALL_TIMEOUT_S))

    async def GetReceipt(self, request: pb.GetReceiptRequest, _context: _Context) -> pb.GetReceiptResponse:
        """Return the receipt of an event."""
        event = await self._event(_OF_EVENT, request.event_id)
        if event is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该记录，请核对")
        if not event.ruled:
            raise WrongState(Reason.WRONG_STATE, "平台尚未受理该记录，受理后才能出具存证回执")
        return await from_hub(self._stub.GetReceipt(request, timeout=CALL_TIMEOUT_S))

    @property
    def _stub(self) -> EvidenceServiceStub:
        # Asked each time: a renewed certificate makes another channel.
        return EvidenceServiceStub(self._hub.channel)

    async def _event(self, query: Select[Any], wanted: str | int) -> _Entry | None:
        """Return the event meant if the caller may know of it: of a matter that he sees, or of the directory."""
        caller = current_caller()
        return await self._journal.read(
            lambda connection: self._read_event(connection, caller, query, wanted)
        )

    def _read_event(
        self, connection: Connection, caller: Caller, query: Select[Any], wanted: str | int
    ) -> _Entry | None:
        row = connection.execute(query, {"wanted": wanted}).one_or_none()
        if row is None or row.kind in DIRECTORY_EVENTS:
            return _entry(row)
        try:
            find_visible(connection, caller, self._seat.rulebook, row.instruction)
        except NotFound:
            return None
        return _entry(row)


def _entry(row: Any) -> _Entry | None:
    return None if row is None else _Entry(row.log_index is not None)
