"""The services of 系统管理, put together for the node's desk."""

from xiezhi.v1 import (
    administration_service_pb2,
    administration_service_pb2_grpc,
    connector_service_pb2,
    connector_service_pb2_grpc,
)
from xiezhi_desk.administration.service import AdministrationService
from xiezhi_desk.administration.status import Program
from xiezhi_node.administration.connectors import ConnectorService
from xiezhi_node.administration.examining import examine_running
from xiezhi_node.node import Node
from xiezhi_wire.listener import Service


def administration_services(node: Node) -> list[Service]:
    """Return what those are offered who look after the node."""
    program = Program(
        journal=node.journal,
        data_dir=node.settings.data_dir,
        examine=lambda: examine_running(node),
        started_at=node.journal.clock(),
    )
    return [
        Service(
            administration_service_pb2.DESCRIPTOR.services_by_name["AdministrationService"],
            administration_service_pb2_grpc.add_AdministrationServiceServicer_to_server,
            AdministrationService(program),
        ),
        Service(
            connector_service_pb2.DESCRIPTOR.services_by_name["ConnectorService"],
            connector_service_pb2_grpc.add_ConnectorServiceServicer_to_server,
            ConnectorService(node),
        ),
    ]
