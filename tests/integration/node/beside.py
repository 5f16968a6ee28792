"""A hub as a node asks it beside the link: rulebooks and documents, answered as a test says, over loopback gRPC."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from xiezhi.v1 import (
    directory_service_pb2,
    directory_service_pb2_grpc,
    document_service_pb2,
    document_service_pb2_grpc,
)
from xiezhi_link.hub_channel import HubChannel
from xiezhi_wire.tls import ClientMaterial
from xiezhi_wire.transport import CHANNEL_OPTIONS, SERVER_OPTIONS


@dataclass
class Beside(
    directory_service_pb2_grpc.DirectoryServiceServicer, document_service_pb2_grpc.DocumentServiceServicer
):
    """What the hub has. A document that it has not is answered with NOT_FOUND, and so is a rulebook."""

    rulebooks: dict[str, bytes] = field(default_factory=dict)
    documents: dict[bytes, bytes] = field(default_factory=dict)
    uploaded: dict[bytes, bytes] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    """What was asked for: hashes of rulebooks, hashes of documents."""
    away: bool = False

    async def GetRulebook(self, request: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        await self._require_here(context)
        self.asked.append(request.hash)
        if request.hash not in self.rulebooks:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such rulebook")
        content = self.rulebooks[request.hash]
        return directory_service_pb2.GetRulebookResponse(hash=request.hash, content=content)

    async def DownloadDocument(self, request: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        await self._require_here(context)
        self.asked.append(request.sha256)
        if request.sha256 not in self.documents:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such document")
        yield document_service_pb2.DownloadDocumentResponse(
            data=self.documents[request.sha256][request.offset :]
        )

    async def StartUpload(self, request: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        await self._require_here(context)
        return document_service_pb2.StartUploadResponse(upload_id=request.document.sha256.hex())

    async def UploadDocument(self, requests: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        data = b"".join([request.data async for request in requests])
        self.uploaded[hashlib.sha256(data).digest()] = data
        return document_service_pb2.UploadDocumentResponse()

    async def _require_here(self, context: Any) -> None:
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")


class Loopback(HubChannel):
    """A channel to a server of this process."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        super().__init__("", ClientMaterial(Path()))
        self._channel = channel


@asynccontextmanager
async def beside() -> AsyncIterator[tuple[Beside, HubChannel]]:
    """The hub's services and the channel to them."""
    services = Beside()
    server = grpc.aio.server(options=SERVER_OPTIONS)
    directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server(services, server)
    document_service_pb2_grpc.add_DocumentServiceServicer_to_server(services, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = (*CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1))
    credentials = grpc.local_channel_credentials()
    try:
        async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
            yield services, Loopback(channel)
    finally:
        await server.stop(0)
