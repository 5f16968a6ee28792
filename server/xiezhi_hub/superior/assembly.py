"""What the superior does from the hub's desk: its services, each with what serves it."""

from xiezhi.v1 import (
    superior_service_pb2,
    superior_service_pb2_grpc,
    urge_service_pb2,
    urge_service_pb2_grpc,
)
from xiezhi_hub.parts import Parts
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
            urge_service_pb2.DESCRIPTOR.services_by_name["UrgeService"],
            urge_service_pb2_grpc.add_UrgeServiceServicer_to_server,
            UrgeService(hub.journal, hub.seat, parts.gate),
        ),
    ]
