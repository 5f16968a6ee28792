"""Rebuilding the projections gives what the programs had made step by step, whatever has happened."""

import random

import pytest
from sqlalchemy import delete, select, update
from tests.integration.journal.scene import (
    HUB_COURT,
    RECEIVER,
    RULES,
    SENDER,
    Clock,
    Hub,
    Make,
    Node,
    officer_actor,
)
from tests.unit.ladder.moves import MOVES, facts_of

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.terms import State
from xiezhi_journal import tables
from xiezhi_journal.matter import Labels
from xiezhi_journal.rebuild import rebuild
from xiezhi_node.acting.own import OwnEvent
from xiezhi_node.outbox import GiveUpEvent

STEPS = 400
AHEAD_MS = 20 * 60 * 1000


class Draft:
    """A matter that nothing but a draft knows."""

    def __init__(self, node: Node, number: int) -> None:
        self.make = node.issue(number, node.court)

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> None:
        ledger.save(self.make._drafted(ledger))


class Story:
    """Two courts and a hub that do at random what they may do, and some of what they may not."""

    def __init__(self, urls: dict[str, str], seed: int) -> None:
        self.random = random.Random(seed)
        self.clocks = {court: Clock() for court in urls}
        self.hub = Hub(urls[HUB_COURT], self.clocks[HUB_COURT])
        self.nodes = [Node(urls[court], court, self.clocks[court]) for court in (SENDER, RECEIVER)]
        self.numbers = 0
        for journal in self.journals:
            journal.start()

    @property
    def journals(self):
        return [self.hub.journal, *(node.journal for node in self.nodes)]

    async def play(self) -> None:
        deeds = {self.issue: 1, self.draft: 1, self.act: 8, self.push: 6, self.pull: 8}
        for deed in self.random.choices(list(deeds), list(deeds.values()), k=STEPS):
            for clock in self.clocks.values():
                clock.now += self.random.randrange(1, 90_000)
            await deed(self.random.choice(self.nodes))
        await self.give_up(self.nodes[0])
        await self.push(self.nodes[1])

    async def issue(self, node: Node) -> None:
        self.numbers += 1
        other = next(each.court for each in self.nodes if each is not node)
        make = node.issue(self.numbers, other)
        refused = [
            row for row in rows_of(node.journal, tables.instruction) if row.state == State.REFUSED_BY_HUB
        ]
        if refused and self.random.random() < 0.5:
            # The draft of a refused order is sealed again, under its number.
            number = refused[0].number
            event = OwnEvent(
                "Issued", other, {**make.event.facts, "number": number}, make.event.parts, rulebook=RULES.hash
            )
            make = Make(node.seat, refused[0].instruction, event, 0, make.labels)
        ahead = AHEAD_MS if self.random.random() < 0.3 else 0
        node.clock.now += ahead
        await node.journal.submit(make)
        node.clock.now -= ahead

    async def act(self, node: Node) -> None:
        chances = [
            (row, kind)
            for row in rows_of(node.journal, tables.instruction)
            for kind, (sides, _, states) in sorted(MOVES.items())
            if row.state in states and ("sender" if row.sent else "receiver") in sides
        ]
        if not chances:
            return
        matter, kind = self.random.choice(chances)
        role = self.random.choice(sorted(MOVES[kind][1]) or [""])
        parts, labels = [], None
        if kind == "Assigned":
            officer = self.random.choice(["b1", "b2"])
            assignment = event_pb2.Assignment(assignee=officer_actor(officer, f"测试{officer}"))
            parts = [("assignment", assignment.SerializeToString())]
            labels = Labels(matter.case_number, matter.subject_names, officer, f"测试{officer}")
        if kind == "HandedBack":
            labels = Labels(matter.case_number, matter.subject_names)
        to = matter.receiver if node.court == matter.sender else matter.sender
        event = OwnEvent(kind, to, facts_of(kind, role), parts)
        try:
            await node.journal.submit(Make(node.seat, matter.instruction, event, 0, labels))
        except DomainError as error:
            if error.reason is Reason.INTERNAL:
                raise

    async def push(self, node: Node) -> None:
        await node.push_to(self.hub, self.random.randrange(1, 9))

    async def pull(self, node: Node) -> None:
        await node.pull_from(self.hub, self.random.randrange(1, 9))

    async def draft(self, node: Node) -> None:
        self.numbers += 1
        await node.journal.submit(Draft(node, self.numbers))

    async def give_up(self, node: Node) -> None:
        waiting = rows_of(node.journal, tables.pending)
        if waiting:
            await node.journal.submit(GiveUpEvent(waiting[-1].event_id, Reason.MALFORMED, "测试"))


def rows_of(journal, table) -> list:
    key = list(table.primary_key)
    return journal.read_now(lambda connection: connection.execute(select(table).order_by(*key)).all())


def projections(journal) -> dict:
    tally = [row for row in rows_of(journal, tables.tally) if row[-1]]
    return {
        "instruction": rows_of(journal, tables.instruction),
        "pending": rows_of(journal, tables.pending),
        "tally": tally,
    }


def damage(connection) -> None:
    table = tables.instruction
    shows_events = (table.c.accepted != "") | (table.c.view != "")
    connection.execute(delete(table).where(shows_events, table.c.urgent.is_(False), table.c.pending > 0))
    connection.execute(update(table).where(shows_events).values(state="?", officer="?", updated_at=0))
    connection.execute(update(tables.tally).values(count=99))
    connection.execute(delete(tables.pending))


@pytest.mark.parametrize("court", [HUB_COURT, SENDER, RECEIVER])
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_rebuild_gives_the_same_rows(journal_url, tmp_path, court, seed):
    urls = {name: f"sqlite:///{tmp_path / name}.db" for name in (HUB_COURT, SENDER, RECEIVER)}
    story = Story({**urls, court: journal_url}, seed)
    await story.play()
    [journal] = [journal for journal in story.journals if journal.court == court]
    before = projections(journal)
    await journal.write(damage)
    assert projections(journal) != before
    rebuilt = await journal.write(lambda connection: rebuild(connection, court, journal.rulebooks))
    assert projections(journal) == before
    assert rebuilt.skipped == ()
    assert rebuilt.matters == sum(bool(row.accepted or row.view) for row in before["instruction"])
    # The story was worth it, and goes on with what was rebuilt.
    assert len({row.state for row in before["instruction"]}) > 3
    for node in story.nodes:
        await node.push_to(story.hub)
    for node in story.nodes:
        await node.pull_from(story.hub)
    after = projections(journal)
    await journal.write(damage)
    await journal.write(lambda connection: rebuild(connection, court, journal.rulebooks))
    assert projections(journal) == after
    for journal in story.journals:
        journal.close()
