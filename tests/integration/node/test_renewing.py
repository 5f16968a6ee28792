"""The certificate of the link is renewed in time, by the hub that gave it, and by nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from tests.integration.hub.court import SENDER
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.link.house import QUICK, eventually
from tests.integration.link.memory_node import MemoryNode
from tests.integration.node.beside import Loopback
from tests.integration.wire.pki import Pki, now_ms

from xiezhi.v1 import enrolment_service_pb2, enrolment_service_pb2_grpc
from xiezhi.v1.enrolment_service_pb2 import TrustedAuthority
from xiezhi.v1.link_service_pb2 import CheckpointNotice, Deliver, FeedCursor, Hello
from xiezhi_domain.court_time import to_ms
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_hub.exchange import begin_exchange, finish_exchange
from xiezhi_hub.opening import open_hub
from xiezhi_journal.tables import certificate as table
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.node_end import LinkClient
from xiezhi_node.config import NodePaths
from xiezhi_node.renewing import CertificateRenewal
from xiezhi_node.trusting import follow_authorities, pinned_authorities
from xiezhi_wire.certificates import create_key, node_request, serial_text
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ClientMaterial


@dataclass
class Node:
    """The files of a node, and how its certificate is renewed; `now` is its clock."""

    paths: NodePaths
    hub: HubChannel
    now: int = field(default_factory=now_ms)
    changes: int = 0

    def __post_init__(self) -> None:
        self.renewal = CertificateRenewal(self.paths, SENDER, self.hub, self._changed, lambda: self.now)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.paths.tls_chain.read_bytes())

    @property
    def two_thirds(self) -> int:
        begin = to_ms(self.certificate.not_valid_before_utc)
        return begin + (to_ms(self.certificate.not_valid_after_utc) - begin) * 2 // 3


def channel_of(paths: NodePaths, port: int) -> HubChannel:
    return HubChannel(
        f"127.0.0.1:{port}", ClientMaterial(paths.hub_authority, paths.tls_chain, paths.tls_key)
    )


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
async def node(hub: Serving, tmp_path: Path) -> AsyncIterator[Node]:
    """A node that has joined."""
    paths = NodePaths(tmp_path / "node")
    paths.create()
    court = await hub.joined(SENDER, tmp_path)
    paths.tls_key.write_bytes(court.tls_key)
    paths.tls_chain.write_bytes((court.directory / "tls.pem").read_bytes())
    paths.hub_authority.write_bytes(hub.authority.read_bytes())
    channel = channel_of(paths, hub.port("link"))
    yield Node(paths, channel)
    await channel.close()


async def test_a_certificate_is_renewed_at_two_thirds_of_its_life(node: Node) -> None:
    old = node.certificate
    node.now = node.two_thirds - 1
    assert not await node.renewal.look()
    assert (node.certificate, node.changes) == (old, 0)
    node.now += 1
    assert await node.renewal.look()
    assert node.changes == 1
    new = node.certificate
    assert new.serial_number != old.serial_number
    assert new.public_key() == old.public_key()
    assert node.paths.tls_chain.stat().st_mode & 0o077 == 0


class Onlooker(MemoryNode):
    """A node that keeps nothing; its clock is right."""

    async def hello(self) -> Hello:
        hello = await super().hello()
        hello.clock_ms = now_ms()
        hello.last_checkpoint = b""
        return hello

    async def take(self, deliver: Deliver) -> list[FeedCursor]:
        return []

    async def checkpoint(self, notice: CheckpointNotice) -> None:
        return None


def serials_on(streams: LiveStreams) -> set[str]:
    """Return the certificates that live streams show."""
    shown: list[str] = []

    def note(caller: Any) -> bool:
        shown.append(caller.serial)
        return False

    streams.close_where(note, NotAllowed(Reason.CERTIFICATE_INVALID))
    return set(shown)


async def test_the_link_moves_to_the_new_certificate(hub: Serving, node: Node) -> None:
    memory = Onlooker(SENDER)
    memory.pinned_origin = hub.parts.hub.seat.origin
    link = LinkClient(memory, node.hub, QUICK, now_ms)
    renewal = CertificateRenewal(node.paths, SENDER, node.hub, link.certificate_changed, lambda: node.now)
    running = asyncio.create_task(link.run())
    await eventually(lambda: link.state.connected)
    node.now = node.two_thirds
    assert await renewal.look()
    await eventually(lambda: len(memory.welcomes) == 2 and link.state.connected)
    assert serials_on(hub.parts.streams) == {serial_text(node.certificate.serial_number)}
    link.stop()
    await running


async def test_a_hub_that_is_away_is_asked_again(hub: Serving, node: Node) -> None:
    away = Node(node.paths, channel_of(node.paths, 1), now=node.two_thirds)
    old = away.certificate
    assert not await away.renewal.look()
    assert (away.certificate, away.changes) == (old, 0)
    await away.hub.close()
    node.now = away.now
    assert await node.renewal.look()


@pytest.mark.parametrize("spoil", [b"", b"no certificate"])
async def test_a_damaged_file_ends_no_task(node: Node, spoil: bytes) -> None:
    node.paths.tls_chain.write_bytes(spoil)
    assert not await node.renewal.look()
    assert node.paths.tls_chain.read_bytes() == spoil


async def test_a_node_follows_its_hub_to_another_authority(hub: Serving, node: Node) -> None:
    """It trusts both, renews under the new one at once, and lets the old one go when the hub does."""
    old, settings = node.paths.hub_authority.read_bytes(), hub.parts.hub.settings
    assert not await node.renewal.look()
    await asyncio.to_thread(lambda: begin_exchange(open_hub(settings)))
    assert await node.renewal.look()
    both = pinned_authorities(node.paths)
    assert (both[0], len(both), node.changes) == (old, 2, 1)
    node.certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(both[1]))
    await node.hub.renew()
    assert not await node.renewal.look()
    done = await asyncio.to_thread(lambda: finish_exchange(open_hub(settings), leaving=False))
    assert done.moved == [SENDER]
    await hub.parts.revocations.refresh()
    await node.hub.renew()
    assert not await node.renewal.look()
    assert pinned_authorities(node.paths) == [both[1]] == [hub.authority.read_bytes()]
    await node.hub.renew()
    assert not await node.renewal.look()


def test_an_authority_that_the_old_one_does_not_vouch_for_is_not_followed(tmp_path: Path) -> None:
    ours, theirs = Pki(tmp_path / "ours").authority, Pki(tmp_path / "theirs", "Other").authority
    after = Pki(tmp_path / "after", "After").authority
    paths = NodePaths(tmp_path / "node")
    paths.create()
    paths.hub_authority.write_bytes(ours.certificate_pem)
    wrong = TrustedAuthority(certificate=theirs.certificate_pem, vouched_for=theirs.vouch(theirs))
    for_another = TrustedAuthority(certificate=theirs.certificate_pem, vouched_for=ours.vouch(after))
    for told in ([], [wrong], [for_another], [TrustedAuthority(certificate=theirs.certificate_pem)]):
        assert not follow_authorities(paths, told)
    assert pinned_authorities(paths) == [ours.certificate_pem]
    right = TrustedAuthority(certificate=after.certificate_pem, vouched_for=ours.vouch(after))
    assert follow_authorities(paths, [TrustedAuthority(certificate=ours.certificate_pem), wrong, right])
    assert pinned_authorities(paths) == [ours.certificate_pem, after.certificate_pem]


async def test_a_restored_hub_that_forgot_a_certificate_takes_the_one_of_before(
    hub: Serving, node: Node
) -> None:
    first = node.certificate
    node.now = node.two_thirds
    assert await node.renewal.look()
    forgotten = serial_text(node.certificate.serial_number)
    await hub.parts.hub.journal.write(
        lambda connection: connection.execute(table.delete().where(table.c.serial == forgotten))
    )
    await hub.parts.revocations.refresh()
    await node.hub.renew()
    assert not await node.renewal.look()
    assert (node.certificate, node.changes) == (first, 2)
    await node.hub.renew()
    assert await node.renewal.look()
    assert node.certificate.serial_number not in (first.serial_number, int(forgotten, 16))


class Strange(enrolment_service_pb2_grpc.EnrolmentServiceServicer):
    """A hub that answers with one certificate, whatever is asked for."""

    def __init__(self, chain: bytes) -> None:
        self._chain = chain

    async def RenewCertificate(self, request: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        return enrolment_service_pb2.RenewCertificateResponse(certificate_chain=self._chain)


async def answered_with(chain: bytes, paths: NodePaths, now: int) -> bool:
    server = grpc.aio.server()
    enrolment_service_pb2_grpc.add_EnrolmentServiceServicer_to_server(Strange(chain), server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = (("grpc.use_local_subchannel_pool", 1),)
    credentials = grpc.local_channel_credentials()
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
        renewed = await Node(paths, Loopback(channel), now=now).renewal.look()
    await server.stop(0)
    return renewed


async def test_a_certificate_that_would_shut_the_node_out_is_not_kept(tmp_path: Path) -> None:
    pki = Pki(tmp_path / "pki")
    paths = NodePaths(tmp_path / "node")
    paths.create()
    key = create_key(paths.tls_key)
    own, other = (
        pki.authority.issue_node(node_request(key, court), court, now_ms(), timedelta(days=90)).chain_pem
        for court in (SENDER, "苏0505")
    )
    _, of_another_key = pki.node(SENDER)
    paths.tls_chain.write_bytes(own)
    due = Node(paths, channel_of(paths, 1)).two_thirds
    for chain in (of_another_key.chain_pem, other, b"", b"no certificate"):
        assert not await answered_with(chain, paths, due)
        assert paths.tls_chain.read_bytes() == own
