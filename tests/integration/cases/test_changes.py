"""Changes of cases: followed from the source or recorded, listed with what they concern, chosen about, red in time."""

import asyncio
from pathlib import Path

from tests.integration.cases.adapter import Adapter
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Pair
from tests.stage.company import eventually
from tests.unit.adapters.books import CASE_TOML

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi_domain.court_time import parse_text

DAY_MS = 86_400_000
CLOSED_ON = "2025-12-31"


def change_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases" / "甲案" / "case.toml").write_text(CASE_TOML + text, "utf-8")


async def listed(pair: Pair, name: str = "judge", **filters: bool) -> list[pb.ListedCaseChange]:
    cases = pair.sender.as_(name).cases
    return list((await cases.ListCaseChanges(pb.ListCaseChangesRequest(**filters))).changes)


async def record(pair: Pair, change: int, **values: str) -> str:
    told = case_pb2.CaseChange(case_number=CASE, change=change, **values)
    told.happened_at.FromMilliseconds(pair.clock.now)
    request = pb.RecordCaseChangeRequest(request_id=f"r-{pair.clock.now}", change=told)
    return (await pair.sender.as_("judge").cases.RecordCaseChange(request)).change_id


def choosing(change_id: str, matter: str, choice: int, reason: str = "") -> pb.ChooseForCaseChangeRequest:
    return pb.ChooseForCaseChangeRequest(
        request_id=f"c-{choice}-{reason}",
        change_id=change_id,
        instruction_id=matter,
        choice=choice,
        reason=reason,
    )


async def test_a_change_in_the_source_comes_once_with_its_open_instructions(
    pair: Pair, adapter: Adapter, tmp_path: Path
) -> None:
    matter = await pair.issued()
    change_file(tmp_path, f'\n[[changes]]\nchange = "终本"\non = {CLOSED_ON}\ntext = "无可供执行财产"\n')
    watching = asyncio.create_task(pair.sender.cases.watcher.run())
    [change] = await eventually(lambda: listed(pair))
    assert change.change.change == case_pb2.CASE_STATUS_CHANGE_TERMINATED_FOR_NOW
    assert [each.instruction.instruction_id for each in change.instructions] == [matter]
    # The source is started again and tells everything anew.
    await adapter.kill()
    await adapter.start()
    change_file(
        tmp_path,
        f'\n[[changes]]\nchange = "终本"\non = {CLOSED_ON}\n\n[[changes]]\nchange = "破产"\non = {CLOSED_ON}\n',
    )

    async def both() -> bool:
        return len(await listed(pair)) == 2

    await eventually(both)
    watching.cancel()


async def test_instructions_of_a_closed_case_turn_red_after_the_rulebooks_days(pair: Pair) -> None:
    matter = await pair.issued()
    pair.clock.now = parse_text("2026-01-05 10:00")
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_FULLY_ENFORCED)
    [concerned] = (await listed(pair))[0].instructions
    assert concerned.due_at.ToMilliseconds() == parse_text("2026-01-09 00:00") - 1
    assert not concerned.overdue
    pair.clock.now = parse_text("2026-01-09 00:00")
    [concerned] = (await listed(pair))[0].instructions
    assert concerned.overdue
    cases = pair.sender.as_("judge").cases
    stop = await cases.ChooseForCaseChange(choosing(change_id, matter, case_pb2.CASE_CHOICE_STOP))
    assert stop.instruction.overdue
    without = cases.ChooseForCaseChange(choosing(change_id, matter, case_pb2.CASE_CHOICE_CONTINUE))
    assert (await refusal(without)).fields == ["reason"]
    going_on = choosing(change_id, matter, case_pb2.CASE_CHOICE_CONTINUE, "查封续封仍需办理")
    assert not (await cases.ChooseForCaseChange(going_on)).instruction.overdue
    assert await cases.ChooseForCaseChange(going_on) == await cases.ChooseForCaseChange(going_on)
    [concerned] = (await listed(pair))[0].instructions
    assert (concerned.choice, concerned.reason, concerned.chosen_by) == (
        case_pb2.CASE_CHOICE_CONTINUE,
        "查封续封仍需办理",
        "测试judge",
    )


async def test_what_was_chosen_about_waits_no_longer(pair: Pair) -> None:
    matter = await pair.issued()
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_TRANSFERRED, court="苏0508")
    assert len(await listed(pair, undecided_only=True)) == 1
    cases = pair.sender.as_("judge").cases
    await cases.ChooseForCaseChange(choosing(change_id, matter, case_pb2.CASE_CHOICE_TRANSFER))
    assert await listed(pair, undecided_only=True) == []
    [change] = await listed(pair)
    assert not change.instructions[0].HasField("due_at")


async def test_what_cannot_be_chosen_or_recorded(pair: Pair) -> None:
    matter = await pair.issued()
    cases = pair.sender.as_("judge").cases
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_BANKRUPTCY)
    transfer = choosing(change_id, matter, case_pb2.CASE_CHOICE_TRANSFER)
    assert (await refusal(cases.ChooseForCaseChange(transfer))).fields == ["choice"]
    unknown = choosing("none", matter, case_pb2.CASE_CHOICE_STOP)
    assert (await refusal(cases.ChooseForCaseChange(unknown))).reason == "UNKNOWN_CASE"
    other = choosing(change_id, "none", case_pb2.CASE_CHOICE_STOP)
    assert (await refusal(cases.ChooseForCaseChange(other))).reason == "UNKNOWN_INSTRUCTION"
    future = case_pb2.CaseChange(case_number=CASE, change=case_pb2.CASE_STATUS_CHANGE_CANCELLED)
    future.happened_at.FromMilliseconds(pair.clock.now + DAY_MS)
    request = pb.RecordCaseChangeRequest(request_id="f", change=future)
    assert (await refusal(cases.RecordCaseChange(request))).fields == ["change.happened_at"]
    request.change.happened_at.FromMilliseconds(pair.clock.now)
    foreign = pair.sender.as_("other_judge").cases.RecordCaseChange(request)
    assert (await refusal(foreign)).reason == "FORBIDDEN"


async def test_who_may_not_know_of_a_matter_is_not_told_of_it(pair: Pair) -> None:
    await pair.issued()
    await record(pair, case_pb2.CASE_STATUS_CHANGE_CANCELLED)
    [change] = await listed(pair, "other_judge")
    assert list(change.instructions) == []
