"""The hub's log gets another key under its origin: nodes follow, whether they were there in the overlap or not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER
from tests.integration.hub.stand import Serving, new_hub, serving
from tests.integration.journal.scene import signing_key
from tests.integration.link.house import eventually
from tests.integration.node.test_joining import joined, joined_node, linked

from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_domain.evidence.log_keys import change_text, follow_changes
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_hub.exchange import begin_exchange
from xiezhi_hub.log_keys import begin_log_key, finish_log_key
from xiezhi_hub.opening import open_hub
from xiezhi_hub.recovery.compare import OwnLog
from xiezhi_hub.witnesses.gathering import ROUND_S, Witnesses
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.translog import LogSigner, newest_checkpoint
from xiezhi_node.doctor import examine_journal
from xiezhi_node.node import Node
from xiezhi_node.pins import read_log_keys
from xiezhi_node.trusting import is_from_newest, pinned_authorities
from xiezhi_wire.startup import StartupError


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


async def signing(hub: Serving) -> tuple[VerifierKey, ...]:
    """The keys that sign, after the running hub has looked at its files."""
    await hub.parts.log_keys.look()
    return hub.parts.hub.journal.signer.verifier_keys


def opens(keys: Sequence[VerifierKey], note: bytes) -> bool:
    try:
        TrustedLog(keys[0].name, tuple(keys)).open(note, verify_signature)
    except DomainError:
        return False
    return True


async def follows(node: Node, old: VerifierKey, new: VerifierKey) -> None:
    """The node trusts the new key alone for what is new, and both for what is old."""
    await node.renewal.look()
    assert node.seat.trusted_keys == (new,)
    assert node.seat.log_vkeys == (old.format(), new.format())
    assert node.journal.read_now(read_log_keys) == node.seat.log_keys


async def test_the_key_of_the_log_is_exchanged_with_an_overlap(hub: Serving, tmp_path: Path) -> None:
    origin, paths, journal = hub.parts.hub.seat.origin, hub.parts.hub.paths, hub.parts.hub.journal
    async with (
        joined_node(hub, SENDER, tmp_path / "there") as there,
        joined_node(hub, RECEIVER, tmp_path / "away") as away,
    ):
        async with linked(away):
            await eventually(lambda: away.journal.read_now(newest_checkpoint))
        first, old_note = journal.signer, journal.read_now(newest_checkpoint)
        old, new = first.verifier_key, begin_log_key(paths, origin)
        with pytest.raises(StartupError, match="正在更换"):
            begin_log_key(paths, origin)
        assert await signing(hub) == (old, new)
        async with linked(there):
            await eventually(lambda: SENDER in joined(there))
            assert there.seat.trusted_keys == (old,)
            await there.renewal.look()
            assert there.seat.trusted_keys == (old, new)
            await hub.joined("苏0505", tmp_path)
            await eventually(lambda: "苏0505" in joined(there))
        both = journal.read_now(newest_checkpoint)
        assert [opens([key], both) for key in (old, new)] == [True, True]
        assert finish_log_key(paths, origin) == new
        assert await signing(hub) == (new,)
        await follows(there, old, new)
        await follows(away, old, new)
        # Whoever holds the old key makes no checkpoint any more; what it signed in its time stays good.
        assert not opens(there.seat.trusted_keys, first.sign(7, bytes(32)))
        assert opens([VerifierKey.parse(each) for each in away.seat.log_vkeys], old_note)
        assert OwnLog(journal.signer).open(old_note).size
        async with linked(there):
            await hub.joined(HUB_COURT, tmp_path)
            await eventually(lambda: HUB_COURT in joined(there))
        # The newest checkpoint that this one keeps is signed by the old key alone.
        async with linked(away):
            await eventually(lambda: HUB_COURT in joined(away))
        found = there.journal.read_now(examine_journal)
        assert [each.good for each in found if each.subject == "平台日志"] == [True]
    with pytest.raises(StartupError, match="没有正在进行"):
        finish_log_key(paths, origin)


async def test_a_log_to_which_nothing_comes_is_signed_by_the_new_key(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        await hub.joined(SENDER, tmp_path)
        settings, paths, origin = hub.parts.hub.settings, hub.parts.hub.paths, hub.parts.hub.seat.origin
        old = hub.parts.hub.journal.signer.verifier_key
    begin_log_key(paths, origin)
    new = finish_log_key(paths, origin)
    async with serving(settings) as hub:
        newest = hub.parts.hub.journal.read_now(newest_checkpoint)
        assert [opens([key], newest) for key in (old, new)] == [False, True]


async def test_the_key_is_exchanged_under_a_running_hub_whose_log_is_quiet(
    hub: Serving, tmp_path: Path
) -> None:
    """Nothing comes to the log, and the node stays on its one stream."""
    opened, clock = hub.parts.hub, [0.0]
    witnesses = Witnesses(opened.journal, hub.parts.gate, lambda: clock[0])
    async with joined_node(hub, SENDER, tmp_path) as node, linked(node):
        await eventually(lambda: node.journal.read_now(newest_checkpoint))
        old = opened.journal.signer.verifier_key
        new, shown = begin_log_key(opened.paths, opened.seat.origin), []
        for keys in ((old, new), (new,)):
            assert await signing(hub) == keys
            clock[0] += ROUND_S
            notice = await witnesses.notice(SENDER, b"")
            assert notice is not None
            shown.append([opens([key], notice.checkpoint) for key in (old, new)])
            await node.renewal.look()
            assert node.seat.trusted_keys == keys
            if keys == (old, new):
                finish_log_key(opened.paths, opened.seat.origin)
        # What both have signed stays as it is.
        assert shown == [[True, True], [True, True]]
        assert hub.parts.recovery._own_log.open(opened.journal.read_now(newest_checkpoint)).size
        await hub.joined(HUB_COURT, tmp_path)
        await eventually(lambda: HUB_COURT in joined(node))


async def test_a_file_that_is_no_key_leaves_the_key_that_signs(hub: Serving) -> None:
    signer = hub.parts.hub.journal.signer
    log_key = hub.parts.hub.paths.log_key
    kept = log_key.read_bytes()
    log_key.write_bytes(b"no key")
    with pytest.raises(FormatError, match="不是私钥文件"):
        await hub.parts.log_keys.look()
    assert hub.parts.hub.journal.signer is signer
    log_key.write_bytes(kept)
    assert await signing(hub) == signer.verifier_keys


@pytest.mark.parametrize("change", ["malformed", "false"])
async def test_a_faulty_statement_about_keys_ends_neither_trust_nor_certificates(
    hub: Serving, tmp_path: Path, change: str
) -> None:
    opened = hub.parts.hub
    async with joined_node(hub, SENDER, tmp_path) as node:
        paths, first = node.settings.paths, opened.journal.signer
        right = first.sign_text(change_text(LogSigner(first.origin, signing_key(31)).verifier_key))
        told = {"malformed": b"no note", "false": right.replace(b"log-key/v1", b"log-key/v2")}[change]
        opened.journal.signer = replace(first, changes=(told,))
        await asyncio.to_thread(lambda: begin_exchange(open_hub(opened.settings)))
        with capture_logs() as logged:
            assert await node.renewal.look()
            assert not await node.renewal.look()
        assert len(pinned_authorities(paths)) == 2
        assert is_from_newest(paths, opened.authorities.trusted())
        assert [each["event"] for each in logged].count("log_keys_not_followed") == 1
        assert node.seat.trusted_keys == (first.verifier_key,)


def test_no_key_follows_without_the_signature_of_the_one_before() -> None:
    origin = "hub.su05.example/xiezhi"
    one, two, thief = (LogSigner(origin, signing_key(number)) for number in (31, 32, 33))
    both, text = replace(one, next_key=two.key), change_text(two.verifier_key)
    right = both.sign_text(text)
    known = [one.verifier_key]
    assert follow_changes(known, [right], verify_signature) == (one.verifier_key, two.verifier_key)
    alone = [two.sign_text(text), one.sign_text(text), replace(thief, next_key=two.key).sign_text(text)]
    for change in alone:
        assert follow_changes(known, [change], verify_signature) == (one.verifier_key,)
    assert follow_changes([thief.verifier_key], [right], verify_signature) == (thief.verifier_key,)
    for wrong in (both.sign(3, bytes(32)), both.sign_text(text + "more\n"), b""):
        with pytest.raises(FormatError):
            follow_changes(known, [wrong], verify_signature)
