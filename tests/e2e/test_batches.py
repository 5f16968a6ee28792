"""Mass work: many orders of a program at once, one step on many matters; a bad row fails alone."""

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, LETTER, PROGRAM, SPECIALIST
from tests.stage.program import approved_issue

from xiezhi_client.sdk import Client, FindIssue, InstructionSummary, new_instruction_id, new_request_id

pytestmark = pytest.mark.long

ROWS = 60


async def test_sixty_orders_with_two_bad_rows(company: Company) -> None:
    program, dispatcher = await company.client(PROGRAM), await company.client(DISPATCHER)
    issues = [await _issue(program, row) for row in range(ROWS)]
    batch = new_request_id()
    results = [result async for result in program.find.issue_many(issues, request_id=batch)]
    assert {result.row: (result.reason, result.field) for result in results if not result.receipt} == {
        "row-7": ("UNKNOWN_COURT", ""),
        "row-42": ("PAPERS_MISSING", ""),
    }
    assert all(result.message for result in results if not result.receipt)
    matters = [result.receipt.instruction_id for result in results if result.receipt]
    assert len(set(matters)) == ROWS - 2

    again = [result async for result in program.find.issue_many(issues, request_id=batch)]
    assert [result.receipt and result.receipt.event_id for result in again] == [
        result.receipt and result.receipt.event_id for result in results
    ]

    await eventually(lambda: _received(dispatcher, "AWAITING_SIGNATURE", matters))
    stranger = new_instruction_id()
    signed = await dispatcher.instructions.batch("SIGN", [*matters, stranger])
    assert [(each.instruction_id, each.reason) for each in signed if not each.receipt] == [
        (stranger, "UNKNOWN_INSTRUCTION")
    ]
    assignee = await company.account_id(SPECIALIST)
    assigned = await dispatcher.instructions.batch("ASSIGN", matters, assignee_account_id=assignee)
    assert all(each.receipt for each in assigned)
    judge = await company.client(JUDGE)
    await eventually(lambda: _seen(judge, "SENT", "IN_PROGRESS", matters))
    for matter in (matters[0], matters[-1]):
        assert await company.check_copies(matter) == 4


async def _issue(program: Client, number: int) -> FindIssue:
    if number == 42:
        return approved_issue(f"row-{number}", new_instruction_id(), ())
    matter = new_instruction_id()
    letter = await program.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER")
    receiver = "苏9999" if number == 7 else GUSU
    return approved_issue(f"row-{number}", matter, (letter,), receiver=receiver)


async def _received(client: Client, state: str, matters: list[str]) -> list[InstructionSummary] | None:
    return await _seen(client, "RECEIVED", state, matters)


async def _seen(client: Client, box: str, state: str, matters: list[str]) -> list[InstructionSummary] | None:
    rows = [row async for row in client.instructions.list(box, [state], page_size=500)]
    settled = {row.instruction_id for row in rows if "PENDING" not in row.marks}
    return rows if settled.issuperset(matters) else None
