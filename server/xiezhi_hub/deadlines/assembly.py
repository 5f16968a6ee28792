"""The services about deadlines, each with what serves it: for the hub's people, and for the courts' nodes."""

from xiezhi.v1 import (
    deadline_service_pb2,
    deadline_service_pb2_grpc,
    escalation_service_pb2,
    escalation_service_pb2_grpc,
)
from xiezhi_hub.deadlines.escalation import EscalationService
from xiezhi_hub.deadlines.service import DeadlineService
from xiezhi_hub.parts import Parts
from xiezhi_wire.listener import Service


def deadlines_for_people(parts: Parts) -> list[Service]:
    """Return what the desk offers."""
    hub = parts.hub
    escalation = Service(
        escalation_service_pb2.DESCRIPTOR.services_by_name["EscalationService"],
        escalation_service_pb2_grpc.add_EscalationServiceServicer_to_server,
        EscalationService(hub.journal, hub.seat, parts.gate),
    )
    return [_deadlines(parts, for_nodes=False), escalation]


def deadlines_for_nodes(parts: Parts) -> Service:
    """Return what the link offers."""
    return _deadlines(parts, for_nodes=True)


def _deadlines(parts: Parts, *, for_nodes: bool) -> Service:
    return Service(
        deadline_service_pb2.DESCRIPTOR.services_by_name["DeadlineService"],
        deadline_service_pb2_grpc.add_DeadlineServiceServicer_to_server,
        DeadlineService(parts.hub.journal, for_nodes=for_nodes),
    )
