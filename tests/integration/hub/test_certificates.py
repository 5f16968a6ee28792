"""Who is let in by which certificate: those that the hub has handed out, and nobody's that only its authority made."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, Court, Link
from tests.integration.hub.stand import Serving, new_hub

from xiezhi.v1 import enrolment_service_pb2 as pb
from xiezhi.v1.enrolment_service_pb2_grpc import EnrolmentServiceStub
from xiezhi_hub.enrolment import certificates
from xiezhi_hub.exchange import begin_exchange, finish_exchange, standing
from xiezhi_hub.opening import open_hub
from xiezhi_journal.journal import system_clock
from xiezhi_wire.ca import CertificateAuthority, Issued
from xiezhi_wire.certificates import load_key, node_request
from xiezhi_wire.startup import StartupError

REFUSED = grpc.StatusCode.UNAUTHENTICATED
INVENTED = "苏9999"
NOT_YET_JOINED = RECEIVER


def made_by_thief(hub: Serving, court: Court, named: str) -> Issued:
    """A certificate that the hub's program did not hand out, made with the key of its authority."""
    request = node_request(court.tls_key, named)
    return hub.parts.hub.authority.issue_node(request, named, system_clock(), timedelta(days=1))


def with_serial_of(issued: Issued, authority: Path, serial: str) -> bytes:
    """The same certificate with the serial number of another one."""
    old = x509.load_pem_x509_certificate(issued.chain_pem)
    builder = x509.CertificateBuilder(
        old.issuer,
        old.subject,
        old.public_key(),  # type: ignore[arg-type]  # P-256
        int(serial, 16),
        old.not_valid_before_utc,
        old.not_valid_after_utc,
        list(old.extensions),
    )
    forged = builder.sign(load_key((authority / "ca.key").read_bytes()), hashes.SHA256())
    return forged.public_bytes(Encoding.PEM) + (authority / "ca.pem").read_bytes()


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


async def renew(hub: Serving, court: Court) -> None:
    request = pb.RenewCertificateRequest(certificate_request=node_request(court.tls_key, court.code))
    async with hub.connect(court) as channel:
        answer = await EnrolmentServiceStub(channel).RenewCertificate(request)
    (court.directory / "tls.pem").write_bytes(answer.certificate_chain)


async def answer_to(hub: Serving, court: Court, chain: bytes) -> grpc.StatusCode:
    (court.directory / "tls.pem").write_bytes(chain)
    async with hub.connect(court) as channel:
        return await Link(channel).ended()


@pytest.mark.parametrize("named", [SENDER, NOT_YET_JOINED, INVENTED])
async def test_what_the_hub_never_handed_out_opens_nothing(hub: Serving, tmp_path: Path, named: str) -> None:
    court = await hub.joined(SENDER, tmp_path)
    assert await answer_to(hub, court, made_by_thief(hub, court, named).chain_pem) is REFUSED


async def test_the_serial_number_of_a_good_certificate_does_not_help(hub: Serving, tmp_path: Path) -> None:
    court = await hub.joined(SENDER, tmp_path)
    query = select(certificates.table.c.serial)
    serial = await hub.parts.hub.journal.read(lambda connection: connection.execute(query).scalar_one())
    forged = with_serial_of(made_by_thief(hub, court, SENDER), hub.parts.hub.paths.authority, serial)
    assert await answer_to(hub, court, forged) is REFUSED


async def test_an_open_stream_ends_with_the_record_of_its_certificate(hub: Serving, tmp_path: Path) -> None:
    court, journal = await hub.joined(SENDER, tmp_path), hub.parts.hub.journal
    async with hub.connect(court) as channel:
        link = Link(channel)
        await link.hello()
        await journal.write(lambda connection: connection.execute(certificates.table.delete()))
        await hub.parts.revocations.refresh()
        assert await link.ended() is REFUSED


async def test_the_authority_is_exchanged_under_a_running_hub(hub: Serving, tmp_path: Path) -> None:
    """Both are good for a while; then the old certificates end on open streams, and the old key is gone."""
    moving, staying = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    old, settings = hub.authority.read_bytes(), hub.parts.hub.settings
    begun = await asyncio.to_thread(lambda: begin_exchange(open_hub(settings)))
    assert (begun.moved, begun.behind) == ([], [RECEIVER, SENDER])
    with pytest.raises(StartupError, match="正在更换"):
        await asyncio.to_thread(lambda: begin_exchange(open_hub(settings)))
    await renew(hub, moving)
    with pytest.raises(StartupError, match=RECEIVER):
        await asyncio.to_thread(lambda: finish_exchange(open_hub(settings), leaving=False))
    async with hub.connect(moving) as one, hub.connect(staying) as other:
        kept, ended = Link(one), Link(other)
        await kept.hello()
        await ended.hello()
        done = await asyncio.to_thread(lambda: finish_exchange(open_hub(settings), leaving=True))
        assert (done.moved, done.behind) == ([SENDER], [RECEIVER])
        await hub.parts.revocations.refresh()
        assert await ended.ended() is REFUSED
        assert await kept.items(6)
    assert hub.authority.read_bytes() != old
    # New connections meet the new authority alone, and show what comes from it.
    async with hub.connect(moving) as channel:
        assert (await Link(channel).hello()).origin
    (tmp_path / "old.pem").write_bytes(old)
    async with staying.connect(hub.port("link"), tmp_path / "old.pem") as channel:
        assert await Link(channel).ended() is grpc.StatusCode.UNAVAILABLE
    assert CertificateAuthority.load(hub.parts.hub.paths.authority).sha256 == done.successor
    assert not (hub.parts.hub.paths.authority / "next").exists()
    again = open_hub(settings)
    assert standing(again).successor == ""
    again.journal.close()
    with pytest.raises(StartupError, match="没有正在进行"):
        await asyncio.to_thread(lambda: finish_exchange(open_hub(settings), leaving=True))
