"""Matters of other channels, the channel that a matter has to take, and trials."""

from datetime import timedelta

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, RECEIVER, SENDER, Pair, a_case, an_order, new_id

from xiezhi.v1 import (
    case_service_pb2,
    channel_pb2,
    find_service_pb2,
    instruction_pb2,
    instruction_service_pb2,
    trial_service_pb2,
)
from xiezhi.v1 import outside_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Conflict, InvalidInput, NotFound, Reason, WrongState
from xiezhi_node.acting.channel import KeepPolicy
from xiezhi_node.outside.service import OutsideService
from xiezhi_node.trial.service import TrialService
from xiezhi_wire.caller import acting


class Book:
    """The sender's book of other channels, as one of its people keeps it."""

    def __init__(self, pair: Pair, name: str = "centre") -> None:
        self.pair, self.court, self.name = pair, pair.sender, name
        self.service = OutsideService(self.court.node.journal, self.court.node.seat)

    async def call(self, method: str, request: object, name: str = "") -> object:
        with acting(self.court.callers[name or self.name]):
            return await getattr(self.service, method)(request, None)

    def day(self, offset: int) -> str:
        return (to_date(self.pair.clock.now) + timedelta(days=offset)).isoformat()

    def matter(self, number: str = "委2025-1", **changes: object) -> pb.OutsideMatter:
        values = {
            "channel": channel_pb2.CHANNEL_NATIONAL_SYSTEM,
            "external_number": number,
            "kind": "FIND",
            "box": instruction_service_pb2.BOX_RECEIVED,
            "other_court": "京0101",
            "case_number": CASE,
            "subject_names": "测试甲",
            "officer_login": f"{SENDER}-field",
            "began_on": self.day(-40),
            "due_on": self.day(-10),
            "state": instruction_pb2.INSTRUCTION_STATE_IN_PROGRESS,
            "backfilled": True,
        }
        return pb.OutsideMatter(**(values | changes))

    async def register(self, *matters: pb.OutsideMatter, **more: object) -> list[pb.OutsideResult]:
        rows = [pb.OutsideRow(request_id=f"r{at}", row=at, matter=each) for at, each in enumerate(matters, 2)]
        request = pb.RegisterOutsideRequest(rows=rows, **more)
        return list((await self.call("RegisterOutside", request)).results)

    async def step(self, outside_id: str, state: int, **more: object) -> pb.OutsideMatter:
        values = {"request_id": new_id(self.pair.clock), "happened_on": self.day(0), "text": "已收到函件"}
        request = pb.RecordOutsideStepRequest(outside_id=outside_id, state=state, **(values | more))
        return (await self.call("RecordOutsideStep", request)).matter

    async def listed(self, name: str = "", **filters: object) -> list[str]:
        answer = await self.call("ListOutside", pb.ListOutsideRequest(**filters), name)
        return [matter.external_number for matter in answer.matters]


async def test_todays_open_matters_are_taken_over_with_their_real_dates(pair: Pair) -> None:
    book = Book(pair)
    wrong = book.matter("", kind="NONE", began_on="昨天", state=instruction_pb2.INSTRUCTION_STATE_DRAFT)
    dry = await book.register(book.matter(), wrong, check_only=True)
    assert not dry[0].problems
    assert {problem.field for problem in dry[1].problems} == {"external_number", "kind", "began_on", "state"}
    assert await book.listed() == []

    first = await book.register(book.matter(), wrong, book.matter("委2025-2", due_on=book.day(1)))
    made = first[0].matter
    assert set(made.marks) == {instruction_pb2.MARK_BACKFILLED, instruction_pb2.MARK_OVERDUE}
    assert (made.officer_name, made.began_on) == ("测试field", book.day(-40))
    assert made.ranked_from > book.day(0)
    assert set(first[2].matter.marks) == {instruction_pb2.MARK_BACKFILLED, instruction_pb2.MARK_DUE_SOON}
    again = await book.register(book.matter(), wrong, book.matter("委2025-2", due_on=book.day(1)))
    assert [each.matter.outside_id for each in again] == [each.matter.outside_id for each in first]
    other = pb.OutsideRow(request_id="again", row=9, matter=book.matter())
    answer = await book.call("RegisterOutside", pb.RegisterOutsideRequest(rows=[other]))
    assert "已登记" in answer.results[0].problems[0].message
    assert await book.listed(overdue_only=True) == ["委2025-1"]


async def test_registered_matters_are_narrowed_as_those_of_the_platform(pair: Pair) -> None:
    book = Book(pair)
    await book.register(
        book.matter(), book.matter("委2025-2", due_on=book.day(5), other_court="北京市某法院")
    )

    async def found(**filters: object) -> list[str]:
        # Registered in the same millisecond: neither is the newer one.
        return sorted(await book.listed(filter=instruction_service_pb2.ListInstructionsRequest(**filters)))

    both = ["委2025-1", "委2025-2"]
    assert await found(text="委2025", kinds=["FIND"], person="测试甲", case_number=CASE[:6]) == both
    assert await found(person="测试field") == both
    assert await found(mine_only=True) == []
    assert await found(other_court="北京") == ["委2025-2"]
    assert await found(due_from=book.day(-9)) == ["委2025-2"]
    assert await found(due_until=book.day(4)) == ["委2025-1"]
    for nothing in ({"kinds": ["HANDOVER"]}, {"states": [instruction_pb2.INSTRUCTION_STATE_CONFIRMED]}):
        assert await found(**nothing) == []
    with pytest.raises(InvalidInput) as refused:
        await found(due_from="昨天")
    assert refused.value.fields[0].field == "due_from"


async def test_states_are_typed_by_hand_until_it_is_over(pair: Pair) -> None:
    book = Book(pair)
    [result] = await book.register(book.matter())
    matter = result.matter.outside_id
    with pytest.raises(InvalidInput, match="办结后才能填写结果"):
        await book.step(
            matter, instruction_pb2.INSTRUCTION_STATE_REPORTED, result=instruction_pb2.RESULT_ALL_DONE
        )
    await book.step(matter, instruction_pb2.INSTRUCTION_STATE_REPORTED, happened_on=book.day(-2))
    done = await book.step(
        "委2025-1", instruction_pb2.INSTRUCTION_STATE_CONFIRMED, result=instruction_pb2.RESULT_ALL_DONE
    )
    assert (done.result, list(done.marks)) == (
        instruction_pb2.RESULT_ALL_DONE,
        [instruction_pb2.MARK_BACKFILLED],
    )
    with pytest.raises(WrongState):
        await book.step(matter, instruction_pb2.INSTRUCTION_STATE_IN_PROGRESS)
    history = await book.call("GetOutside", pb.GetOutsideRequest(outside_id=matter))
    assert [step.happened_on for step in history.steps] == [book.day(-40), book.day(-2), book.day(0)]
    assert await book.listed(open_only=True) == []


async def test_a_confidential_matter_is_seen_by_those_who_work_on_it(pair: Pair) -> None:
    book = Book(pair)
    [result] = await book.register(book.matter())
    assert await book.listed("field") == ["委2025-1"]
    assert await book.listed("other_field") == []
    with pytest.raises(NotFound):
        await book.call(
            "GetOutside", pb.GetOutsideRequest(outside_id=result.matter.outside_id), "other_field"
        )


async def test_what_the_policy_sends_elsewhere_is_not_drafted_here(pair: Pair) -> None:
    book = Book(pair)
    check = pb.CheckChannelRequest(kind="FIND", receiver=RECEIVER)
    assert (await book.call("CheckChannel", check)).channel == channel_pb2.CHANNEL_PLATFORM
    abroad = await book.call("CheckChannel", pb.CheckChannelRequest(kind="FIND", receiver="京0101"))
    assert abroad.channel == channel_pb2.CHANNEL_NATIONAL_SYSTEM
    assert abroad.message.startswith("请在全国事项委托系统办理")
    await pair.issued()
    rule = channel_pb2.ChannelRule(
        kind="FIND", receiver=RECEIVER, channel=channel_pb2.CHANNEL_NATIONAL_SYSTEM
    )
    policy = channel_pb2.ChannelPolicy(version=1, rules=[rule], set_at=to_timestamp(pair.clock.now))
    await pair.sender.node.journal.submit(KeepPolicy(policy))
    advice = await book.call("CheckChannel", check)
    assert (advice.channel, advice.policy_version) == (channel_pb2.CHANNEL_NATIONAL_SYSTEM, 1)
    refused = await refusal(
        pair.sender.as_("judge").finds.DraftFind(
            find_service_pb2.DraftFindRequest(request_id=new_id(pair.clock), order=an_order())
        )
    )
    assert (refused.reason, refused.message) == (Reason.FORBIDDEN, advice.message)
    await pair.sender.node.journal.submit(
        KeepPolicy(channel_pb2.ChannelPolicy(version=2, set_at=to_timestamp(pair.clock.now)))
    )
    await pair.issued()


async def test_a_trial_is_marked_and_cleared_without_touching_anything_else(pair: Pair) -> None:
    journal = pair.sender.node.journal
    service, book = TrialService(journal), Book(pair)

    async def clear(seen: int) -> trial_service_pb2.Trial:
        request = trial_service_pb2.ClearTrialRequest(seen=seen)
        with acting(pair.sender.callers["administrator"]):
            return (await service.ClearTrial(request, None)).trial

    with pytest.raises(WrongState, match="没有正在进行"):
        await clear(0)
    with acting(pair.sender.callers["administrator"]):
        await service.StartTrial(trial_service_pb2.StartTrialRequest(), None)
    sent = await pair.issued()
    await pair.sender.as_("judge").cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id="case", case_file=a_case())
    )
    await pair.sender.as_("judge").finds.DraftFind(
        find_service_pb2.DraftFindRequest(request_id="draft", order=an_order())
    )
    await book.register(book.matter())
    trial = (await service.GetTrial(trial_service_pb2.GetTrialRequest(), None)).trial
    assert (trial.drafts, trial.open_matters, trial.outside_matters) == (1, 1, 1)
    for court in (pair.sender, pair.receiver):
        rows = await court.as_("centre").matters.ListInstructions(
            instruction_service_pb2.ListInstructionsRequest(box=instruction_service_pb2.BOX_UNSPECIFIED)
        )
        assert all("试〔" in row.matter_number for row in rows.instructions)
    with pytest.raises(WrongState, match="1 件已推送"):
        await clear(2)
    await pair.sender.as_("judge").matters.WithdrawInstruction(
        instruction_service_pb2.WithdrawInstructionRequest(
            request_id="withdraw", instruction_id=sent, reason="试运行结束"
        )
    )
    await pair.exchange()
    with pytest.raises(Conflict):
        await clear(9)
    assert not (await clear(2)).running
    left = await pair.sender.as_("centre").matters.ListInstructions(
        instruction_service_pb2.ListInstructionsRequest()
    )
    assert (list(left.instructions), await book.listed()) == ([], [])
    real = await pair.issued()
    summary = (
        await pair.sender.as_("centre").matters.GetInstruction(
            instruction_service_pb2.GetInstructionRequest(instruction_id=real)
        )
    ).instruction.summary
    assert "委〔" in summary.matter_number
    with pytest.raises(WrongState, match="正式事项"), acting(pair.sender.callers["administrator"]):
        await service.StartTrial(trial_service_pb2.StartTrialRequest(), None)
