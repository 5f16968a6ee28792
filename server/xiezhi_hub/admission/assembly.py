"""The services of 法院接入 and 系统管理, put together for the hub's desk."""

from xiezhi.v1 import (
    administration_service_pb2,
    administration_service_pb2_grpc,
    admission_service_pb2,
    admission_service_pb2_grpc,
)
from xiezhi_desk.administration.service import AdministrationService
from xiezhi_desk.administration.status import Program
from xiezhi_hub.admission.examining import examine_running
from xiezhi_hub.admission.service import AdmissionService
from xiezhi_hub.parts import Parts
from xiezhi_wire.listener import Service


def administration_services(parts: Parts) -> list[Service]:
    """Return what those are offered who look after the hub."""
    hub = parts.hub
    program = Program(
        journal=hub.journal,
        data_dir=hub.settings.data_dir,
        examine=lambda: examine_running(parts),
        started_at=hub.journal.clock(),
    )
    return [
        Service(
            admission_service_pb2.DESCRIPTOR.services_by_name["AdmissionService"],
            admission_service_pb2_grpc.add_AdmissionServiceServicer_to_server,
            AdmissionService(hub, parts.gate, parts.link, parts.feeds, parts.revocations.refresh),
        ),
        Service(
            administration_service_pb2.DESCRIPTOR.services_by_name["AdministrationService"],
            administration_service_pb2_grpc.add_AdministrationServiceServicer_to_server,
            AdministrationService(program),
        ),
    ]
