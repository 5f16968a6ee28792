"""What the superior does from the hub's desk: its services, each with what serves it."""

from xiezhi.v1 import (
    disposal_decision_service_pb2,
    disposal_decision_service_pb2_grpc,
    erasure_service_pb2,
    erasure_service_pb2_grpc,
    order_service_pb2,
    order_service_pb2_grpc,
    request_desk_service_pb2,
    request_desk_service_pb2_grpc,
    restriction_service_pb2,
    restriction_service_pb2_grpc,
    superior_service_pb2,
    superior_service_pb2_grpc,
    urge_service_pb2,
    urge_service_pb2_grpc,
)
from xiezhi_hub.disposal.service import DisposalDecisionService
from xiezhi_hub.erasing.service import ErasureService
from xiezhi_hub.orders.request_desk import RequestDesk
from xiezhi_hub.orders.service import OrderService
from xiezhi_hub.parts import Parts
from xiezhi_hub.policies import load_policy
from xiezhi_hub.restricting.service import RestrictionService
from xiezhi_hub.superior.service import SuperiorService
from xiezhi_hub.urging.service import UrgeService
from xiezhi_wire.listener import Service


def services_of_superior(parts: Parts) -> list[Service]:
    """Return what the desk offers."""
    hub = parts.hub
    return [
        Service(
            superior_service_pb2.DESCRIPTOR.services_by_name["SuperiorService"],
            superior_service_pb2_grpc.add_SuperiorServiceServicer_to_server,
            SuperiorService(hub.journal, hub.seat, parts.gate),
        ),
        Service(
            order_service_pb2.DESCRIPTOR.services_by_name["OrderService"],
            order_service_pb2_grpc.add_OrderServiceServicer_to_server,
            OrderService(hub.journal, hub.seat, parts.gate),
        ),
        Service(
            request_desk_service_pb2.DESCRIPTOR.services_by_name["RequestDeskService"],
            request_desk_service_pb2_grpc.add_RequestDeskServiceServicer_to_server,
            RequestDesk(hub.journal, hub.seat, parts.gate),
        ),
        Service(
            urge_service_pb2.DESCRIPTOR.services_by_name["UrgeService"],
            urge_service_pb2_grpc.add_UrgeServiceServicer_to_server,
            UrgeService(hub.journal, hub.seat, parts.gate),
        ),
        Service(
            disposal_decision_service_pb2.DESCRIPTOR.services_by_name["DisposalDecisionService"],
            disposal_decision_service_pb2_grpc.add_DisposalDecisionServiceServicer_to_server,
            DisposalDecisionService(hub.journal, hub.seat, parts.gate, load_policy("desk")),
        ),
        Service(
            erasure_service_pb2.DESCRIPTOR.services_by_name["ErasureService"],
            erasure_service_pb2_grpc.add_ErasureServiceServicer_to_server,
            ErasureService(hub.journal, hub.seat, parts.gate),
        ),
        Service(
            restriction_service_pb2.DESCRIPTOR.services_by_name["RestrictionService"],
            restriction_service_pb2_grpc.add_RestrictionServiceServicer_to_server,
            RestrictionService(hub.journal, hub.seat, parts.gate),
        ),
    ]
