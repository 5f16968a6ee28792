"""The side paths of the ladder, as the people of two courts meet them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CHIEF,
    COLLEAGUE,
    DIRECTOR,
    DISPATCHER,
    DONE,
    GUSU,
    JUDGE,
    LETTER,
    NOTICE,
    PARK,
    RECORD,
    SEALER,
    SPECIALIST,
    TWO_HATS,
    order,
)
from tests.stage.plugin import Stage

from xiezhi_client.sdk import (
    Conflict,
    Document,
    ItemOutcome,
    ItemRejection,
    NotAllowed,
    NotFound,
    ReturnedWork,
    WrongState,
    XiezhiError,
    new_request_id,
)

pytestmark = pytest.mark.long


async def test_a_matter_goes_its_whole_way(company: Company) -> None:
    matter = await company.report()
    judge = await company.client(JUDGE)
    await judge.instructions.confirm(matter, "结果已收悉")
    for player in (JUDGE, DISPATCHER):
        await company.until(player, matter, "CONFIRMED", settled=True)
    assert await company.kinds(DISPATCHER, matter) == [
        *("Issued", "Delivered", "Signed", "Assigned", "Completed", "Confirmed")
    ]
    assert await company.check_copies(matter) == 6
    await company.check_receipts(matter)


async def test_a_rejected_draft_is_mended_and_sent(company: Company) -> None:
    matter = await company.draft()
    judge, chief = await company.client(JUDGE), await company.client(CHIEF)
    await judge.instructions.submit(matter)
    await chief.instructions.reject_approval(matter, "请写明线索来源")
    seen = await judge.instructions.get(matter)
    assert seen.summary.state == "APPROVAL_REJECTED"
    assert "请写明线索来源" in seen.returned_reason
    await judge.find.draft(order(seen.documents, request_text="线索由申请执行人提供。"), matter)
    await judge.instructions.submit(matter)
    await chief.instructions.approve(matter, "同意")
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
    received = await (await company.client(DISPATCHER)).instructions.get(matter)
    assert received.request_text == "线索由申请执行人提供。"


async def test_nobody_signs_for_what_was_withdrawn(company: Company) -> None:
    matter = await company.deliver()
    judge, dispatcher = await company.client(JUDGE), await company.client(DISPATCHER)
    await judge.instructions.withdraw(matter, "当事人已履行")
    await company.until(DISPATCHER, matter, "WITHDRAWN", settled=True)
    with pytest.raises(WrongState, match="已撤回"):
        await dispatcher.instructions.sign(matter)
    assert await company.check_copies(matter) == 3


async def test_a_result_is_rejected_and_done_again(company: Company) -> None:
    matter = await company.report()
    judge, specialist = await company.client(JUDGE), await company.client(SPECIALIST)
    await judge.instructions.reject_result(
        matter, [ItemRejection(number=2, reason="NOT_AS_ORDERED", note="请于周末再次上门")], "请补办"
    )
    await company.until(SPECIALIST, matter, "REWORK", settled=True)
    again = ItemOutcome(number=2, outcome="DONE", note="周末上门，房屋由其本人居住")
    await specialist.instructions.complete(matter, "已补办", [again])
    await company.until(JUDGE, matter, "REPORTED", settled=True)
    outcomes = (await judge.instructions.get(matter)).outcomes
    assert [(each.number, each.outcome) for each in outcomes] == [(1, "DONE"), (2, "DONE")]
    await judge.instructions.confirm(matter)
    await company.until(DISPATCHER, matter, "CONFIRMED", settled=True)
    assert await company.check_copies(matter) == 8


async def test_a_handed_back_matter_goes_to_a_colleague(company: Company) -> None:
    matter = await company.deliver()
    await company.assign(matter, SPECIALIST)
    specialist = await company.client(SPECIALIST)
    await specialist.instructions.hand_back(matter, "本周外出培训")
    assert (await company.summary(DISPATCHER, matter)).state == "SIGNED"
    await company.assign(matter, COLLEAGUE)
    colleague = await company.client(COLLEAGUE)
    await colleague.instructions.complete(matter, "已办理", DONE)
    await company.until(JUDGE, matter, "REPORTED", settled=True)
    assert (await company.summary(DISPATCHER, matter)).officer == COLLEAGUE.name


async def test_a_return_needs_a_talk_and_a_second_person(company: Company) -> None:
    matter = await company.deliver()
    two_hats, director = await company.client(TWO_HATS), await company.client(DIRECTOR)
    await two_hats.instructions.propose_return(matter, "DUPLICATE", "与前一件重复", TWO_HATS.officer)
    with pytest.raises(WrongState, match="此前应先进行“记录沟通”"):
        await director.instructions.approve_return(matter, "同意退回")
    await two_hats.instructions.log_contact(matter, JUDGE.officer, "陈法官确认重复，同意退回")
    with pytest.raises(NotAllowed) as refused:
        await two_hats.instructions.approve_return(matter, "同意退回")
    assert refused.value.reason == "SAME_PERSON"
    await director.instructions.approve_return(matter, "同意退回")
    await company.until(JUDGE, matter, "RETURNED", settled=True)
    assert await company.check_copies(matter) == 5


async def test_work_goes_on_after_a_refused_return(company: Company) -> None:
    matter = await company.deliver()
    await company.assign(matter)
    specialist, director = await company.client(SPECIALIST), await company.client(DIRECTOR)
    await specialist.instructions.propose_return(matter, "WRONG_DISTRICT", "不在辖区", SPECIALIST.officer)
    await company.until(JUDGE, matter, "RETURN_PROPOSED", settled=True)
    await director.instructions.refuse_return(matter, "地址在本院辖区，请继续办理")
    await company.complete(matter)
    await company.until(JUDGE, matter, "REPORTED", settled=True)


async def test_material_of_either_court_reaches_the_other_unchanged(company: Company, tmp_path: Path) -> None:
    matter = await company.deliver()
    await company.assign(matter)
    judge, specialist = await company.client(JUDGE), await company.client(SPECIALIST)
    for giver, taker, paper, paper_type in (
        (judge, specialist, NOTICE, "QUERY_NOTICE"),
        (specialist, judge, RECORD, "ENFORCEMENT_RECORD"),
    ):
        given = await giver.documents.upload(matter, paper, paper_type)
        await giver.instructions.supply_material(matter, (given,), "补充如下")
        taken = await eventually(lambda: _download(taker, matter, given, tmp_path))  # noqa: B023  awaited in the round
        assert taken.read_bytes() == paper.read_bytes()
    names = {document.name for document in (await judge.instructions.get(matter)).documents}
    assert names == {LETTER.name, NOTICE.name, RECORD.name}


async def _download(client: object, matter: str, document: Document, folder: Path) -> Path | None:
    try:
        return await client.documents.download(matter, document.sha256, folder)
    except (NotFound, WrongState):
        return None


async def test_an_urgent_matter_says_so_and_is_due_within_a_day(company: Company) -> None:
    matter = await company.deliver(
        urgency="URGENT", urgency_code="OTHER", urgency_reason="被执行人今晚离境", limit_days=0
    )
    received = await company.summary(DISPATCHER, matter)
    assert "URGENT" in received.marks
    assert received.due_at - received.issued_at <= timedelta(days=1)


async def test_a_repeated_request_answers_the_same_and_acts_once(company: Company) -> None:
    matter = await company.deliver()
    await company.assign(matter)
    specialist, request_id = await company.client(SPECIALIST), new_request_id()
    first = await specialist.instructions.report_progress(matter, "已上门", request_id=request_id)
    again = await specialist.instructions.report_progress(matter, "已上门", request_id=request_id)
    assert again.event_id == first.event_id
    with pytest.raises(Conflict) as refused:
        await specialist.instructions.report_progress(matter, "未上门", request_id=request_id)
    assert refused.value.reason == "REQUEST_ID_REUSED"
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 1


async def test_an_old_view_cannot_be_confirmed(company: Company) -> None:
    """The judge's window still shows the first report; meanwhile it was rejected and the matter reported again."""
    matter = await company.report()
    judge = await company.client(JUDGE)
    old_view = await company.summary(JUDGE, matter)
    await judge.instructions.reject_result(matter, [ItemRejection(number=2, reason="NOT_DONE", note="未办")])
    await company.until(SPECIALIST, matter, "REWORK", settled=True)
    await company.complete(matter)
    await company.until(JUDGE, matter, "REPORTED", settled=True)
    with pytest.raises(Conflict, match="请刷新后重新操作") as refused:
        await judge.instructions.confirm(matter, base_event_id=old_view.last_event_id)
    assert refused.value.reason == "STALE_BASE"
    new_view = await company.summary(JUDGE, matter)
    await judge.instructions.confirm(matter, base_event_id=new_view.last_event_id)


@pytest.mark.parametrize("first", [PARK, GUSU])
async def test_of_two_acts_behind_the_hubs_back_one_wins(stage: Stage, company: Company, first: str) -> None:
    """The sender withdraws, the receiver signs and assigns, the hub is away; it hears `first` first."""
    matter = await company.deliver()
    await stage.kill("hub")
    judge, dispatcher = await company.client(JUDGE), await company.client(DISPATCHER)
    withdrawn = await judge.instructions.withdraw(matter, "当事人已履行")
    assigned = await company.assign(matter)
    assert withdrawn.pending
    assert assigned.pending
    second = GUSU if first == PARK else PARK
    await stage.kill(second)
    await stage.start("hub")
    winner, loser = (judge, dispatcher) if first == PARK else (dispatcher, judge)
    state = "WITHDRAWN" if first == PARK else "IN_PROGRESS"
    await company.until(JUDGE if first == PARK else DISPATCHER, matter, state, settled=True)
    await stage.start(second)
    for player in (JUDGE, DISPATCHER):
        await company.until(player, matter, state, settled=True)

    returned = await eventually(lambda: _returned(loser, matter, 2 if first == PARK else 1))
    acts = {work.action for work in returned}
    assert acts == ({"SIGN", "ASSIGN"} if first == PARK else {"WITHDRAW"})
    refused = next(work for work in returned if work.action in ("SIGN", "WITHDRAW"))
    assert refused.reason == "WRONG_STATE"
    assert refused.message
    assert refused.winner.kind == ("Withdrawn" if first == PARK else "Assigned")
    assert refused.content.parts
    assert not await _returned(winner, matter, 0)

    for work in returned:
        await loser.instructions.dismiss_returned_work(work.event_id)
    assert not await _returned(loser, matter, 0)
    await company.check_copies(matter)


async def _returned(client: object, matter: str, at_least: int) -> list[ReturnedWork] | None:
    found = [work for work in await client.instructions.returned_work() if work.instruction_id == matter]
    return found if len(found) >= at_least else None


async def test_two_people_cannot_both_take_one_step(company: Company) -> None:
    matter = await company.deliver()
    clerks = [await company.client(DISPATCHER), await company.client(TWO_HATS)]
    answers = await asyncio.gather(
        *(clerk.instructions.sign(matter) for clerk in clerks), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, XiezhiError)]
    assert [type(error) for error in refused] == [WrongState]
    await company.until(JUDGE, matter, "SIGNED", settled=True)
    assert (await company.kinds(JUDGE, matter)).count("Signed") == 1
