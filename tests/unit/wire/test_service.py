"""A service as its generated modules name it."""

from xiezhi.v1 import find_service_pb2, find_service_pb2_grpc
from xiezhi_wire.listener import Service


def test_the_one_service_of_a_contract() -> None:
    servicer = object()
    service = Service.of(find_service_pb2, find_service_pb2_grpc, servicer)
    assert service.name == "xiezhi.v1.FindService"
    assert service.add is find_service_pb2_grpc.add_FindServiceServicer_to_server
    assert service.servicer is servicer
