"""Event, log and cosigning keys in the hands of a signer: they sign for everybody as those in files do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.hub.court import RECEIVER, SENDER
from tests.integration.hub.stand import Serving, new_hub, serving
from tests.integration.hub.story import publish_overlay
from tests.integration.link.house import eventually
from tests.integration.node.test_joining import joined, joined_node, linked, publications
from tests.integration.node.test_key_exchange import exchanged
from tests.signer import StandIn

from xiezhi.v1.link_service_pb2 import CheckpointNotice
from xiezhi_domain.errors import Reason
from xiezhi_domain.evidence.note import Note
from xiezhi_hub.doctor import examine_files as examine_hub
from xiezhi_hub.event_key import prepare_exchange as prepare_at_hub
from xiezhi_hub.log_keys import begin_log_key, finish_log_key
from xiezhi_journal.keys import IN_FILE, SigningKey, signer_of
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.translog import newest_checkpoint
from xiezhi_node.doctor import examine_files as examine_node
from xiezhi_node.key_change import KeyName, prepare_exchange
from xiezhi_node.node import Node
from xiezhi_node.witnessing.witness import Witness, ask_hub


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def signer(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    # The path of a socket has room for some hundred bytes.
    return StandIn(tmp_path_factory.mktemp("s") / "s")


async def exchange_at_hub(hub: Serving, holder: str, *nodes: Node) -> None:
    """The hub's event key and the log's get successors that are kept there; *nodes* follow."""
    paths, origin = hub.parts.hub.paths, hub.parts.hub.seat.origin
    prepare_at_hub(paths.event_key, holder)
    await hub.parts.event_key.look()
    begin_log_key(paths, origin, holder)
    await hub.parts.log_keys.look()
    finish_log_key(paths, origin)
    await hub.parts.log_keys.look()
    for node in nodes:
        await node.renewal.look()


async def exchange_at_node(node: Node, holder: str) -> None:
    for name in KeyName:
        prepare_exchange(node.settings.paths, name, holder)
    await exchanged(node)


def signers(hub: Serving, node: Node) -> set[Path | None]:
    """Who holds the four keys; None for a file."""
    own, paths = hub.parts.hub.paths, node.settings.paths
    return {signer_of(path) for path in (own.event_key, own.log_key, paths.event_key, paths.cosign_key)}


def witness_of(node: Node) -> Witness:
    """The node's witness as a program that starts now has it."""
    paths = node.settings.paths
    key, files = SigningKey.load(paths.cosign_key), MisconductFiles(paths.misconduct)
    return Witness(node.journal, node.seat, key, node.settings.witness_policy, ask_hub(node.hub), files)


async def test_all_signing_keys_go_to_a_signer_and_back_under_running_programs(
    hub: Serving, tmp_path: Path, signer: StandIn
) -> None:
    async with joined_node(hub, SENDER, tmp_path) as node, linked(node):
        await eventually(lambda: node.journal.read_now(publications))
        with signer.listening():
            await exchange_at_hub(hub, str(signer.place), node)
            await exchange_at_node(node, str(signer.place))
            assert signers(hub, node) == {signer.place}
            before = signer.signed
            await publish_overlay(hub)
            await eventually(lambda: len(node.journal.read_now(publications)) == 2)
            # The event and the checkpoint at least.
            assert signer.signed >= before + 2
            for found in (examine_hub(hub.parts.hub.settings), examine_node(node.settings)):
                assert [each.good for each in found if str(signer.place) in each.text] == [True, True]
            await exchange_at_hub(hub, IN_FILE, node)
            await exchange_at_node(node, IN_FILE)
        assert signers(hub, node) == {None}
        await hub.joined(RECEIVER, tmp_path)
        await eventually(lambda: RECEIVER in joined(node))


async def test_a_hub_starts_before_its_signer_and_signs_once_that_is_there(
    tmp_path: Path, signer: StandIn
) -> None:
    async with new_hub(tmp_path) as stopped:
        settings = stopped.parts.hub.settings
    with signer.listening():
        begin_log_key(stopped.parts.hub.paths, settings.origin, str(signer.place))
    async with serving(settings) as hub:
        journal = hub.parts.hub.journal
        assert len(Note.parse(journal.read_now(newest_checkpoint)).signatures) == 1
        with signer.listening():
            await hub.parts.log_keys.look()
        assert len(Note.parse(journal.read_now(newest_checkpoint)).signatures) == 2


async def test_a_signer_that_is_away_makes_everybody_wait_and_loses_nothing(
    hub: Serving, tmp_path: Path, signer: StandIn
) -> None:
    court = await hub.joined(RECEIVER, tmp_path)
    order = court.issue(SENDER)
    async with joined_node(hub, SENDER, tmp_path) as node:
        with signer.listening():
            async with linked(node):
                await eventually(lambda: SENDER in joined(node))
                await exchange_at_node(node, str(signer.place))
            await exchange_at_hub(hub, str(signer.place), node)
            newest = hub.parts.hub.journal.read_now(newest_checkpoint)
        witness = witness_of(node)
        assert await witness.vouch(CheckpointNotice(checkpoint=newest)) is None
        [rejected] = await hub.parts.intake.rule(RECEIVER, [order])
        assert rejected is not None
        assert (rejected.reason, rejected.retry) == (Reason.SIGNER_AWAY, True)
        for found in (examine_hub(hub.parts.hub.settings), examine_node(node.settings)):
            assert [each.good for each in found if str(signer.place) in each.text] == [False, False]
        with signer.listening():
            assert await hub.parts.intake.rule(RECEIVER, [order]) == [None]
            cosigned = await witness.vouch(CheckpointNotice(checkpoint=newest))
            assert cosigned is not None
