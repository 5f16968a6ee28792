"""The node as a program: its listener, its background tasks, its drain."""

import asyncio
from functools import partial
from importlib import resources
from typing import Any

from prometheus_client import REGISTRY, start_http_server

from xiezhi_desk.statistics.keeping import RecordKeeper
from xiezhi_journal.journal import system_clock
from xiezhi_node.config import NodeSettings
from xiezhi_node.health import watch_health
from xiezhi_node.node import Node, open_node
from xiezhi_node.services import node_services
from xiezhi_node.taking.again import take_again
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.credentials import bearer
from xiezhi_wire.forwarding import Forwarding
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings
from xiezhi_wire.logs import configure_logs
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.program import Program, run_to_end
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ServerMaterial


def serve(settings: NodeSettings) -> int:
    """Run the node until a signal; returns the exit code.

    :raises StartupError: it cannot start; says why.
    """
    configure_logs(settings.log_level)
    # First of all: no process is started once gRPC runs.
    workshop = Workshop()
    workshop.start()
    try:
        return run_to_end(_run(settings, workshop))
    finally:
        workshop.close()


async def _run(settings: NodeSettings, workshop: Workshop) -> int:
    node = open_node(settings, workshop)
    settings.paths.endpoints.unlink(missing_ok=True)
    node.journal.start()
    await node.eraser.take_back_restored()
    await take_again(node.journal, node.seat)
    _serve_metrics(settings.metrics_address)
    streams = LiveStreams(settings.streams_per_account)
    desk = _desk(node, streams)
    program = Program(
        listeners=[desk],
        streams=streams,
        tasks={
            "link": node.link.run,
            "documents": node.fetcher.run,
            "proofs": node.prover.run,
            "certificate": node.renewal.run,
            "keys": node.keys.run,
            "directory": node.standing.run,
            "case_changes": node.cases.watcher.run,
            "case_feedback": node.cases.feedback.run,
            "related_cases": node.cases.related.run,
            "registries": node.registries.asking.run,
            "registry_hits": node.registries.watch,
            "erasures": partial(node.eraser.run, node.commits.subscribe),
            "looks": node.look_sealer.run,
            "figures": RecordKeeper(node.journal, node.seat.hub_court).run,
            **node.notifying.tasks(node.commits.subscribe),
            "health": partial(watch_health, node, desk),
            "endpoints": partial(_announce, node, desk),
            "recheck": partial(streams.recheck, node.sessions.signed_out),
        },
        closing=[node.close],
    )
    return await program.run()


def _desk(node: Node, streams: LiveStreams) -> Listener:
    settings = node.settings
    policy = resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
    chain = standard_chain(
        ChainParts(
            accounting=Accounting(REGISTRY),
            authenticators=[bearer(node.sessions)],
            policy=MethodPolicy.load(policy),
            limiter=RateLimiter(settings.calls_per_second, settings.calls_at_once, system_clock),
            streams=streams,
            second_factor=node.second_factor,
            forwarding=Forwarding(settings.workbench_secret),
        )
    )
    paths = settings.paths
    return Listener(
        ListenerSettings(
            name="desk",
            address=settings.desk_address,
            material=ServerMaterial(paths.desk_chain, paths.desk_key),
            require_client=False,
            reflection=settings.reflection,
        ),
        node_services(node),
        [chain],
    )


def _serve_metrics(address: str) -> None:
    if address:
        host, _, port = address.rpartition(":")
        start_http_server(int(port), host, REGISTRY)


async def _announce(node: Node, desk: Listener) -> None:
    """Tell scripts where the desk is, once it is there; the port may have been chosen by the system."""
    endpoints: dict[str, Any] = {
        "court": node.seat.court,
        "desk": desk.address,
        "ca": str(node.settings.paths.desk_authority),
        "origin": node.seat.origin,
        "log_vkey": node.seat.log_vkey,
        "log_vkeys": list(node.seat.log_vkeys),
        "witnesses": list(node.settings.witnesses),
        "witnesses_needed": node.settings.witnesses_needed,
    }
    await asyncio.to_thread(node.settings.paths.write_endpoints, endpoints)
    await asyncio.Event().wait()
