"""Authorities, certificates and channels for tests, in a temporary directory."""

import time
from datetime import timedelta
from pathlib import Path

import grpc

from xiezhi_wire.ca import CertificateAuthority, Issued
from xiezhi_wire.certificates import create_key, node_request, server_request
from xiezhi_wire.tls import ClientMaterial, ServerMaterial, channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS

DAY = timedelta(days=1)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Pki:
    """One authority and the files that it signed."""

    def __init__(self, directory: Path, name: str = "Test hub") -> None:
        self.directory = directory
        directory.mkdir()
        self.authority = CertificateAuthority.create(directory, name, now_ms(), 30 * DAY)
        self.authority_file = directory / "ca.pem"

    def server(self, name: str = "server") -> ServerMaterial:
        key_file = self.directory / f"{name}.key"
        issued = self.authority.issue_server(
            server_request(create_key(key_file)), ["localhost", "127.0.0.1"], now_ms(), DAY
        )
        return ServerMaterial(self._store(name, issued), key_file, self.authority_file)

    def node(
        self, court: str, name: str = "node", lifetime: timedelta = DAY
    ) -> tuple[ClientMaterial, Issued]:
        key_file = self.directory / f"{name}.key"
        request = node_request(create_key(key_file), court)
        issued = self.authority.issue_node(request, court, now_ms(), lifetime)
        return ClientMaterial(self.authority_file, self._store(name, issued), key_file), issued

    def anybody(self) -> ClientMaterial:
        return ClientMaterial(self.authority_file)

    def _store(self, name: str, issued: Issued) -> Path:
        path = self.directory / f"{name}.pem"
        path.write_bytes(issued.chain_pem)
        return path


def replace_files(old: ServerMaterial, new: ServerMaterial) -> None:
    """Renews as operators do: the new files take the places of the old ones."""
    new.key.replace(old.key)
    new.certificate.replace(old.certificate)


def dial(material: ClientMaterial, port: int) -> grpc.aio.Channel:
    """A channel to a listener of this machine; never one of an earlier test, whose subchannels gRPC would share."""
    options = (*CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1))
    return grpc.aio.secure_channel(f"127.0.0.1:{port}", channel_credentials(material), options=options)
