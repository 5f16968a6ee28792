"""Lists at the hub's desk: who may not know of confidential matters is told how many there are, and finds none."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.integration.hub.court import DAY_MS, HUB_COURT, RECEIVER, SENDER, Court, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.unit.ladder.ways import Order

from xiezhi.v1 import case_pb2, court_pb2, event_pb2, instruction_pb2, superior_service_pb2, urge_pb2
from xiezhi.v1 import deadline_service_pb2 as deadlines
from xiezhi.v1 import supervision_service_pb2 as supervision
from xiezhi.v1 import urge_service_pb2 as urges
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.errors import InvalidInput, NotFound
from xiezhi_domain.events.header import Base
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Kind, Role
from xiezhi_hub.deadlines.service import DeadlineService
from xiezhi_hub.superior.service import SuperiorService
from xiezhi_hub.supervision.service import SupervisionService
from xiezhi_hub.urging.service import UrgeService
from xiezhi_journal import tables
from xiezhi_journal.journal import system_clock
from xiezhi_wire.caller import Caller, acting

KNOWING = (Role.SUPERVISOR, Role.AUDITOR, Role.DUTY_OFFICER, Role.CENTRE_OFFICER, Role.COURT_LEADER)
UNKNOWING = (Role.STATISTICIAN, Role.INTEGRATION)
CASE = "（2026）苏0591执1号"


@dataclass
class Desk:
    """The hub's services, and two open matters: a confidential one and one that everybody may know of."""

    hub: Serving
    confidential: str
    number: str
    public: str
    sender: Court

    def __post_init__(self) -> None:
        parts = self.hub.parts
        journal, seat, gate = parts.hub.journal, parts.hub.seat, parts.gate
        self.journal = journal
        self._services = (
            SupervisionService(journal, seat, lambda: ()),
            DeadlineService(journal, for_nodes=False),
            SuperiorService(journal, seat, gate),
            UrgeService(journal, seat, gate),
        )

    async def ask(self, role: Role, method: str, request: Any) -> Any:
        service = next(each for each in self._services if method in type(each).__dict__)
        with acting(caller(role)):
            return await getattr(service, method)(request, None)

    async def ids(self, role: Role, **narrowed: object) -> tuple[set[str], int]:
        """What 全市事项 shows, and how many it leaves out."""
        found = await self.ask(role, "ListMatters", supervision.ListMattersRequest(**narrowed))
        return {each.instruction_id for each in found.instructions}, found.withheld


def caller(role: Role) -> Caller:
    return Caller(f"h-{role.lower()}", f"中院{role.zh}", HUB_COURT, frozenset({role}), session_id="s")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with new_hub(tmp_path / "hub") as hub:
        sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
        find, handover = (begun(sender, kind) for kind in (Kind.FIND, Kind.HANDOVER))
        for order in (find, handover):
            await take_on(hub, sender, receiver, order)
        for role in (*KNOWING, *UNKNOWING):
            who = caller(role)
            account = Account(who.account_id, who.account_id, officer(who.name), who.roles, "")
            await hub.parts.hub.journal.write(
                lambda connection, new=account: store.add_account(connection, new)
            )
        number = str(header_of(find).facts["number"])
        yield Desk(hub, instruction_of(find), number, instruction_of(handover), sender)


def facts_of(kind: Kind, now: int) -> dict[str, Any]:
    rules = shipped_rulebook().rules(kind, SENDER, RECEIVER)
    return {**Order(SENDER, RECEIVER).facts(rules, now), "documents": 0}


def begun(sender: Court, kind: Kind) -> StoredEvent:
    """A matter of this kind about the case."""
    now = system_clock()
    body = event_pb2.Body()
    body.parts.add(name="case", salt=bytes(32), content=case_pb2.Case(case_number=CASE).SerializeToString())
    return sender.begin(RECEIVER, facts_of(kind, now), body, at=now)


def officer(name: str) -> court_pb2.Officer:
    return court_pb2.Officer(name=name, phone="0512-00000001")


async def take_on(hub: Serving, sender: Court, receiver: Court, order: StoredEvent) -> None:
    arrived = receiver.follow("Delivered", order, SENDER)
    signed = receiver.follow("Signed", arrived, SENDER, {"role": "CENTRE_OFFICER"})
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    assert await hub.parts.intake.rule(RECEIVER, [arrived, signed]) == [None, None]


async def is_unknown(call: Awaitable[Any]) -> bool:
    try:
        await call
    except NotFound:
        return True
    return False


@pytest.mark.parametrize("role", UNKNOWING)
async def test_lists_leave_them_out_and_say_how_many(desk: Desk, role: Role) -> None:
    both = {desk.confidential, desk.public}
    for knowing in KNOWING:
        assert await desk.ids(knowing) == (both, 0)
    assert await desk.ids(role) == ({desk.public}, 1)
    assert await desk.ids(role, court=RECEIVER, open_only=True) == ({desk.public}, 1)
    assert await desk.ids(role, states=[instruction_pb2.INSTRUCTION_STATE_SIGNED]) == ({desk.public}, 1)
    assert await desk.ids(role, court="苏0509") == (set(), 0)
    overview = await desk.ask(role, "GetOverview", supervision.GetOverviewRequest())
    assert {each.court: each.received_open for each in overview.courts}[RECEIVER] == 2


@pytest.mark.parametrize("role", UNKNOWING)
async def test_nothing_that_is_hidden_can_be_searched_for(desk: Desk, role: Role) -> None:
    for narrowed in (
        {"number": desk.number},
        {"case_number": CASE},
        {"kinds": [Kind.FIND]},
        {"due_from": "2020-01-01"},
        {"due_until": "2099-12-31"},
    ):
        found, withheld = await desk.ids(role, **narrowed)
        assert (found - {desk.public}, withheld) == (set(), 0), narrowed
    for name in (desk.confidential, desk.number):
        purpose = {"purpose": "核对"}
        for method, request in (
            ("GetMatter", superior_service_pb2.GetMatterRequest(instruction_id=name)),
            ("ReadMatter", superior_service_pb2.ReadMatterRequest(instruction_id=name, **purpose)),
            ("ListMatterDeadlines", deadlines.ListMatterDeadlinesRequest(instruction_id=name)),
            ("GetSupervisedHistory", supervision.GetSupervisedHistoryRequest(instruction_id=name)),
        ):
            assert await is_unknown(desk.ask(role, method, request)), method
    known = superior_service_pb2.GetMatterRequest(instruction_id=desk.number)
    assert (await desk.ask(Role.DUTY_OFFICER, "GetMatter", known)).matter.summary.case_number == CASE


async def test_pages_and_exports_have_nothing_of_them(desk: Desk) -> None:
    role = Role.STATISTICIAN
    request = supervision.ListMattersRequest(page_size=1)
    first = await desk.ask(role, "ListMatters", request)
    assert ([each.instruction_id for each in first.instructions], first.next_page_token) == (
        [desk.public],
        "",
    )
    with acting(caller(role)):
        wanted = supervision.ExportMattersRequest(purpose="核对台账")
        service = SupervisionService(desk.journal, desk.hub.parts.hub.seat, lambda: ())
        rows = [row async for part in service.ExportMatters(wanted, None) for row in part.instructions]
    assert [each.instruction_id for each in rows] == [desk.public]


async def test_what_is_late_is_counted_without_a_name(desk: Desk) -> None:
    desk.journal.clock = lambda: system_clock() + 60 * DAY_MS
    late, due = supervision.ListOverdueRequest(), deadlines.ListDeadlinesRequest(overdue_only=True)
    named = await desk.ask(Role.SUPERVISOR, "ListOverdue", late)
    assert (desk.confidential in {each.instruction_id for each in named.instructions}, named.withheld) == (
        True,
        0,
    )
    bare = await desk.ask(Role.STATISTICIAN, "ListOverdue", late)
    assert len(bare.instructions) + bare.withheld == len(named.instructions)
    assert desk.confidential not in {each.instruction_id for each in bare.instructions}
    every = await desk.ask(Role.SUPERVISOR, "ListDeadlines", due)
    assert desk.confidential in {each.instruction_id for each in every.deadlines}
    some = await desk.ask(Role.STATISTICIAN, "ListDeadlines", due)
    assert (desk.confidential in {each.instruction_id for each in some.deadlines}, some.withheld) == (
        False,
        1,
    )
    by_limit = deadlines.ListDeadlinesRequest(overdue_only=True, clock="handle")
    assert (await desk.ask(Role.STATISTICIAN, "ListDeadlines", by_limit)).withheld == 0


async def test_what_names_a_confidential_matter_is_as_hidden(desk: Desk) -> None:
    program, supervisor, leader = Role.INTEGRATION, Role.SUPERVISOR, Role.COURT_LEADER
    about = {
        "about": "HANDLING",
        "subject": "关于尽快办结的督办",
        "requirement": "请即办结",
        "ground": "逾期",
    }
    drafts = []
    for at, matter in enumerate((desk.confidential, desk.public)):
        target = urge_pb2.UrgeTarget(court=RECEIVER, instruction_ids=[matter])
        order = urge_pb2.UrgeOrder(targets=[target], **about)
        request = urges.DraftUrgeRequest(request_id=f"draft-{at}", order=order)
        drafts.append((await desk.ask(supervisor, "DraftUrge", request)).draft)
        if matter == desk.confidential:
            with pytest.raises(InvalidInput):
                await desk.ask(program, "DraftUrge", request)
    listed = urges.ListUrgeDraftsRequest()
    seen = {each.draft_id for each in (await desk.ask(program, "ListUrgeDrafts", listed)).drafts}
    assert seen == {drafts[1].draft_id}
    assert len((await desk.ask(supervisor, "ListUrgeDrafts", listed)).drafts) == 2
    issued = []
    for draft in drafts:
        approve = urges.ApproveUrgeRequest(
            request_id=f"approve-{draft.draft_id}", draft_id=draft.draft_id, seen=draft.content_hash
        )
        [receipt] = (await desk.ask(leader, "ApproveUrge", approve)).receipts
        issued.append(receipt.instruction_id)
    found = await desk.ask(program, "ListUrges", urges.ListUrgesRequest())
    assert ([each.instruction_id for each in found.urges], found.withheld) == ([issued[1]], 1)
    read = [urges.GetUrgeRequest(instruction_id=each, purpose="跟踪") for each in issued]
    assert await is_unknown(desk.ask(program, "GetUrge", read[0]))
    assert not await is_unknown(desk.ask(program, "GetUrge", read[1]))
    assert not await is_unknown(desk.ask(supervisor, "GetUrge", read[0]))


async def test_a_refused_event_hides_nobodys_matter(desk: Desk) -> None:
    now, body = system_clock(), event_pb2.Body()
    facts = facts_of(Kind.HANDOVER, now) | {"links": [desk.confidential]}
    header = desk.sender.header("Issued", desk.public, RECEIVER, Base(), facts, body, now)
    [record] = desk.sender.sign((header, body))
    assert await desk.hub.parts.intake.rule(SENDER, [record]) == [None]
    kept = await desk.journal.read(lambda connection: list(connection.scalars(select(tables.naming.c.named))))
    assert kept == [desk.confidential]
    assert await desk.ids(Role.STATISTICIAN) == ({desk.public}, 1)
