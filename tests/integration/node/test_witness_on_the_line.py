"""A joined node and a real hub over the link: cosigned, served, shown; and what both keep when histories differ."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from tests.integration.hub.court import RECEIVER, SENDER
from tests.integration.hub.stand import Serving, new_hub

from xiezhi.v1.event_pb2 import TimelineEntry
from xiezhi.v1.link_service_pb2 import CheckpointNotice, Hello
from xiezhi_client.verify.misconduct import examined_file
from xiezhi_client.verify.pins import Pins
from xiezhi_domain.errors import FormatError, Unavailable, WrongState
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.terms import LogFault
from xiezhi_hub.doctor import examine_files as examine_hub
from xiezhi_hub.log_head import read_head
from xiezhi_journal import tables
from xiezhi_journal.journal import system_clock
from xiezhi_journal.migrate import upgrade
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.translog import newest_checkpoint
from xiezhi_node.config import NodeSettings
from xiezhi_node.doctor import examine_files
from xiezhi_node.joining import join, make_desk_certificate
from xiezhi_node.node import Node, open_node
from xiezhi_node.witnessing.comparing import compare_checkpoints
from xiezhi_node.witnessing.exporting import export_checkpoints, own_witness_key
from xiezhi_node.witnessing.marking import mark_witnessed
from xiezhi_node.witnessing.store import witnessed_size
from xiezhi_node.witnessing.witness import Witness, ask_hub
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.jointoken import decode

OTHER_ROOT = b"\x07" * 32


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


@asynccontextmanager
async def joined(hub: Serving, directory: Path) -> AsyncIterator[Node]:
    """A node that pins itself as the one witness."""
    settings = NodeSettings(data_dir=directory, min_free_mib=1)
    settings.paths.create()
    await asyncio.to_thread(upgrade, settings.database_url)
    await join(settings, decode(await hub.token(SENDER)))
    make_desk_certificate(settings, SENDER, system_clock())
    own = own_witness_key(settings).format()
    node = open_node(settings.model_copy(update={"witnesses": (own,), "witnesses_needed": 1}), Workshop())
    node.journal.start()
    yield node
    await node.hub.close()
    await node.close()


def first_entry_is_witnessed(connection: Connection) -> bool:
    entry = TimelineEntry(log_index=0)
    held = connection.scalar(select(tables.ruling.c.log_index).where(tables.ruling.c.log_index == 0))
    mark_witnessed(connection, [entry])
    return held == 0 and entry.witnessed


def witness_of(node: Node) -> Witness:
    files = MisconductFiles(node.settings.paths.misconduct)
    return Witness(node.journal, node.seat, None, node.settings.witness_policy, ask_hub(node.hub), files)


def pins(node: Node) -> Pins:
    return Pins(node.seat.origin, (node.seat.log_vkey,))


async def test_what_a_node_cosigns_comes_back_as_witnessed(hub: Serving, tmp_path: Path) -> None:
    async with joined(hub, tmp_path / "node") as node:
        running = (node.link.run(), node.prover.run(), hub.parts.witnesses.run())
        tasks = [asyncio.create_task(each) for each in running]
        async with asyncio.timeout(60):
            while not await node.journal.read(first_entry_is_witnessed):
                assert not any(task.done() for task in tasks)
                await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        size = await node.journal.read(witnessed_size)
        entries = [
            TimelineEntry(log_index=0),
            TimelineEntry(log_index=size),
            TimelineEntry(log_index=-1, pending=True),
        ]
        await node.journal.read(partial(mark_witnessed, entries=entries))
        assert [entry.witnessed for entry in entries] == [True, False, False]

        exported = tmp_path / "checkpoints.json"
        assert export_checkpoints(node.settings, exported) >= 1
        held = json.loads(exported.read_text(encoding="utf-8"))
        assert held["court"] == SENDER
        assert held["checkpoints"][-1].startswith(f"{node.seat.origin}\n{size}\n")
        assert [each.good for each in examine_files(node.settings) if each.subject == "日志异常记录"] == [
            True
        ]


async def test_a_node_that_is_shown_another_root_keeps_the_proof_and_says_so(
    hub: Serving, tmp_path: Path
) -> None:
    async with joined(hub, tmp_path / "node") as node:
        journal = hub.parts.hub.journal
        witness, note = witness_of(node), await journal.read(newest_checkpoint)
        await witness.vouch(CheckpointNotice(checkpoint=note))
        size = witness.open(note).checkpoint.size
        with pytest.raises(Unavailable):
            await witness.vouch(CheckpointNotice(checkpoint=journal.signer.sign(size, OTHER_ROOT)))
        [path] = node.settings.paths.misconduct.iterdir()
        shown = examined_file(path, pins(node))
        assert shown.plain()["misconduct"] == LogFault.TWO_ROOTS
        assert "互相矛盾" in "".join(shown.lines())
        assert [each.good for each in examine_files(node.settings) if each.subject == "日志异常记录"] == [
            False
        ]


async def test_a_hub_keeps_the_proof_that_its_key_signed_another_log(hub: Serving, tmp_path: Path) -> None:
    parts = hub.parts
    journal = parts.hub.journal
    head = await journal.read(read_head)
    other = journal.signer.sign(head.size, OTHER_ROOT)
    hello = Hello(protocol_version=1, clock_ms=journal.clock(), last_checkpoint=other)
    with pytest.raises(WrongState):
        await parts.link_port.welcome(RECEIVER, hello)
    [path] = parts.hub.paths.misconduct.iterdir()
    assert Misconduct.parse(path.read_bytes()).second == other
    assert [each.good for each in examine_hub(parts.hub.settings) if each.subject == "日志异常记录"] == [
        False
    ]
    assert parts.gate.is_open


async def test_two_nodes_that_were_shown_two_histories_convict_the_hub(hub: Serving, tmp_path: Path) -> None:
    async with joined(hub, tmp_path / "node") as node:
        journal = hub.parts.hub.journal
        note = await journal.read(newest_checkpoint)
        await witness_of(node).vouch(CheckpointNotice(checkpoint=note))
        exported = tmp_path / "theirs.json"
        export_checkpoints(node.settings, exported)
        assert compare_checkpoints(node.settings, exported, 1) == (1, 0)

        theirs = json.loads(exported.read_text(encoding="utf-8"))
        size = witness_of(node).open(note).checkpoint.size
        theirs["checkpoints"] = [journal.signer.sign(size, OTHER_ROOT).decode()]
        exported.write_text(json.dumps(theirs), encoding="utf-8")
        assert compare_checkpoints(node.settings, exported, 1) == (1, 1)
        [path] = node.settings.paths.misconduct.iterdir()
        assert examined_file(path, pins(node)).examined.proven

        exported.write_text("[]", encoding="utf-8")
        with pytest.raises(FormatError):
            compare_checkpoints(node.settings, exported, 1)
