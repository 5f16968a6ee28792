"""Who gets in at the listeners: TLS 1.3, a court's valid certificate, an unused token; nobody else."""

import asyncio
import socket
import ssl
import time
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from tests.faults.raw_link import certificate, dialled, raw_link
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PARK, SUPERVISOR
from tests.stage.plugin import Stage

from xiezhi.v1.link_service_pb2 import ConnectRequest
from xiezhi.v1.link_service_pb2_grpc import LinkServiceStub
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, node_request
from xiezhi_wire.tls import ClientMaterial


@pytest.mark.parametrize("listener", ["link", "desk", "join"])
async def test_tls_1_2_is_shut_out(stage: Stage, listener: str) -> None:
    address = stage.endpoints["hub"][listener]
    assert await _negotiate(address, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises(ssl.SSLError):
        await _negotiate(address, ssl.TLSVersion.TLSv1_2)


async def test_tls_1_2_is_shut_out_at_the_node(stage: Stage) -> None:
    with pytest.raises(ssl.SSLError):
        await _negotiate(stage.endpoints[PARK]["desk"], ssl.TLSVersion.TLSv1_2)


async def _negotiate(address: str, newest: ssl.TLSVersion) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.set_alpn_protocols(["h2"])
    context.maximum_version = newest
    host, _, port = address.partition(":")

    def dial() -> str | None:
        with socket.create_connection((host, int(port)), 10) as plain, context.wrap_socket(plain) as secured:
            return secured.version()

    return await asyncio.to_thread(dial)


async def test_without_a_certificate_there_is_no_link(stage: Stage) -> None:
    authority_only = ClientMaterial(certificate(stage, GUSU).authority)
    async with dialled(stage, authority_only) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await LinkServiceStub(channel).Connect(iter([ConnectRequest()])).read()
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_certificate_that_ran_out_is_refused(stage: Stage, tmp_path: Path) -> None:
    """Issued by the hub's own authority to the right court, a hundred days ago, for ninety."""
    authority = CertificateAuthority.load(stage.data("hub") / "ca")
    key = create_key(tmp_path / "key.pem")
    long_ago = time.time_ns() // 1_000_000 - 100 * 24 * 3_600_000
    issued = authority.issue_node(node_request(key, GUSU), GUSU, long_ago, timedelta(days=90))
    (tmp_path / "chain.pem").write_bytes(issued.chain_pem)
    pair = ClientMaterial(certificate(stage, GUSU).authority, tmp_path / "chain.pem", tmp_path / "key.pem")
    async with raw_link(stage, GUSU, pair) as link:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await link.greet()
    assert refused.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAUTHENTICATED)


async def test_a_join_token_lets_in_once(stage: Stage, tmp_path: Path) -> None:
    token = (await stage.run("xiezhi-hub", "enrol", "苏0506", "--config", stage.config("hub")))["out"].strip()
    assert (await _join(stage, token, tmp_path / "first"))["code"] == 0
    refused = await _join(stage, token, tmp_path / "second")
    assert refused["code"] == 1
    assert "令牌无效或已过期" in refused["err"]


async def test_a_mistyped_token_is_refused_before_anything_is_sent(stage: Stage, tmp_path: Path) -> None:
    refused = await _join(stage, "xzjoin1.AAAA", tmp_path / "node")
    assert refused["code"] == 1
    assert "请完整复制后重试" in refused["err"]


async def test_revocation_closes_the_open_link(stage: Stage, company: Company) -> None:
    """The last test of this module: the court stays cut off. Its people work on, and nothing leaves the house."""
    matter = await company.deliver()
    supervisor = await company.client(SUPERVISOR)
    assert await eventually(lambda: _connected(supervisor, GUSU))
    revoked = await stage.run("xiezhi-hub", "revoke", GUSU, "--config", stage.config("hub"))
    assert revoked["out"].startswith("已吊销")
    await eventually(lambda: _cut_off(supervisor, GUSU))
    receipt = await company.assign(matter)
    assert receipt.pending
    await stage.stop(GUSU)
    async with raw_link(stage, GUSU) as link:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await link.greet()
    assert refused.value.code() in (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED)
    sent = await company.send()
    await company.until(JUDGE, sent, "IN_TRANSIT", settled=True)
    assert (await company.summary(JUDGE, matter)).state == "AWAITING_SIGNATURE"
    await stage.start(GUSU)
    assert "PENDING" in (await company.summary(DISPATCHER, matter)).marks


async def _join(stage: Stage, token: str, folder: Path) -> dict[str, object]:
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(f'data_dir = "{folder / "data"}"\n', "utf-8")
    return await stage.run("xiezhi-node", "join", token, "--config", config)


async def _connected(supervisor: object, court: str) -> bool:
    overview = await supervisor.supervision.overview()
    return next(row.connected for row in overview.courts if row.court == court)


async def _cut_off(supervisor: object, court: str) -> bool:
    return not await _connected(supervisor, court)
