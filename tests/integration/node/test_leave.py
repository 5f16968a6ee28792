"""Leave, substitution and hand-over at a court that receives."""

import dataclasses
from datetime import timedelta
from functools import partial
from pathlib import Path

import grpc
import pytest
from argon2.profiles import CHEAPEST
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, new_id

from xiezhi.v1 import account_service_pb2, instruction_service_pb2
from xiezhi.v1 import leave_service_pb2 as pb
from xiezhi_desk.accounts.assembly import AccountRules, account_services
from xiezhi_desk.accounts.convert import to_message
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.accounts.store import get_account
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import DomainError, InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_node.leave.owned import require_nothing_owned
from xiezhi_node.leave.service import LeaveService
from xiezhi_node.leave.store import stands_in_for
from xiezhi_wire.caller import acting
from xiezhi_wire.second_factor import NO_DEMAND

DAY = 24 * 3_600_000


class Desk:
    """The leave service of the receiver, as one of its people calls it."""

    def __init__(self, pair: Pair, name: str = "director") -> None:
        self.pair, self.court, self.name = pair, pair.receiver, name
        self.service = LeaveService(self.court.node.journal, self.court.node.seat, lambda _account: None)
        self.sessions = Sessions(self.court.node.journal, substitutions=stands_in_for)

    def day(self, offset: int) -> str:
        return (to_date(self.pair.clock.now) + timedelta(days=offset)).isoformat()

    async def leave(self, who: str, substitute: str = "", first: int = 0, last: int = 0) -> pb.Leave:
        request = pb.EnterLeaveRequest(
            request_id=new_id(self.pair.clock),
            account_id=self.court.account(who),
            substitute_id=self.court.account(substitute) if substitute else "",
            first_day=self.day(first),
            last_day=self.day(last),
            reason="年休假",
        )
        with acting(self.court.callers[self.name]):
            return (await self.service.EnterLeave(request, None)).leave

    async def sign_in(self, name: str) -> None:
        """Let the person act in a real session, which knows for whom he stands in."""
        started, begin = self.sessions.begin(self.court.account(name))
        await self.court.node.journal.write(begin)
        self.court.callers[name] = await self.sessions.lookup(started.token)

    async def hand_over(self, who: str, successor: str = "", reason: str = "LEFT") -> list[pb.HandOverResult]:
        request = pb.HandOverRequest(
            request_id=new_id(self.pair.clock),
            account_id=self.court.account(who),
            successor_id=self.court.account(successor) if successor else "",
            reason=reason,
        )
        with acting(self.court.callers[self.name]):
            answers = [await self.service.HandOver(request, None) for _ in range(2)]
        assert [each.done for each in answers[0].results][: len(answers[1].results)] == [
            each.done for each in answers[1].results
        ]
        return list(answers[0].results)

    async def owned(self, who: str) -> list[str]:
        request = pb.ListOwnedRequest(account_id=self.court.account(who))
        answer = await self.service.ListOwned(request, None)
        return [matter.instruction_id for matter in answer.matters]


async def test_a_longer_leave_needs_a_substitute_who_can_do_the_work(pair: Pair) -> None:
    desk = Desk(pair)
    assert (await desk.leave("field")).substitute_id == ""
    with pytest.raises(InvalidInput, match="须先指定代理人"):
        await desk.leave("field", first=1, last=1)
    with pytest.raises(InvalidInput, match="须先指定代理人"):
        await desk.leave("other_field", first=1, last=2)
    with pytest.raises(InvalidInput, match="缺少岗位"):
        await desk.leave("other_field", "auxiliary", first=1, last=2)
    made = await desk.leave("field", "other_field", first=1, last=5)
    assert (made.substitute_name, made.current) == ("测试other_field", False)
    with pytest.raises(WrongState, match="已登记请假"):
        await desk.leave("field", "other_field", first=5, last=6)
    with pytest.raises(WrongState, match="为他人代理"):
        await desk.leave("other_field", first=3, last=3)
    with pytest.raises(NotAllowed):
        await Desk(pair, "field").leave("other_field", first=9, last=9)


async def test_a_substitute_sees_and_acts_for_as_long_as_the_leave_lasts(pair: Pair) -> None:
    matter = await pair.issued()
    await pair.assigned(matter)
    desk = Desk(pair)
    look = instruction_service_pb2.GetInstructionRequest(instruction_id=matter)
    substitute = pair.receiver.as_("other_field").matters
    assert (await refusal(substitute.GetInstruction(look))).reason == Reason.UNKNOWN_INSTRUCTION
    await desk.leave("field", "other_field", first=0, last=2)
    await desk.sign_in("other_field")
    full = await substitute.GetInstruction(
        instruction_service_pb2.GetInstructionRequest(instruction_id=matter, unmask=True, purpose="代理办理")
    )
    assert full.instruction.case_file.subjects[0].person.identity_number == "320500189901010016"
    report = instruction_service_pb2.ReportProgressRequest(
        request_id=new_id(pair.clock), instruction_id=matter, text="已由代理人联系"
    )
    assert (await substitute.ReportProgress(report)).receipt.pending
    caller = pair.receiver.callers["other_field"]
    assert not await desk.sessions.signed_out({caller})
    pair.clock.now += 3 * DAY
    assert await desk.sessions.signed_out({caller}) == [caller]
    await desk.sign_in("other_field")
    assert (await refusal(substitute.GetInstruction(look))).code == grpc.StatusCode.NOT_FOUND


async def test_open_matters_go_to_a_successor_and_the_other_court_hears_of_it(pair: Pair) -> None:
    first, second = await pair.issued(), await pair.issued()
    for matter in (first, second):
        await pair.assigned(matter)
    desk = Desk(pair)
    assert await desk.owned("field") == [first, second]
    with pytest.raises(InvalidInput, match="请选择变更原因"):
        await desk.hand_over("field", "other_field", reason="WHY")
    results = await desk.hand_over("field", "other_field")
    assert [(each.matter_id, each.done) for each in results] == [(first, True), (second, True)]
    assert all(each.matter_number for each in results)
    assert (await desk.owned("field"), await desk.owned("other_field")) == ([], [first, second])
    await pair.exchange()
    timeline = await pair.sender.as_("centre").matters.GetTimeline(
        instruction_service_pb2.GetTimelineRequest(instruction_id=first)
    )
    changed = timeline.entries[-1]
    assert (changed.kind, changed.pending) == ("OfficerChanged", False)
    assert "测试other_field" in changed.text
    rebuilt = pair.receiver.node.journal.rebuild()
    assert rebuilt.matters == 2
    assert await desk.owned("other_field") == [first, second]


async def test_without_a_successor_the_director_owns_it_and_nothing_is_left_alone(
    pair: Pair, tmp_path: Path
) -> None:
    matter = await pair.issued()
    await pair.assigned(matter)
    desk, journal = Desk(pair), pair.receiver.node.journal
    passwords = Passwords(CHEAPEST)
    accounts = account_services(
        journal,
        passwords,
        desk.sessions,
        AccountRules(tmp_path / "accounts.secret", NO_DEMAND),
        partial(require_nothing_owned, clock=journal.clock),
    )[0].servicer

    async def disable(who: str = "field") -> None:
        account = await journal.read(lambda connection: get_account(connection, pair.receiver.account(who)))
        message = to_message(dataclasses.replace(account, disabled=True))
        request = account_service_pb2.UpdateAccountRequest(request_id=new_id(pair.clock), account=message)
        with acting(pair.receiver.callers["administrator"]):
            await accounts.UpdateAccount(request, None)

    with pytest.raises(DomainError, match="还有 1 件未结事项"):
        await disable()
    assert [each.done for each in await desk.hand_over("field")] == [True]
    assert await desk.owned("director") == [matter]
    await disable()
    await desk.leave("judge", "other_judge", first=1, last=1)
    with pytest.raises(DomainError, match="为他人代理"):
        await disable("other_judge")
    passwords.close()
