"""`RegistryConnector` over a world and its register, in the manner that is configured."""

# Methods are named by the contract.
# ruff: noqa: N802

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, TypeAlias

import grpc

from xiezhi.v1 import court_pb2, party_pb2, registry_pb2
from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi.v1.registry_connector_pb2_grpc import RegistryConnectorServicer
from xiezhi_adapters.registry_sim.behaviour import Behaviour, Conduct, Counted, Manner
from xiezhi_adapters.registry_sim.register import Register
from xiezhi_adapters.registry_sim.world import World
from xiezhi_domain.errors import InvalidInput, Reason, Unavailable, WrongState
from xiezhi_domain.registries import shipped_categories

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
NAME: Final = "模拟登记机构"
AS_OF: Final = "2026-01-01"
LOOK_EVERY_S: Final = 0.2
_STRANGER: Final = registry_pb2.RegistryHolder(
    name="王某演",
    identity_document=party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID,
    identity_number="411000188002290019",
)


class SimulatedRegistry(RegistryConnectorServicer):
    """Serves the world. What each method refuses is said in the contract."""

    def __init__(self, world: World, register: Register, behaviour: Behaviour) -> None:
        self._world = world
        self._register = register
        self._behaviour = behaviour
        self._counted = Counted()

    async def Describe(
        self, _request: pb.RegistryConnectorDescribeRequest, _context: _Context
    ) -> pb.RegistryConnectorDescribeResponse:
        """Return what is served: everything."""
        return pb.RegistryConnectorDescribeResponse(
            name=NAME,
            categories=shipped_categories(),
            actions=[number for number in pb.ControlAction.values() if number],
            watches=True,
            contact=court_pb2.Officer(name="演示经办人", phone="0512-00000099"),
        )

    async def Query(
        self, request: pb.RegistryConnectorQueryRequest, _context: _Context
    ) -> AsyncIterator[pb.RegistryConnectorQueryResponse]:
        """Give the records one by one, then that these were all."""
        _require_authority(request.authority)
        conduct = self._behaviour.of(request.category)
        call = self._counted.next(f"{request.category} {request.subject.identity_number}")
        manner = self._manner(conduct, call)
        if conduct.down or call <= conduct.fail_first:
            await asyncio.sleep(conduct.delay_ms / 1000)
            raise Unavailable(Reason.REGISTRY_AWAY)
        if manner is Manner.REFUSE:
            raise WrongState(Reason.REGISTRY_REFUSED, "协助查询通知书未加盖公章，退回补正")
        for part in _parts(request, self._world.records(request.subject, request.category), manner):
            await asyncio.sleep(conduct.delay_ms / 1000)
            yield part

    async def Control(
        self, request: pb.RegistryConnectorControlRequest, _context: _Context
    ) -> pb.RegistryConnectorControlResponse:
        """Do it, once for each request number."""
        _require_authority(request.authority)
        conduct, call = self._behaviour.control, self._counted.next("control")
        await asyncio.sleep(conduct.delay_ms / 1000)
        if call <= conduct.fail_first:
            raise Unavailable(Reason.REGISTRY_AWAY)
        done = self._register.act(request)
        if call <= conduct.fail_first + conduct.lose_first:
            raise Unavailable(Reason.REGISTRY_AWAY)
        return done

    async def Watch(
        self, request: pb.RegistryConnectorWatchRequest, _context: _Context
    ) -> AsyncIterator[pb.RegistryConnectorWatchResponse]:
        """Tell each hit behind the cursor, as often as configured; a cursor is the number of hits told."""
        if request.after and not request.after.isdecimal():
            raise InvalidInput.in_field("after", "没有这个位置")
        told, conduct = int(request.after or 0), self._behaviour.watch
        while True:
            for hit in self._register.hits[told:]:
                await asyncio.sleep(conduct.seen_after_ms / 1000)
                told += 1
                if conduct.strangers:
                    stranger = registry_pb2.RegistryHit(
                        hit_id=f"{hit.hit_id}-x", request_number=hit.request_number, holder=_STRANGER
                    )
                    yield pb.RegistryConnectorWatchResponse(hit=stranger, cursor=str(told - 1))
                for _ in range(conduct.copies):
                    yield pb.RegistryConnectorWatchResponse(hit=hit, cursor=str(told))
            await asyncio.sleep(LOOK_EVERY_S)

    def _manner(self, conduct: Conduct, call: int) -> Manner:
        lasting = not conduct.manner_first or call <= conduct.fail_first + conduct.manner_first
        return conduct.manner if lasting else Manner.PLAIN


def _require_authority(authority: registry_pb2.RegistryAuthority) -> None:
    """Let pass what names an accepted order, as any registry should.

    :raises InvalidInput: it names none.
    """
    if not authority.event_id or not authority.case_number or not authority.log_origin:
        raise InvalidInput.in_field("authority", "没有平台受理的委托，不予办理")


def _parts(
    request: pb.RegistryConnectorQueryRequest,
    records: Sequence[registry_pb2.RegistryRecord],
    manner: Manner,
) -> list[pb.RegistryConnectorQueryResponse]:
    """Return the parts of an answer in the manner wanted."""
    number, category = request.request_number, request.category
    if manner is Manner.OTHER_QUESTION:
        number = f"{number}-other"
    parts = [
        pb.RegistryConnectorQueryResponse(
            request_number=number, category=category, records=[_made(each, manner)]
        )
        for each in records
    ]
    if manner is Manner.BREAK:
        return parts[:1]
    if manner is Manner.TWICE:
        parts = [*parts, *parts]
    last = pb.RegistryConnectorQueryResponse(
        request_number=number, category=category, last=True, reply_number=f"SIM-{category}", as_of=AS_OF
    )
    return [*parts, last, *([last] if manner is Manner.TWICE else [])]


def _made(record: registry_pb2.RegistryRecord, manner: Manner) -> registry_pb2.RegistryRecord:
    made = registry_pb2.RegistryRecord()
    made.CopyFrom(record)
    if manner is Manner.OTHER_PERSON:
        made.holder.CopyFrom(_STRANGER)
    if manner is Manner.GARBAGE:
        made.property.value_fen = -1
        made.record_id = ""
    return made
