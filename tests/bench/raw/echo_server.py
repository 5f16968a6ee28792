"""Sends back what comes, unary and on a stream. Run as a program."""

import asyncio
from collections.abc import AsyncIterator

import grpc
from tests.bench import program
from tests.bench.courts import HUB
from tests.bench.grpc_tls import server_credentials

from xiezhi.v1.link_service_pb2 import Push

SERVICE = "bench.Echo"


async def unary(request: bytes, _context: grpc.aio.ServicerContext) -> bytes:
    return request


async def stream(requests: AsyncIterator[Push], _context: grpc.aio.ServicerContext) -> AsyncIterator[Push]:
    async for request in requests:
        yield request


async def nothing(_command: program.Json) -> program.Json:
    return {}


async def main() -> None:
    settings = program.settings()
    server = grpc.aio.server()
    streamed = grpc.stream_stream_rpc_method_handler(stream, Push.FromString, Push.SerializeToString)
    handlers = {"Unary": grpc.unary_unary_rpc_method_handler(unary), "Stream": streamed}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, handlers)])
    port = server.add_secure_port("127.0.0.1:0", server_credentials(settings["tls"], HUB))
    await server.start()
    await program.serve_async(nothing, {"port": port})
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
