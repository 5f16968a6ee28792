"""A chain of own events whose first one fails: out of the view for good, still waiting for its answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.integration.journal.scene import RECEIVER, SENDER, Clock, Hub, Make, Node, officer_actor
from tests.unit.ladder.moves import facts_of

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import State
from xiezhi_journal import tables
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.matter import Labels, Matter
from xiezhi_journal.rebuild import rebuild
from xiezhi_node.acting.own import OwnEvent
from xiezhi_node.outbox import GiveUpEvent
from xiezhi_node.taking.check import FeedChecker
from xiezhi_node.taking.take import TakeFeed

TOO_FAR_AHEAD_MS = 20 * 60 * 1000
FIRST, SECOND, NOBODY = ("b1", "测试b1"), ("b2", "测试b2"), ("", "")
Officer = tuple[str, str]


@dataclass(frozen=True)
class Look:
    """Asks for a matter as the writer has it."""

    instruction: str

    def prepare(self, ledger: Any) -> None:
        ledger.want_matter(self.instruction)

    def run(self, ledger: Any) -> Matter:
        return ledger.matter(self.instruction)


@dataclass
class Story:
    """A matter that the receiver has been given; its node is the one under test."""

    hub: Hub
    sender: Node
    node: Node
    clock: Clock
    instruction: str = ""
    made: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """The order arrives, is received and signed for, and every court knows it."""
        order = self.sender.issue(1, RECEIVER)
        self.instruction = order.instruction
        await self.sender.journal.submit(order)
        await self.sender.push_to(self.hub)
        await self.node.pull_from(self.hub)
        await self.act("Signed", "CENTRE_OFFICER")
        await self.push()
        await self.pull()
        assert self.shown.state == State.SIGNED

    def event(self, kind: str, role: str, officer: Officer | None = None) -> Make:
        """An own event; an assignment names its officer."""
        parts, labels = [], None
        if officer is not None:
            labels = Labels(self.shown.case_number, self.shown.subject_names, *officer)
            assignment = event_pb2.Assignment(assignee=officer_actor(*officer))
            parts = [("assignment", assignment.SerializeToString())]
        own = OwnEvent(kind, SENDER, facts_of(kind, role), parts)
        return Make(self.node.seat, self.instruction, own, 0, labels)

    async def act(self, kind: str, role: str, officer: Officer | None = None, *, ahead: int = 0) -> None:
        self.clock.now += 1_000 + ahead
        matter = await self.node.journal.submit(self.event(kind, role, officer))
        self.clock.now -= ahead
        self.made.append(matter.last_event)

    async def push(self, limit: int = 1_024) -> None:
        await self.node.push_to(self.hub, limit)

    async def pull(self) -> None:
        await self.node.pull_from(self.hub)

    def take(self) -> TakeFeed:
        """What lies on the feed, as work for the writer."""
        checker = FeedChecker(self.node.journal.read_now(read_keyring))
        items = self.hub.feed(RECEIVER, 2, self.node.cursor, 100)
        self.node.cursor = items[-1].feed_seq
        return TakeFeed(self.node.seat, [checker.check(item) for item in items], None, b"")

    @property
    def shown(self) -> Any:
        """The row of the lists."""
        return self.rows(tables.instruction)[0]

    @property
    def outbox(self) -> list[tuple[str, bool]]:
        return [(row.event_id, row.dropped) for row in self.rows(tables.pending)]

    @property
    def returned(self) -> dict[str, str]:
        return {row.event_id: row.reason for row in self.rows(tables.returned_work)}

    def rows(self, table: Any) -> list[Any]:
        query = select(table).order_by(*table.primary_key)
        return self.node.journal.read_now(lambda connection: connection.execute(query).all())

    async def require_shown(self, state: State, officer: Officer, *pending: str) -> None:
        """State, officer and pending events are these: in lists, in a new reading of the matter, after a rebuild."""
        assert (self.shown.state, self.shown.officer, self.shown.pending) == (state, officer[0], len(pending))
        journal = self.node.journal
        journal._cache.clear()
        matter = await journal.submit(Look(self.instruction))
        assert (matter.state, matter.labels.officer) == (state, officer[0])
        assert tuple(event.header.id for event in matter.pending) == pending
        before = [self.rows(table) for table in (tables.instruction, tables.pending)]
        await journal.write(lambda connection: rebuild(connection, RECEIVER, journal.rulebooks))
        assert [self.rows(table) for table in (tables.instruction, tables.pending)] == before


@pytest.fixture
def story(journal_url: str, tmp_path: Path) -> Iterator[Story]:
    clock = Clock()
    hub = Hub(f"sqlite:///{tmp_path / 'hub.db'}", clock)
    sender = Node(f"sqlite:///{tmp_path / 'sender.db'}", SENDER, clock)
    story = Story(hub, sender, Node(journal_url, RECEIVER, clock), clock)
    journals = [hub.journal, sender.journal, story.node.journal]
    for journal in journals:
        journal.start()
    yield story
    for journal in journals:
        journal.close()


async def test_what_builds_on_a_refused_event_never_comes_back(story: Story) -> None:
    await story.begin()
    await story.act("Assigned", "CENTRE_OFFICER", FIRST)
    await story.push()
    await story.pull()
    await story.act("HandedBack", "FIELD_OFFICER", NOBODY, ahead=TOO_FAR_AHEAD_MS)
    await story.act("Assigned", "CENTRE_OFFICER", SECOND)
    assert story.shown.officer == "b2"
    refused, later = story.made[-2:]
    await story.push(limit=1)
    await story.pull()
    assert story.outbox == [(later, True)]
    assert story.returned == {refused: Reason.CLOCK_SKEW}
    await story.require_shown(State.IN_PROGRESS, FIRST)
    await story.push()
    await story.pull()
    assert story.outbox == []
    assert story.returned == {refused: Reason.CLOCK_SKEW, later: Reason.BASE_REFUSED}
    await story.require_shown(State.IN_PROGRESS, FIRST)


async def test_an_event_made_in_the_very_commit_of_the_refusal_is_dropped_as_well(story: Story) -> None:
    await story.begin()
    await story.act("Assigned", "CENTRE_OFFICER", FIRST, ahead=TOO_FAR_AHEAD_MS)
    await story.push()
    late = story.event("ProgressReported", "FIELD_OFFICER")
    made, _ = await story.node.journal.writer.submit_all([late, story.take()])
    assert isinstance(made, Matter)
    assert story.outbox == [(made.last_event, True)]
    await story.require_shown(State.SIGNED, NOBODY)


async def test_what_was_accepted_in_the_commit_of_the_refusal_stands(story: Story) -> None:
    await story.begin()
    await story.act("Assigned", "CENTRE_OFFICER", FIRST)
    await story.act("HandedBack", "FIELD_OFFICER", NOBODY, ahead=TOO_FAR_AHEAD_MS)
    await story.push()
    await story.pull()
    assert story.returned == {story.made[-1]: Reason.CLOCK_SKEW}
    await story.require_shown(State.IN_PROGRESS, FIRST)


async def test_what_builds_on_an_event_that_was_given_up_never_comes_back(story: Story) -> None:
    await story.begin()
    await story.act("Assigned", "CENTRE_OFFICER", FIRST)
    await story.push()
    await story.pull()
    await story.act("HandedBack", "FIELD_OFFICER", NOBODY)
    await story.act("Assigned", "CENTRE_OFFICER", SECOND)
    given_up, later = story.made[-2:]
    await story.node.journal.submit(GiveUpEvent(given_up, Reason.MALFORMED, "测试"))
    assert story.outbox == [(later, True)]
    assert story.returned == {given_up: Reason.MALFORMED}
    await story.require_shown(State.IN_PROGRESS, FIRST)
    await story.push()
    await story.pull()
    assert story.outbox == []
    assert set(story.returned) == {given_up, later}
    await story.require_shown(State.IN_PROGRESS, FIRST)


async def test_a_court_goes_on_after_a_refusal(story: Story) -> None:
    await story.begin()
    await story.act("Assigned", "CENTRE_OFFICER", FIRST, ahead=TOO_FAR_AHEAD_MS)
    await story.act("ProgressReported", "FIELD_OFFICER")
    await story.push(limit=1)
    await story.pull()
    await story.act("Assigned", "CENTRE_OFFICER", SECOND)
    dropped, new = story.made[-2:]
    assert story.outbox == [(dropped, True), (new, False)]
    await story.require_shown(State.IN_PROGRESS, SECOND, new)
    await story.push()
    await story.pull()
    await story.require_shown(State.IN_PROGRESS, SECOND)
