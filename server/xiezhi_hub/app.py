"""The hub as a program: its listeners, background tasks, the drain."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, start_http_server

from xiezhi_desk.statistics.keeping import RecordKeeper
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_hub.config import HubSettings
from xiezhi_hub.health import Health
from xiezhi_hub.link_port import HEARD_EVERY_MS
from xiezhi_hub.listeners import make_listeners
from xiezhi_hub.opening import open_hub
from xiezhi_hub.parts import Parts, assemble
from xiezhi_hub.tiled_log.assembly import log_listeners
from xiezhi_journal.signer_line import SignerAway
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.caller import AnyCaller
from xiezhi_wire.logs import configure_logs
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.program import Listening, Program, run_to_end

_log = structlog.get_logger(__name__)

COLLECT_EVERY_SECONDS: Final = 24 * 3_600.0
_HELPERS: Final = 1
"""Bulletins are made a few times a month."""


def serve(settings: HubSettings) -> int:
    """Run the hub until a signal; returns the exit code.

    :raises StartupError: it cannot start; says why.
    """
    configure_logs(settings.log_level)
    # First of all: no process is started once gRPC runs.
    workshop = Workshop(_HELPERS)
    workshop.start()
    try:
        return run_to_end(_run(settings, workshop))
    finally:
        workshop.close()


async def _run(settings: HubSettings, workshop: Workshop) -> int:
    parts = assemble(open_hub(settings), workshop=workshop)
    registry = CollectorRegistry()
    listeners = make_listeners(parts, registry)
    await begin(parts)
    _serve_metrics(settings.metrics_address, registry)
    health = Health(parts, listeners, registry)
    return await make_program(parts, [*listeners, *log_listeners(parts)], health).run()


async def begin(parts: Parts) -> None:
    """Start the writer, and open the hub if nothing is missing (ADR 0002); its keys may be others than before.

    :raises StartupError: its event key has ended.
    """
    journal = parts.hub.journal
    parts.hub.paths.endpoints.unlink(missing_ok=True)
    parts.event_key.begin()
    journal.read_now(parts.feeds.load)
    journal.start()
    await parts.eraser.take_back_restored()
    parts.gate.on_turn(partial(_close_links, parts, asyncio.get_running_loop()))
    await parts.revocations.begin()
    await parts.recovery.compare(_head_note(parts))
    with suppress(SignerAway):  # Its task looks again; after a power cut the hub may be up before its signer.
        await parts.log_keys.look()


def make_program(parts: Parts, listeners: Sequence[Listening], health: Health) -> Program:
    """Return the program of a hub that has begun."""
    return Program(
        listeners=listeners,
        streams=parts.streams,
        tasks={
            "endpoints": partial(_announce, parts, listeners),
            "health": health.run,
            "revocations": parts.revocations.run,
            "recheck": partial(parts.streams.recheck, parts.sessions.signed_out),
            "deadlines": parts.scheduler.run,
            **parts.notifying.tasks(parts.commits.subscribe),
            "witnesses": parts.witnesses.run,
            "connected": partial(_note_connected, parts),
            "documents": partial(_collect, parts),
            "figures": RecordKeeper(parts.hub.journal, parts.hub.seat.court).run,
            "erasures": partial(parts.eraser.run, parts.commits.subscribe),
            "looks": parts.look_sealer.run,
            "event_key": parts.event_key.run,
            "log_keys": parts.log_keys.run,
        },
        closing=[parts.close],
    )


def _head_note(parts: Parts) -> bytes | None:
    try:
        record = parts.head_file.read()
    except DomainError as error:
        _log.error("head_file_damaged", problem=error.message)
        return None
    return record.note if record else None


def _close_links(parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
    """End the links of a hub that has found out that it lost something: nodes come back and are asked."""
    if not parts.gate.is_open:
        refusal = Unavailable(Reason.RECOVERING)
        loop.call_soon_threadsafe(parts.streams.close_where, _is_node, refusal)


def _is_node(caller: AnyCaller) -> bool:
    return isinstance(caller, PeerCertificate)


async def _announce(parts: Parts, listeners: Sequence[Listening]) -> None:
    """Tell scripts where the listeners are; ports may have been chosen by the system."""
    hub = parts.hub
    endpoints = {listener.name: listener.address for listener in listeners}
    others = {"court": hub.seat.court, "ca": str(hub.paths.authority / "ca.pem")}
    await asyncio.to_thread(hub.paths.write_endpoints, {**others, **endpoints})
    await asyncio.Event().wait()


async def _collect(parts: Parts) -> None:
    """Delete documents that nothing names, once a day."""
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        try:
            await parts.documents.collect_unreferenced(parts.hub.journal.clock())
        except DomainError as error:
            _log.warning("documents_not_collected", reason=error.reason)


async def _note_connected(parts: Parts) -> None:
    """Keep the record of the link (protocol §5) no older than it says."""
    while True:
        await asyncio.sleep(HEARD_EVERY_MS / 1000)
        connected = parts.link.connected
        if connected and parts.gate.is_open:
            try:
                await parts.link_port.note_connected(connected)
            except DomainError as error:
                _log.warning("connected_not_noted", reason=error.reason)


def _serve_metrics(address: str, registry: CollectorRegistry) -> None:
    if address:
        host, _, port = address.rpartition(":")
        start_http_server(int(port), host, registry)
