"""A toy service with one method of each shape, whose handlers do what a test gives them."""

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, wrappers_pb2
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.wrappers_pb2 import StringValue

from xiezhi_wire.listener import Service

NAME = "toy.v1.Toys"
SHAPES = {"Ask": (False, False), "Watch": (False, True), "Upload": (True, False), "Talk": (True, True)}

Handler = Callable[[Any, Any], Any]


def toy_descriptor() -> ServiceDescriptor:
    file = descriptor_pb2.FileDescriptorProto(name="toy.proto", package="toy.v1", syntax="proto3")
    file.dependency.append("google/protobuf/wrappers.proto")
    service = file.service.add(name="Toys")
    for name, (request_streams, response_streams) in SHAPES.items():
        service.method.add(
            name=name,
            input_type=".google.protobuf.StringValue",
            output_type=".google.protobuf.StringValue",
            client_streaming=request_streams,
            server_streaming=response_streams,
        )
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return pool.FindServiceByName(NAME)


_MAKERS = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


async def echo(request: StringValue, _context: Any) -> StringValue:
    return request


def toy_service(**handlers: Handler) -> Service:
    def add(servicer: dict[str, Handler], server: grpc.aio.Server) -> None:
        made = {
            name: _MAKERS[SHAPES[name]](handler, StringValue.FromString, StringValue.SerializeToString)
            for name, handler in servicer.items()
        }
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(NAME, made)])

    return Service(toy_descriptor(), add, handlers)


def call(channel: grpc.aio.Channel, method: str) -> Any:
    shape = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }[SHAPES[method]]
    return shape(f"/{NAME}/{method}", StringValue.SerializeToString, StringValue.FromString)
