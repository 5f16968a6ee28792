"""Nodes that cosign a hub's checkpoints: what they store first, what they refuse, and what convicts a hub that lies."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from tests.integration.journal.scene import (
    LOG_KEY,
    ORIGIN,
    RECEIVER,
    SENDER,
    Clock,
    Hub,
    Node,
    issued_records,
    signing_key,
)
from tests.integration.node.linked import copy_of, restore

from xiezhi.v1.link_service_pb2 import CheckpointNotice, Cosignature, StoredEvent
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.terms import LogFault
from xiezhi_hub.log_head import read_head
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.witnesses.gathering import ROUND_S, Witnesses
from xiezhi_hub.witnesses.store import best_head
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.translog import consistency_proof, newest_checkpoint
from xiezhi_node.witnessing.store import What, read_vouched, witnessed_size
from xiezhi_node.witnessing.witness import Witness

COSIGN_KEYS = {SENDER: signing_key(21), RECEIVER: signing_key(22)}
VKEYS = tuple(VerifierKey(court, COSIGNATURE_ED25519, key.public_key) for court, key in COSIGN_KEYS.items())
POLICY = WitnessPolicy(VKEYS, 2)
LOG = TrustedLog(ORIGIN, (LOG_KEY.verifier_key,), VKEYS)


class CosigningHub:
    """A hub that puts its checkpoints to the courts."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.hub, self.now_s = Hub(url, clock), 0.0
        gate = Gate()
        gate.open()
        self.hub.journal.start()
        self.witnesses = Witnesses(self.hub.journal, gate, lambda: self.now_s)

    async def register_keys(self) -> None:
        rows = [
            (key.key_id, court, Purpose.COSIGN, key.public_key, 0, -1) for court, key in COSIGN_KEYS.items()
        ]
        await self.hub.journal.write(lambda connection: insert_rows(connection, tables.court_key, rows))

    async def rule(self, records: Sequence[StoredEvent]) -> None:
        await self.hub.push(SENDER, records)
        self.now_s += 2 * ROUND_S

    async def prove(self, first: int, second: int) -> Sequence[bytes]:
        head = await self.hub.journal.read(read_head)
        if second > head.size:
            raise DomainError(Reason.OFFSET_OUT_OF_RANGE)
        return await self.hub.journal.read(partial(consistency_proof, first=first, second=second))

    async def newest(self) -> CheckpointNotice:
        return CheckpointNotice(checkpoint=await self.hub.journal.read(newest_checkpoint))


class CosigningNode:
    """A node of the link; made anew on the same database, it is a program that was started again."""

    def __init__(self, url: str, court: str, clock: Clock, hub: CosigningHub, directory: Path) -> None:
        self.node, self.hub, self.directory = Node(url, court, clock), hub, directory
        self.files = MisconductFiles(directory / court)
        self.witness = self.witness_of(hub)
        self.node.journal.start()

    def witness_of(self, hub: CosigningHub) -> Witness:
        object.__setattr__(self.node.seat, "log_vkey", LOG_KEY.verifier_key.format())
        key = COSIGN_KEYS[self.node.court]
        head = HeadFile(self.directory / f"cosigned-{self.node.court}.head")
        return Witness(self.node.journal, self.node.seat, key, POLICY, hub.prove, self.files, head)

    def start_again(self) -> "CosigningNode":
        self.node.journal.close()
        return CosigningNode(self.node.url, self.node.court, self.node.clock, self.hub, self.directory)

    async def answer(self) -> Cosignature | None:
        """What comes over the link in one round, and what the node says to it."""
        notice = await self.hub.witnesses.notice(self.node.court, b"")
        cosignature = await self.witness.vouch(notice) if notice else None
        if cosignature is not None:
            await self.hub.witnesses.take(self.node.court, cosignature)
        return cosignature

    async def witnessed(self) -> int:
        return await self.node.journal.read(witnessed_size)

    async def cosigned(self) -> int:
        kept = await self.node.journal.read(partial(read_vouched, what=What.COSIGNED))
        return kept.checkpoint.size if kept else 0

    def convictions(self) -> list[Misconduct]:
        return [Misconduct.parse(path.read_bytes()) for path in self.files.all()]


class Courts:
    """A hub, its double that can show another history under the same key, and two nodes."""

    def __init__(self, url: str, directory: Path) -> None:
        self.clock = Clock()
        self.hub = CosigningHub(url, self.clock)
        self.double = CosigningHub(f"sqlite:///{directory / 'double.db'}", self.clock)
        urls = {court: f"sqlite:///{directory / court}.db" for court in COSIGN_KEYS}
        self.sender, self.receiver = (
            CosigningNode(urls[court], court, self.clock, self.hub, directory) for court in (SENDER, RECEIVER)
        )

    def close(self) -> None:
        for end in (self.hub.hub, self.double.hub, self.sender.node, self.receiver.node):
            end.journal.close()


@pytest.fixture
async def courts(journal_url: str, tmp_path: Path) -> AsyncIterator[Courts]:
    courts = Courts(journal_url, tmp_path)
    await courts.hub.register_keys()
    yield courts
    courts.close()


async def test_a_checkpoint_is_witnessed_once_both_courts_have_cosigned_and_seen_it(courts: Courts) -> None:
    await courts.hub.rule(issued_records(3))
    for court in (courts.sender, courts.receiver):
        await court.answer()
    # Each has cosigned, and none has yet seen both cosignatures.
    assert (await courts.sender.witnessed(), await courts.receiver.witnessed()) == (0, 0)
    await courts.sender.answer()
    assert (await courts.sender.witnessed(), await courts.receiver.witnessed()) == (3, 0)
    hub = courts.hub.hub.journal
    head = await hub.read(lambda connection: best_head(connection, 2, read_head(connection)))
    assert {each.witness for each in LOG.open(head.note, verify_signature).cosignatures} == set(VKEYS)


async def test_a_court_that_does_not_answer_holds_up_nobody(courts: Courts) -> None:
    await courts.hub.rule(issued_records(2))
    assert await courts.receiver.answer()
    await courts.hub.rule(issued_records(2, first=3))
    answer = await courts.receiver.answer()
    assert answer is not None
    assert answer.size == 4


async def test_what_was_cosigned_is_proven_by_what_is_asked_for_where_the_stream_is_another(
    courts: Courts,
) -> None:
    for first in (1, 4, 9):
        await courts.hub.rule(issued_records(3, first=first))
        assert await courts.sender.answer()
    assert courts.sender.convictions() == []


async def test_a_crash_between_storing_and_sending_gives_the_same_checkpoint_again(courts: Courts) -> None:
    await courts.hub.rule(issued_records(2))
    notice = await courts.hub.newest()
    lost = await courts.sender.witness.vouch(notice)
    courts.sender = courts.sender.start_again()
    assert await courts.sender.cosigned() == 2
    again = await courts.sender.answer()
    assert lost is not None
    assert again is not None
    assert again.signature_line == lost.signature_line
    assert await courts.hub.witnesses.notice(SENDER, b"") is not None


async def test_two_roots_at_one_size_are_never_both_cosigned(courts: Courts) -> None:
    await courts.hub.rule(issued_records(2))
    await courts.double.rule(issued_records(2, first=50))
    assert await courts.sender.answer()
    courts.sender = courts.sender.start_again()
    with pytest.raises(Unavailable):
        await courts.sender.witness.vouch(await courts.double.newest())
    [found] = courts.sender.convictions()
    assert found.examine(LOG, verify_signature).proven
    assert found.fault is LogFault.TWO_ROOTS
    assert await courts.sender.cosigned() == 2


async def test_another_history_that_is_longer_is_not_cosigned(courts: Courts) -> None:
    await courts.hub.rule(issued_records(2))
    await courts.double.rule(issued_records(5, first=50))
    assert await courts.sender.answer()
    lying = courts.sender.witness_of(courts.double)
    with pytest.raises(Unavailable):
        await lying.vouch(await courts.double.newest())
    [found] = courts.sender.convictions()
    assert found.examine(LOG, verify_signature).fault is LogFault.NOT_EXTENDED


async def test_a_log_that_became_smaller_is_not_cosigned_and_kept_as_a_file(courts: Courts) -> None:
    await courts.hub.rule(issued_records(5))
    await courts.double.rule(issued_records(2, first=50))
    assert await courts.sender.answer()
    lying = courts.sender.witness_of(courts.double)
    with pytest.raises(Unavailable):
        await lying.vouch(await courts.double.newest())
    [found] = courts.sender.convictions()
    assert found.examine(LOG, verify_signature).fault is LogFault.SHRUNK


async def test_a_witness_restored_to_the_past_still_goes_back_on_nothing(courts: Courts) -> None:
    backup = copy_of(courts.sender.node.journal)
    await courts.hub.rule(issued_records(5))
    await courts.double.rule(issued_records(2, first=50))
    assert await courts.sender.answer()
    restore(courts.sender.node.journal, backup)
    # Its database knows of nothing, the file beside it does.
    lying = courts.sender.witness_of(courts.double)
    with pytest.raises(Unavailable):
        await lying.vouch(await courts.double.newest())
    [found] = courts.sender.convictions()
    assert found.examine(LOG, verify_signature).fault is LogFault.SHRUNK
    true = courts.sender.witness_of(courts.hub)
    assert await true.vouch(await courts.hub.newest()) is not None


async def test_an_older_notice_that_was_overtaken_is_neither_cosigned_nor_held_against_the_hub(
    courts: Courts,
) -> None:
    await courts.hub.rule(issued_records(2))
    overtaken = await courts.hub.newest()
    await courts.hub.rule(issued_records(2, first=3))
    assert await courts.sender.answer()
    assert await courts.sender.witness.vouch(overtaken) is None
    assert courts.sender.convictions() == []


async def test_the_second_of_two_streams_does_not_vouch_for_what_the_first_went_beyond(
    courts: Courts,
) -> None:
    await courts.hub.rule(issued_records(2))
    older = await courts.hub.newest()
    await courts.hub.rule(issued_records(2, first=3))
    newer = await courts.hub.newest()
    first, second = courts.sender.witness, courts.sender.witness_of(courts.hub)
    answers = [await first.vouch(newer), await second.vouch(older)]
    assert [answer.size if answer else None for answer in answers] == [4, None]
    assert await courts.sender.cosigned() == 4


async def test_a_wrong_cosignature_is_not_served(courts: Courts) -> None:
    await courts.hub.rule(issued_records(2))
    cosignature = await courts.sender.answer()
    assert cosignature is not None
    # The receiver's court sends what the sender's court has signed, and what is no line at all.
    for line in (cosignature.signature_line, b"\xff", b"x" * 4_096):
        await courts.hub.witnesses.take(RECEIVER, Cosignature(size=2, signature_line=line))
    rows = await courts.hub.hub.journal.read(
        lambda connection: connection.execute(tables.cosignature.select()).all()
    )
    assert [(row.size, row.court) for row in rows] == [(2, SENDER)]
