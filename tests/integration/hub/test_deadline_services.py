"""Deadlines, the ladder, outages and calendars, as the hub's people ask for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.test_desk import PASSWORD, signed_in
from tests.integration.hub.test_scheduler import arrived, at
from tests.integration.hub.told import refusal

from xiezhi.v1 import deadline_pb2
from xiezhi.v1 import deadline_service_pb2 as deadlines
from xiezhi.v1 import escalation_service_pb2 as ladder
from xiezhi.v1.account_service_pb2 import SignInRequest
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceStub
from xiezhi.v1.escalation_service_pb2_grpc import EscalationServiceStub
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.escalation import shipped_rules
from xiezhi_domain.terms import EventKind, Mark, ProposalDecision, Role
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_published_calendar


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as serving:
        yield serving


def stamp(text: str) -> Timestamp:
    made = Timestamp()
    made.FromMilliseconds(parse_text(text))
    return made


def shown(timestamp: Timestamp) -> str:
    return to_text(timestamp.ToMilliseconds())


class People:
    """Somebody of the command centre, who signs in for every question: days pass between them."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._accounts = AccountServiceStub(channel)
        self._deadlines, self._ladder = DeadlineServiceStub(channel), EscalationServiceStub(channel)

    async def ask(self, method: str, request, role: Role = Role.CENTRE_DIRECTOR):
        asked = SignInRequest(login=role.lower(), password=PASSWORD)
        token = (await self._accounts.SignIn(asked)).session_token
        stub = self._ladder if hasattr(self._ladder, method) else self._deadlines
        return await getattr(stub, method)(request, metadata=(("authorization", f"Bearer {token}"),))


@pytest.fixture
async def people(hub: Serving) -> AsyncIterator[People]:
    async with signed_in(hub, Role.CENTRE_DIRECTOR), hub.anybody("desk") as channel:
        yield People(channel)


async def tick_to(hub: Serving, moment: str) -> None:
    at(hub, moment)
    while await hub.parts.scheduler.tick():
        pass


async def test_deadlines_of_a_matter_and_of_a_court(hub: Serving, people: People, tmp_path: Path) -> None:
    order = await arrived(hub, tmp_path)
    request = deadlines.ListMatterDeadlinesRequest(instruction_id=instruction_of(order))
    found = (await people.ask("ListMatterDeadlines", request)).deadlines
    states = {each.clock: deadline_pb2.DeadlineState.Name(each.state) for each in found}
    assert states == {
        "delivered": "DEADLINE_STATE_MET",
        "sign": "DEADLINE_STATE_MET",
        "handle": "DEADLINE_STATE_RUNNING",
    }
    at(hub, "2026-12-15 08:00")
    late = (await people.ask("ListDeadlines", deadlines.ListDeadlinesRequest(overdue_only=True))).deadlines
    assert [(each.clock, each.owner, shown(each.due_at)) for each in late] == [
        ("handle", RECEIVER, "2026-12-14 23:59")
    ]
    assert late[0].state == deadline_pb2.DEADLINE_STATE_BREACHED
    others = await people.ask("ListDeadlines", deadlines.ListDeadlinesRequest(court=SENDER))
    assert not others.deadlines


async def test_what_is_proposed_waits_for_a_decision(hub: Serving, people: People, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    await tick_to(hub, "2026-12-17 08:00")
    found = (await people.ask("ListProposals", ladder.ListProposalsRequest())).proposals
    assert [each.step for each in found] == ["call", "supervise"]
    deadline = found[0].deadline
    decided = ladder.DecideProposalRequest(
        request_id="decide-1",
        instruction_id=deadline.instruction_id,
        clock=deadline.clock,
        round=deadline.round,
        due_at=deadline.due_at,
        step=found[0].step,
        decision=deadline_pb2.PROPOSAL_DECISION_TAKEN,
    )
    await people.ask("DecideProposal", decided)
    left = (await people.ask("ListProposals", ladder.ListProposalsRequest())).proposals
    assert [each.step for each in left] == ["supervise"]
    # A later decision takes its place, and the first one, come again, does not undo that.
    dismissed = ladder.DecideProposalRequest(
        request_id="decide-2", decision=deadline_pb2.PROPOSAL_DECISION_DISMISSED
    )
    later = ladder.DecideProposalRequest()
    later.MergeFrom(decided)
    later.MergeFrom(dismissed)
    await people.ask("DecideProposal", later)
    await people.ask("DecideProposal", decided)
    query = select(tables.firing.c.decision).where(tables.firing.c.step == decided.step)
    found = await hub.parts.hub.journal.read(lambda connection: list(connection.scalars(query)))
    assert found == [ProposalDecision.DISMISSED]
    decided.decision = deadline_pb2.PROPOSAL_DECISION_DISMISSED
    assert (await refusal(people.ask("DecideProposal", decided)))[0] == grpc.StatusCode.ALREADY_EXISTS
    decided.request_id = ""
    assert (await refusal(people.ask("DecideProposal", decided)))[2] == ["request_id"]


async def test_the_dry_run_tells_what_the_scheduler_did(hub: Serving, people: People, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    await tick_to(hub, "2026-12-20 08:00")
    request = ladder.DryRunEscalationRequest(since=stamp("2026-12-01 00:00"), until=stamp("2026-12-20 08:00"))
    told = [each.step for each in (await people.ask("DryRunEscalation", request)).climbed]
    assert told == ["remind/3", "remind/1", "alert", "breach", "call", "supervise"]
    stricter = ladder.DryRunEscalationRequest(
        content='[step.talk]\nrung = "TALK"\nat = 1\nunit = "minutes"\n'
        'automatic = false\nclocks = ["handle"]\nsource = "x"\nconfirmed = true\n',
        since=stamp("2026-12-01 00:00"),
        until=stamp("2026-12-20 08:00"),
    )
    assert [each.step for each in (await people.ask("DryRunEscalation", stricter)).climbed] == ["talk"]


async def test_new_rules_hold_for_what_is_open(hub: Serving, people: People, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    call = '[step.call]\nrung = "CALL"\nat = '
    content = shipped_rules().content.replace(f"{call}1", f"{call}2")
    request = ladder.SetEscalationRulesRequest(request_id="rules-1", content=content)
    assert (await people.ask("SetEscalationRules", request)).version == 1
    assert (await people.ask("SetEscalationRules", request)).version == 1
    assert (await people.ask("GetEscalationRules", ladder.GetEscalationRulesRequest())).content == content
    await tick_to(hub, "2026-12-15 08:00")
    assert not (await people.ask("ListProposals", ladder.ListProposalsRequest())).proposals
    await tick_to(hub, "2026-12-16 08:00")
    assert len((await people.ask("ListProposals", ladder.ListProposalsRequest())).proposals) == 1


async def test_a_published_year_moves_deadlines_and_is_fed(
    hub: Serving, people: People, tmp_path: Path
) -> None:
    order = await arrived(hub, tmp_path)
    at(hub, "2026-12-07 12:00")
    request = ladder.PublishCalendarRequest(
        request_id="calendar-1",
        year=2026,
        source="测试安排",
        days=[ladder.CalendarDay(day="2026-12-14"), ladder.CalendarDay(day="2026-12-15")],
    )
    dry = ladder.PublishCalendarRequest(dry_run=True)
    dry.MergeFrom(request)
    tried = await people.ask("PublishCalendar", dry)
    assert (tried.moved, tried.event_id) == (1, "")
    assert not (await hub.parts.hub.journal.read(read_published_calendar)).published_at
    done = await people.ask("PublishCalendar", request)
    assert done == await people.ask("PublishCalendar", request)
    assert tried.hash == done.hash
    listed = await people.ask("ListMovedDeadlines", ladder.ListMovedDeadlinesRequest(event_id=done.event_id))
    moved = [(each.instruction_id, each.clock, shown(each.due_after)) for each in listed.deadlines]
    assert moved == [(instruction_of(order), "handle", "2026-12-16 23:59")]
    assert list(tried.deadlines) == list(listed.deadlines)
    assert listed.deadlines[0].matter_number.endswith("1号")
    assert done.moved == 1
    assert (await refusal(people.ask("PublishCalendar", dry)))[0] == grpc.StatusCode.INVALID_ARGUMENT
    items = await hub.parts.feeds.items(RECEIVER, 1, 0, 1 << 22)
    headers = [header_of(item) for item in items]
    [published] = [header for header in headers if header.kind == EventKind.CALENDAR_PUBLISHED]
    assert (published.facts["moved"], published.facts["calendar"]) == (1, done.hash)


async def test_other_working_hours_hold_from_their_day_on(
    hub: Serving, people: People, tmp_path: Path
) -> None:
    await arrived(hub, tmp_path)
    at(hub, "2026-12-07 12:00")
    hours = ladder.WorkingHours(
        spans=["08:30-12:00", "13:30-17:30"], source="苏中法〔2026〕9号", since="2026-12-07"
    )
    request = ladder.PublishCalendarRequest(
        request_id="hours-1",
        year=2026,
        source="测试安排",
        days=[ladder.CalendarDay(day="2026-12-31")],
        hours=hours,
    )
    assert (await refusal(people.ask("PublishCalendar", request)))[2] == ["hours.since"]
    request.hours.since = "2026-12-08"
    # What has begun before ends as it did.
    done = await people.ask("PublishCalendar", request)
    assert done.moved == 0
    # The answer was lost, and midnight went by: the first one still holds.
    at(hub, "2026-12-08 00:10")
    assert await people.ask("PublishCalendar", request) == done
    calendar, _ = await hub.parts.hub.journal.read(read_published_calendar)
    assert [each.texts for each in calendar.hours] == [list(hours.spans)]
    assert calendar.add_working_ms(parse_text("2026-12-07 17:50"), 1_800_000) == parse_text(
        "2026-12-08 08:50"
    )


async def test_an_outage_that_is_recorded_again_shifts_nothing_twice(
    hub: Serving, people: People, tmp_path: Path
) -> None:
    await arrived(hub, tmp_path)
    at(hub, "2026-12-09 10:00")
    request = ladder.RecordOutageRequest(
        request_id="outage-1",
        court=RECEIVER,
        started_at=stamp("2026-12-08 09:00"),
        ended_at=stamp("2026-12-09 09:00"),
        reason=deadline_pb2.OUTAGE_REASON_POWER,
    )
    done = await people.ask("RecordOutage", request)
    assert done == await people.ask("RecordOutage", request)
    assert len((await people.ask("ListOutages", ladder.ListOutagesRequest())).outages) == 1
    found = (await people.ask("ListDeadlines", deadlines.ListDeadlinesRequest(court=RECEIVER))).deadlines
    assert [shown(each.due_at) for each in found] == ["2026-12-15 23:59"]


async def test_who_may_not_know_of_confidential_matters_is_told_of_them_without_a_name(
    hub: Serving, people: People, tmp_path: Path
) -> None:
    order = await arrived(hub, tmp_path)
    now = hub.parts.hub.journal.clock()
    await tick_to(hub, "2027-02-01 10:00")
    hub.parts.hub.journal.clock = lambda: now
    asked = deadlines.ListNoticesRequest(court=RECEIVER)
    async with signed_in(hub, Role.STATISTICIAN):
        named = (await people.ask("ListNotices", asked)).notices
        unnamed = (await people.ask("ListNotices", asked, Role.STATISTICIAN)).notices
    assert {each.instruction_id for each in named} == {instruction_of(order)}
    assert [each.notice_id for each in unnamed] == [each.notice_id for each in named]
    assert {(each.instruction_id, each.clock, each.HasField("due_at")) for each in unnamed} == {
        ("", "", False)
    }
    assert all(each.text.endswith(f"：{Mark.CONFIDENTIAL.zh}") for each in unnamed)


async def test_a_node_hears_of_its_own_court_alone(hub: Serving, tmp_path: Path) -> None:
    sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    order = sender.issue(RECEIVER)
    await hub.parts.intake.rule(SENDER, [order])
    await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)])
    now = hub.parts.hub.journal.clock()
    hub.parts.hub.journal.clock = lambda: now + 30 * 86_400_000
    while await hub.parts.scheduler.tick():
        pass
    hub.parts.hub.journal.clock = lambda: now
    for court, told in ((receiver, True), (sender, False)):
        async with hub.connect(court) as channel:
            answer = await DeadlineServiceStub(channel).ListNotices(
                deadlines.ListNoticesRequest(court=RECEIVER)
            )
            assert bool(answer.notices) is told
            assert {each.court for each in answer.notices} <= {court.code}
