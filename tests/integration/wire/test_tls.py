"""Who can connect: TLS versions, client certificates, authorities, renewed files."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from tests.integration.wire.pki import Pki, dial, replace_files

from xiezhi_wire.certificates import fingerprint
from xiezhi_wire.listener import Listener, ListenerSettings
from xiezhi_wire.pinning import AuthorityNotShown, fetch_authority
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ClientMaterial, ServerMaterial, channel_credentials, server_credentials

COURT = "苏0508"


@asynccontextmanager
async def listening(material: ServerMaterial, *, require_client: bool) -> AsyncIterator[int]:
    settings = ListenerSettings("test", "127.0.0.1:0", material, require_client)
    listener = Listener(settings, [], [])
    port = await listener.start()
    try:
        yield port
    finally:
        await listener.stop(0)


async def is_served(material: ClientMaterial, port: int) -> bool:
    async with dial(material, port) as channel:
        answer = await HealthStub(channel).Check(HealthCheckRequest())
        return bool(answer.status == HealthCheckResponse.SERVING)


async def assert_refused(material: ClientMaterial, port: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await is_served(material, port)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def negotiate(port: int, version: ssl.TLSVersion) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.set_alpn_protocols(["h2"])
    context.maximum_version = version
    with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as secured:
        return secured.version()


def shown_serial(port: int) -> int:
    pem = ssl.get_server_certificate(("127.0.0.1", port))
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


async def test_tls_1_3_connects_and_1_2_does_not(pki: Pki) -> None:
    async with listening(pki.server(), require_client=False) as port:
        assert await asyncio.to_thread(negotiate, port, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
        with pytest.raises(ssl.SSLError):
            await asyncio.to_thread(negotiate, port, ssl.TLSVersion.TLSv1_2)


async def test_a_client_certificate_of_our_authority_connects(pki: Pki) -> None:
    node, _ = pki.node(COURT)
    async with listening(pki.server(), require_client=True) as port:
        assert await is_served(node, port)


async def test_no_client_certificate_is_refused(pki: Pki) -> None:
    async with listening(pki.server(), require_client=True) as port:
        await assert_refused(pki.anybody(), port)


async def test_a_client_certificate_of_another_authority_is_refused(pki: Pki, tmp_path: Path) -> None:
    stranger, _ = Pki(tmp_path / "other").node(COURT)
    disguised = ClientMaterial(pki.authority_file, stranger.certificate, stranger.key)
    async with listening(pki.server(), require_client=True) as port:
        await assert_refused(disguised, port)


async def test_a_servers_certificate_does_not_pass_for_a_nodes(pki: Pki) -> None:
    server = pki.server()
    disguised = ClientMaterial(pki.authority_file, server.certificate, server.key)
    async with listening(server, require_client=True) as port:
        await assert_refused(disguised, port)


async def test_an_expired_client_certificate_is_refused(pki: Pki) -> None:
    expired, _ = pki.node(COURT, lifetime=timedelta(seconds=-1))
    async with listening(pki.server(), require_client=True) as port:
        await assert_refused(expired, port)


async def test_a_client_refuses_a_server_of_another_authority(pki: Pki, tmp_path: Path) -> None:
    async with listening(pki.server(), require_client=False) as port:
        await assert_refused(Pki(tmp_path / "other").anybody(), port)


async def test_a_renewed_certificate_serves_the_next_connection(pki: Pki) -> None:
    material = pki.server()
    async with listening(material, require_client=False) as port:
        before = await asyncio.to_thread(shown_serial, port)
        async with dial(pki.anybody(), port) as channel:
            await HealthStub(channel).Check(HealthCheckRequest())
            renewed = pki.server("renewed")
            expected = x509.load_pem_x509_certificate(renewed.certificate.read_bytes()).serial_number
            replace_files(material, renewed)
            assert await asyncio.to_thread(shown_serial, port) == expected != before
            # The connection from before the renewal goes on.
            await HealthStub(channel).Check(HealthCheckRequest())
        assert await is_served(pki.anybody(), port)


async def test_half_a_renewal_leaves_the_old_certificate_in_place(pki: Pki) -> None:
    material = pki.server()
    async with listening(material, require_client=False) as port:
        before = await asyncio.to_thread(shown_serial, port)
        pki.server("renewed").certificate.replace(material.certificate)
        assert await asyncio.to_thread(shown_serial, port) == before
        material.key.unlink()
        assert await asyncio.to_thread(shown_serial, port) == before


async def test_a_joining_court_finds_the_authority_by_its_fingerprint(pki: Pki) -> None:
    pinned = fingerprint(pki.authority.certificate_pem)
    async with listening(pki.server(), require_client=False) as port:
        fetched = await asyncio.to_thread(fetch_authority, f"127.0.0.1:{port}", pinned)
        assert fingerprint(fetched) == pinned
        with pytest.raises(AuthorityNotShown):
            await asyncio.to_thread(fetch_authority, f"127.0.0.1:{port}", bytes(32))


def test_material_that_does_not_fit_stops_the_start(pki: Pki) -> None:
    server, other = pki.server(), pki.server("other")
    with pytest.raises(StartupError, match="is not the key of"):
        server_credentials(ServerMaterial(server.certificate, other.key), require_client=False)
    with pytest.raises(StartupError, match=r"cannot read .*missing\.key"):
        server_credentials(
            ServerMaterial(server.certificate, pki.directory / "missing.key"), require_client=False
        )
    with pytest.raises(StartupError, match="not a PEM certificate and key"):
        server_credentials(ServerMaterial(server.key, server.key), require_client=False)
    with pytest.raises(StartupError, match="needs their authority"):
        server_credentials(ServerMaterial(server.certificate, server.key), require_client=True)
    with pytest.raises(StartupError, match="cannot read"):
        channel_credentials(ClientMaterial(pki.directory / "missing.pem"))


def test_an_rsa_key_would_open_tls_1_2_and_is_refused(pki: Pki) -> None:
    key_file = pki.directory / "rsa.key"
    key = rsa.generate_private_key(65537, 2048)
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(StartupError, match="P-256"):
        server_credentials(ServerMaterial(pki.server().certificate, key_file), require_client=False)
