"""Operating a hub: initialising it once, its health, what doctor finds, who gets a connection, a new log."""

import asyncio
import socket
import ssl
import stat
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from sqlalchemy import select
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER, Link
from tests.integration.hub.stand import Serving, hub_settings, new_hub, serving

from xiezhi_desk.second_factor.store import Factor, find_factor, put_factor
from xiezhi_domain.errors import NotAllowed, NotFound
from xiezhi_domain.evidence.canonical import parse_base64
from xiezhi_hub import administration
from xiezhi_hub.doctor import examine
from xiezhi_hub.enrolment.certificates import validity
from xiezhi_hub.initialise import initialise, issue_server_certificate
from xiezhi_hub.log_head import read_head
from xiezhi_hub.opening import open_hub
from xiezhi_hub.reopen import reopen
from xiezhi_journal import tables
from xiezhi_journal.journal import system_clock
from xiezhi_journal.reading import history
from xiezhi_wire.certificates import node_request
from xiezhi_wire.jointoken import decode
from xiezhi_wire.startup import StartupError

SERVING = HealthCheckResponse.SERVING
NOT_SERVING = HealthCheckResponse.NOT_SERVING


async def health(hub: Serving, listener: str) -> int:
    name = {"desk": "xiezhi.v1.SupervisionService", "join": "xiezhi.v1.EnrolmentService"}[listener]
    async with hub.anybody(listener) as channel:
        return (await HealthStub(channel).Check(HealthCheckRequest(service=name))).status


def test_a_hub_is_initialised_once(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path / "hub")
    initialise(settings)
    with pytest.raises(StartupError, match="已经初始化"):
        initialise(settings)


def test_an_interrupted_initialisation_is_gone_on_with(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path / "hub")
    initialise(settings)
    key = (settings.data_dir / "keys" / "log.pem").read_bytes()
    (settings.data_dir / "journal.db").unlink()
    (settings.data_dir / "head" / "log.head").unlink()
    initialise(settings)
    assert (settings.data_dir / "keys" / "log.pem").read_bytes() == key
    assert all(finding.good for finding in examine(settings))


def test_a_hub_that_is_none_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="xiezhi-hub init"):
        open_hub(hub_settings(tmp_path / "hub"))


@pytest.mark.parametrize(("key", "value"), [("origin", "other.example/log"), ("court", "苏")])
def test_a_database_of_another_hub_is_refused(tmp_path: Path, key: str, value: str) -> None:
    initialise(hub_settings(tmp_path / "hub"))
    with pytest.raises(StartupError, match=key):
        open_hub(hub_settings(tmp_path / "hub", **{key: value}))


def test_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path / "hub")
    assert not all(finding.good for finding in examine(settings))
    initialise(settings)
    assert all(finding.good for finding in examine(settings))
    (settings.data_dir / "keys" / "event.pem").chmod(0o644)
    (settings.data_dir / "head" / "log.head").unlink()
    wrong = [finding.subject for finding in examine(settings) if not finding.good]
    assert wrong == ["密钥 event.pem", "平台日志"]


def test_doctor_warns_before_the_certificate_ends(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path / "hub", server_certificate_days=3)
    initialise(settings)
    wrong = [finding for finding in examine(settings) if not finding.good]
    assert [finding.subject for finding in wrong] == ["证书 server.pem"]
    renewed = hub_settings(tmp_path / "hub")
    hub = open_hub(renewed)
    issue_server_certificate(renewed, hub.paths, hub.authority)
    hub.journal.close()
    assert all(finding.good for finding in examine(renewed))


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    initialise(hub_settings(tmp_path / "hub"))
    for path in open_hub(hub_settings(tmp_path / "hub")).paths.private_files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_tokens_are_for_courts_of_this_hub(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        settings = hub.parts.hub.settings

        def enrol(court: str) -> str:
            return administration.enrol(open_hub(settings), court)

        token = decode(await asyncio.to_thread(enrol, " 苏０５０８ "))
        assert (token.court, token.address) == ("苏0508", f"127.0.0.1:{hub.port('join')}")
        for court, refused in (("苏0601", NotAllowed), ("苏", NotAllowed)):
            with pytest.raises(refused):
                await asyncio.to_thread(enrol, court)
        stored = await hub.parts.hub.journal.read(
            lambda connection: connection.execute(select(tables.join_token)).one()
        )
        assert token.secret.encode() not in stored.token_hash


async def test_a_second_process_revokes_while_the_hub_serves(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        court = await hub.joined(SENDER, tmp_path)
        settings = hub.parts.hub.settings
        [serial] = await asyncio.to_thread(lambda: administration.revoke(open_hub(settings), SENDER))
        await hub.parts.revocations.refresh()
        assert serial
        assert (await hub.parts.hub.journal.read(validity))[SENDER] == 0
        async with hub.connect(court) as channel:
            assert await Link(channel).ended() is grpc.StatusCode.UNAUTHENTICATED
        assert await asyncio.to_thread(lambda: administration.revoke(open_hub(settings), SENDER)) == []


async def test_whom_the_command_shuts_out_comes_in_by_no_unused_token(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        court = await hub.joined(SENDER, tmp_path)
        settings = hub.parts.hub.settings
        for invited in (SENDER, RECEIVER):
            await asyncio.to_thread(administration.enrol, open_hub(settings), invited)
        [serial] = await asyncio.to_thread(administration.revoke, open_hub(settings), court.code)
        unused = select(tables.join_token.c.court).where(tables.join_token.c.used_by == b"")
        left = await hub.parts.hub.journal.read(lambda connection: connection.scalars(unused).all())
        assert (serial != "", left) == (True, [RECEIVER])


async def test_a_full_disk_turns_health_red(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        watch = hub.health()
        assert await watch.look() == ""
        assert await health(hub, "desk") == SERVING
        hub.parts.hub.journal.writer.failing = "DISK_FULL"
        assert "DISK_FULL" in await watch.look()
        assert await health(hub, "desk") == NOT_SERVING
        hub.parts.hub.journal.writer.failing = ""
        await watch.look()
        assert await health(hub, "desk") == SERVING
        assert hub.registry.get_sample_value("xiezhi_hub_log_size") == 2


async def test_a_log_that_is_rewritten_turns_health_red(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        await hub.joined(SENDER, tmp_path)
        watch = hub.health()
        assert await watch.look() == ""

        def rewrite(connection) -> None:
            table = tables.checkpoint
            connection.execute(table.update().where(table.c.size == 4).values(root=bytes(32)))

        await hub.parts.hub.journal.write(rewrite)
        assert "不是由先前的日志增加而来" in await watch.look()


async def test_a_recovering_hub_is_red_at_the_desk(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        hub.parts.gate.recover("缺少记录")
        assert await hub.health().look() == "缺少记录"
        assert (await health(hub, "desk"), await health(hub, "join")) == (NOT_SERVING, NOT_SERVING)


async def test_tls_1_2_is_shut_out_of_every_listener(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        for name in hub.listeners:
            with pytest.raises(OSError, match=r"(?i)handshake|protocol|alert|ssl"):
                await asyncio.to_thread(negotiate, hub.port(name), ssl.TLSVersion.TLSv1_2)
        assert await asyncio.to_thread(negotiate, hub.port("desk"), ssl.TLSVersion.TLSv1_3) == "TLSv1.3"


def negotiate(port: int, version: ssl.TLSVersion) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as secured:
        return secured.version()


async def test_the_link_wants_a_certificate_that_is_valid_and_ours(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        court = await hub.joined(SENDER, tmp_path)
        async with hub.anybody("link") as channel:
            assert await Link(channel).ended() is grpc.StatusCode.UNAVAILABLE
        request = node_request(court.tls_key, SENDER)
        past = system_clock() - 3 * 86_400_000
        expired = hub.parts.hub.authority.issue_node(request, SENDER, past, timedelta(days=1))
        (court.directory / "tls.pem").write_bytes(expired.chain_pem)
        async with hub.connect(court) as channel:
            assert await Link(channel).ended() in (
                grpc.StatusCode.UNAVAILABLE,
                grpc.StatusCode.UNAUTHENTICATED,
            )


async def test_a_new_log_names_the_old_one(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        court = await hub.joined(SENDER, tmp_path)
        await hub.parts.intake.rule(SENDER, [court.issue(RECEIVER)])
        old = await hub.parts.hub.journal.read(read_head)
        factor = Factor("somebody", b"locked", set_at=1, last_step=2)
        await hub.parts.hub.journal.write(lambda connection: put_factor(connection, factor))
        await asyncio.to_thread(lambda: administration.revoke(open_hub(hub.parts.hub.settings), SENDER))
    same = hub_settings(tmp_path / "hub")
    with pytest.raises(StartupError, match="origin"):
        await asyncio.to_thread(reopen, same)
    fresh = hub_settings(tmp_path / "hub", origin="hub.su05.example/xiezhi@5")
    previous = await asyncio.to_thread(reopen, fresh)
    assert (previous["size"], parse_base64(previous["root"], "root")) == ("5", old.root)
    async with serving(fresh) as hub:
        assert hub.parts.gate.is_open
        rows = await hub.parts.hub.journal.read(
            lambda connection: connection.execute(select(tables.event.c.header, tables.event.c.kind)).all()
        )
        assert [row.kind for row in rows] == ["KeyAdded", "RulebookPublished"]
        assert previous["root"].encode() in rows[-1].header
        # Nobody comes in without his second factor now.
        kept = await hub.parts.hub.journal.read(lambda connection: find_factor(connection, "somebody"))
        assert kept == factor
        # Revocations go on to hold, and the court joins again.
        async with hub.connect(court) as channel:
            assert await Link(channel).ended() is grpc.StatusCode.UNAUTHENTICATED
        await court.join(await hub.token(SENDER), hub.authority)
    assert (tmp_path / "hub" / "journal.db.log-of-5").exists()


async def test_unknown_courts_have_no_token(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        with pytest.raises(NotFound):
            await hub.token("苏0599")
        assert await hub.parts.hub.journal.read(lambda connection: history(connection, "nothing")) == []
        assert HUB_COURT in hub.parts.hub.seat.courts
