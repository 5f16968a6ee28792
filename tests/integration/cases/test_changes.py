"""Changes of cases: followed or recorded, told in the matters, chosen about in one step, red in time."""

import asyncio
from pathlib import Path

import pytest
from tests.integration.cases.adapter import Adapter
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Pair
from tests.stage.company import eventually
from tests.unit.adapters.books import CASE_TOML

from xiezhi.v1 import case_pb2, instruction_pb2, instruction_service_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.terms import EventKind

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


def choosing(
    change_id: str, matter: str, choice: int, reason: str = "", text: str = ""
) -> pb.ChooseForCaseChangeRequest:
    return pb.ChooseForCaseChangeRequest(
        request_id=f"c-{choice}-{reason}-{text}",
        change_id=change_id,
        instruction_id=matter,
        choice=choice,
        reason=reason,
        text=text,
    )


async def kinds(pair: Pair, matter: str) -> list[str]:
    """The steps that the receiving court knows of."""
    await pair.exchange()
    timeline = await pair.receiver.as_("director").matters.GetTimeline(
        instruction_service_pb2.GetTimelineRequest(instruction_id=matter)
    )
    return [entry.kind for entry in timeline.entries]


async def marks(pair: Pair, matter: str) -> set[int]:
    found = await pair.sender.as_("judge").matters.GetInstruction(
        instruction_service_pb2.GetInstructionRequest(instruction_id=matter)
    )
    return set(found.instruction.summary.marks)


async def test_a_change_in_the_source_comes_once_with_its_open_instructions(
    pair: Pair, adapter: Adapter, tmp_path: Path
) -> None:
    matter = await pair.issued()
    change_file(tmp_path, f'\n[[changes]]\nchange = "终本"\non = {CLOSED_ON}\ntext = "无可供执行财产"\n')
    watching = asyncio.create_task(pair.sender.cases.watcher.run())
    [change] = await eventually(lambda: listed(pair))
    assert change.change.change == case_pb2.CASE_STATUS_CHANGE_TERMINATED_FOR_NOW
    assert [each.instruction.instruction_id for each in change.instructions] == [matter]
    assert (await kinds(pair, matter))[-1] == EventKind.CASE_STATUS_CHANGED
    assert instruction_pb2.MARK_CASE_CHANGED in await marks(pair, matter)
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
    assert (await kinds(pair, matter)).count(EventKind.CASE_STATUS_CHANGED) == 2


async def test_what_nobody_chooses_about_turns_red_after_the_rulebooks_days(pair: Pair) -> None:
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
    without = cases.ChooseForCaseChange(choosing(change_id, matter, case_pb2.CASE_CHOICE_CONTINUE))
    assert (await refusal(without)).fields == ["text"]
    going_on = choosing(change_id, matter, case_pb2.CASE_CHOICE_CONTINUE, text="查封续封仍需办理")
    chosen = await cases.ChooseForCaseChange(going_on)
    assert not chosen.instruction.overdue
    assert not chosen.instruction.HasField("due_at")
    assert (await cases.ChooseForCaseChange(going_on)).receipt == chosen.receipt
    [concerned] = (await listed(pair))[0].instructions
    assert (concerned.choice, concerned.text, concerned.chosen_by) == (
        case_pb2.CASE_CHOICE_CONTINUE,
        "查封续封仍需办理",
        "测试judge",
    )
    assert (await kinds(pair, matter))[-2:] == [EventKind.CASE_STATUS_CHANGED, EventKind.CASE_CONTINUED]
    assert instruction_pb2.MARK_CASE_CHANGED not in await marks(pair, matter)


@pytest.mark.parametrize(
    ("change", "choice", "reason", "made"),
    [
        ("FULLY_ENFORCED", "STOP", "CASE_CLOSED", EventKind.STOPPED),
        ("BANKRUPTCY", "SUSPEND", "BANKRUPTCY", EventKind.SUSPENDED),
        ("TRANSFERRED", "TRANSFER", "", EventKind.TRANSFER_ASKED),
    ],
)
async def test_what_is_chosen_is_done_at_once(
    pair: Pair, change: str, choice: str, reason: str, made: EventKind
) -> None:
    matter = await pair.issued()
    status = case_pb2.CaseStatusChange.Value(f"CASE_STATUS_CHANGE_{change}")
    change_id = await record(pair, status, court="苏0508" if choice == "TRANSFER" else "")
    assert len(await listed(pair, undecided_only=True)) == 1
    cases = pair.sender.as_("judge").cases
    asked = choosing(change_id, matter, case_pb2.CaseChoice.Value(f"CASE_CHOICE_{choice}"), reason)
    chosen = await cases.ChooseForCaseChange(asked)
    assert chosen.receipt.pending
    assert chosen.instruction.choice == asked.choice
    assert await listed(pair, undecided_only=True) == []
    known = await kinds(pair, matter)
    assert made in known[known.index(EventKind.CASE_STATUS_CHANGED) :]
    assert known.count(EventKind.CASE_STATUS_CHANGED) == 1


async def test_a_choice_that_cannot_be_made_leaves_nothing(pair: Pair) -> None:
    matter = await pair.issued()
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_FULLY_ENFORCED)
    cases = pair.sender.as_("judge").cases
    stopped = choosing(change_id, matter, case_pb2.CASE_CHOICE_STOP, "CASE_CLOSED")
    await cases.ChooseForCaseChange(stopped)
    before = await kinds(pair, matter)
    paused = choosing(change_id, matter, case_pb2.CASE_CHOICE_SUSPEND, "STAYED")
    assert (await refusal(cases.ChooseForCaseChange(paused))).reason == "WRONG_STATE"
    assert await kinds(pair, matter) == before
    [concerned] = (await listed(pair))[0].instructions
    assert concerned.choice == case_pb2.CASE_CHOICE_STOP
    assistant = pair.sender.as_("assistant").cases
    going_on = choosing(change_id, matter, case_pb2.CASE_CHOICE_CONTINUE, text="仍需办理")
    assert (await refusal(assistant.ChooseForCaseChange(going_on))).reason in (
        "WRONG_ROLE",
        "UNKNOWN_INSTRUCTION",
    )


async def test_another_choice_tells_of_the_change_again(pair: Pair) -> None:
    matter = await pair.issued()
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_TRANSFERRED, court="苏0508")
    cases = pair.sender.as_("judge").cases
    for choice in (case_pb2.CASE_CHOICE_TRANSFER, case_pb2.CASE_CHOICE_CONTINUE):
        await cases.ChooseForCaseChange(choosing(change_id, matter, choice))
    assert (await kinds(pair, matter))[-4:] == [
        EventKind.CASE_STATUS_CHANGED,
        EventKind.TRANSFER_ASKED,
        EventKind.CASE_STATUS_CHANGED,
        EventKind.CASE_CONTINUED,
    ]


async def test_what_cannot_be_chosen_or_recorded(pair: Pair) -> None:
    matter = await pair.issued()
    cases = pair.sender.as_("judge").cases
    change_id = await record(pair, case_pb2.CASE_STATUS_CHANGE_BANKRUPTCY)
    transfer = choosing(change_id, matter, case_pb2.CASE_CHOICE_TRANSFER)
    assert (await refusal(cases.ChooseForCaseChange(transfer))).fields == ["choice"]
    bare = choosing(change_id, matter, case_pb2.CASE_CHOICE_SUSPEND)
    assert (await refusal(cases.ChooseForCaseChange(bare))).fields == ["reason"]
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
