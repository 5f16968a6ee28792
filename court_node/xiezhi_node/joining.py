"""Joining a hub: keys are made here, the hub is authenticated first, and what it says is pinned (protocol §13)."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import grpc

from xiezhi.v1 import directory_service_pb2, enrolment_service_pb2, enrolment_service_pb2_grpc
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi_domain.errors import FormatError, Reason, Unavailable
from xiezhi_domain.events.header import Seen
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.log_keys import follow_changes
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.rulebook import Rulebook, load_rulebook, shipped_rulebook
from xiezhi_journal.durable_files import move_file, replace_file
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey, verify_signature
from xiezhi_node.catching_up import CatchingUp
from xiezhi_node.config import NodePaths, NodeSettings
from xiezhi_node.key_events import AddFirstKeys, ReplaceKeys, Stream, joining_events
from xiezhi_node.pins import Pins, read_pins, store_rulebook, write_courts, write_pins
from xiezhi_node.signed_position import SignedPosition
from xiezhi_node.state import read_journal_position
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, node_request, server_request
from xiezhi_wire.jointoken import JoinToken
from xiezhi_wire.pinning import fetch_authority
from xiezhi_wire.tls import ClientMaterial, channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS

DESK_LIFETIME = timedelta(days=5 * 365)
CALL_TIMEOUT_S = 30.0
Greeting = enrolment_service_pb2.GreetResponse


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The node's signing keys."""

    event: SigningKey
    cosign: SigningKey

    @classmethod
    def load_or_create(cls, paths: NodePaths) -> "OwnKeys":
        """Return the keys in the data directory, made now if there are none."""
        return cls(_load_or_create(paths.event_key), _load_or_create(paths.cosign_key))

    @classmethod
    def load_or_replace(cls, paths: NodePaths) -> "OwnKeys":
        """Return keys that are to take the place of those in the data directory; repeated, the same ones."""
        return cls(_load_or_create(replacing(paths.event_key)), _load_or_create(replacing(paths.cosign_key)))

    def take_up(self, paths: NodePaths) -> None:
        """Put them in that place, now that the log has them."""
        for path in (paths.event_key, paths.cosign_key):
            move_file(replacing(path), path)


def replacing(path: Path) -> Path:
    """Return where the key lies that is to take the place of *path*."""
    return path.with_name(f"{path.stem}-replacing.pem")


def _load_or_create(path: Path) -> SigningKey:
    return SigningKey.load(path) if path.exists() else SigningKey.generate(path)


async def join(settings: NodeSettings, token: JoinToken, *, replacing_keys: bool = False) -> Pins:
    """Join the hub that *token* names; the database must be migrated. Returns what was pinned.

    A court that has joined may do so anew and keeps all its data. *replacing_keys*: with new signing keys in place
    of those that it lost, which its superior vouches for by the token.

    :raises DomainError: the hub refuses, or this data directory belongs to another court or hub.
    :raises grpc.RpcError: the hub cannot be reached.
    """
    paths = settings.paths
    authority = await asyncio.to_thread(fetch_authority, token.address, token.fingerprint)
    replace_file(paths.hub_authority, authority)
    keys = OwnKeys.load_or_replace(paths) if replacing_keys else OwnKeys.load_or_create(paths)
    journal = Journal(settings.database_url, court=token.court, key=keys.event)
    journal.start()
    try:
        async with _channel(token.address, paths.hub_authority) as channel:
            stub = enrolment_service_pb2_grpc.EnrolmentServiceStub(channel)
            greeting = await stub.Greet(
                enrolment_service_pb2.GreetRequest(token_secret=token.secret), timeout=CALL_TIMEOUT_S
            )
            pins = await _prepare(journal, keys, token, greeting, replacing_keys=replacing_keys)
            answer = await stub.Join(await _request(journal, paths, token), timeout=CALL_TIMEOUT_S)
        if replacing_keys:
            keys.take_up(paths)
        replace_file(paths.hub_authority, answer.ca_certificate)
        replace_file(paths.tls_chain, answer.certificate_chain)
        paths.tls_chain_before.unlink(missing_ok=True)
        rulebook = await _rulebook(greeting, paths)
        await journal.write(lambda connection: store_rulebook(connection, rulebook))
        await journal.write(lambda connection: write_pins(connection, pins))
        if not paths.signed_position.exists():
            # Joined for the first time; whoever joins again has perhaps lost what was signed before.
            SignedPosition(paths.signed_position, CatchingUp()).write(
                await journal.read(read_journal_position)
            )
    finally:
        journal.close()
    return pins


def make_desk_certificate(settings: NodeSettings, court: str, now: int) -> None:
    """Make the desk's certificate with an authority of the node's own, unless the court has put its own there."""
    paths = settings.paths
    if paths.desk_chain.exists():
        return
    authority = CertificateAuthority.create(paths.desk_authority.parent, f"{court} desk", now, DESK_LIFETIME)
    key = create_key(paths.desk_key)
    issued = authority.issue_server(server_request(key), settings.certificate_names, now, DESK_LIFETIME)
    replace_file(paths.desk_chain, issued.chain_pem)


def _channel(address: str, authority: Path) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(
        address, channel_credentials(ClientMaterial(authority)), options=CHANNEL_OPTIONS
    )


async def _prepare(
    journal: Journal, keys: OwnKeys, token: JoinToken, greeting: Greeting, *, replacing_keys: bool
) -> Pins:
    """Check what the hub says of itself, keep the directory, and store the court's first key events."""
    if greeting.court.code != token.court:
        raise Unavailable(Reason.TOKEN_INVALID, "加入令牌与平台登记的法院不一致")
    courts = list(greeting.courts)
    now = journal.clock()
    await journal.write(lambda connection: write_courts(connection, courts, now))
    seen = first_seen(greeting)
    work: AddFirstKeys | ReplaceKeys = AddFirstKeys(
        token.court, greeting.hub_court.code, seen, keys.event, keys.cosign
    )
    if replacing_keys:
        if await journal.read(read_pins) is None:
            raise Unavailable(Reason.WRONG_STATE, "本机没有本院数据，请先恢复数据库备份，再重新登记密钥")
        stream = Stream(token.court, greeting.hub_court.code, seen)
        superior = greeting.court.superior
        work = ReplaceKeys(stream, keys.event, keys.cosign, greeting.event_keys, superior)
    await journal.submit(work)
    before = await journal.read(read_pins)
    return Pins(
        court=token.court,
        hub_court=greeting.hub_court.code,
        origin=greeting.origin,
        log_vkey=greeting.log_vkey if before is None else _pinned_before(before, greeting),
        link_address=greeting.link_address,
    )


def _pinned_before(before: Pins, greeting: Greeting) -> str:
    """Return the log key that stays pinned where the hub's of now follows from it, else the hub's of now."""
    known = (VerifierKey.parse(before.log_vkey),)
    followed = follow_changes(known, greeting.log_key_changes, verify_signature)
    return before.log_vkey if VerifierKey.parse(greeting.log_vkey) in followed else greeting.log_vkey


async def _rulebook(greeting: Greeting, paths: NodePaths) -> Rulebook:
    """Return the rulebook in force at the hub, asked for as a node that has joined; later ones come over the feed.

    :raises Unavailable: RULEBOOK_UNKNOWN; it is made for a later version of this program, or is not the one named.
    """
    shipped = shipped_rulebook()
    if greeting.rulebook == shipped.hash:
        return shipped
    material = ClientMaterial(paths.hub_authority, paths.tls_chain, paths.tls_key)
    async with grpc.aio.secure_channel(
        greeting.link_address, channel_credentials(material), options=CHANNEL_OPTIONS
    ) as channel:
        request = directory_service_pb2.GetRulebookRequest(hash=greeting.rulebook)
        answer = await DirectoryServiceStub(channel).GetRulebook(request, timeout=CALL_TIMEOUT_S)
    try:
        rulebook = load_rulebook(answer.content)
    except FormatError as error:
        message = "平台使用的规则库需要更新版本的程序，请先升级本节点"
        raise Unavailable(Reason.RULEBOOK_UNKNOWN, message) from error
    if rulebook.hash != greeting.rulebook:
        raise Unavailable(Reason.RULEBOOK_UNKNOWN, "平台给出的规则库与哈希不符")
    return rulebook


def first_seen(greeting: Greeting) -> Seen:
    """Return the checkpoint that the hub greets with, opened with the key that is going to be pinned.

    :raises DomainError: the checkpoint is not the log's.
    """
    if not greeting.checkpoint:
        return Seen(greeting.origin)
    log = TrustedLog(greeting.origin, (VerifierKey.parse(greeting.log_vkey),), ())
    opened = log.open(greeting.checkpoint, verify_signature).checkpoint
    return Seen(greeting.origin, opened.size, format_base64(opened.root))


async def _request(journal: Journal, paths: NodePaths, token: JoinToken) -> enrolment_service_pb2.JoinRequest:
    tls_key = paths.tls_key.read_bytes() if paths.tls_key.exists() else create_key(paths.tls_key)
    events = await journal.read(partial(joining_events, court=token.court))
    return enrolment_service_pb2.JoinRequest(
        token_secret=token.secret,
        certificate_request=node_request(tls_key, token.court),
        key_events=events,
    )
