"""Lists, watches, the ladder and batches."""

from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from tests.integration.client.conftest import PATIENCE
from tests.integration.client.fake_node import FakeNode, Fault, Running, running
from tests.integration.client.orders import order

from xiezhi_client.sdk import (
    ActionReceipt,
    ApprovalRecord,
    Change,
    Client,
    FindIssue,
    InvalidInput,
    ItemOutcome,
    ItemRejection,
    NotFound,
    NotSignedIn,
    Officer,
    WrongState,
    connect,
)
from xiezhi_domain.errors import NotAllowed, Reason


async def drafted(client: Client) -> str:
    receipt = (await client.find.draft(order())).receipt
    assert receipt is not None
    return receipt.instruction_id


def happens(node: FakeNode, count: int) -> None:
    matter = next(iter(node.matters.values()))
    for _ in range(count):
        node.record(matter, "ProgressReported")


async def take(client: Client, count: int, after: int = 0) -> list[Change]:
    changes = []
    async with aclosing(client.instructions.watch(after)) as watching:
        async for change in watching:
            changes.append(change)
            if len(changes) == count:
                break
    return changes


async def test_a_list_goes_over_its_pages(client: Client, fake: Running) -> None:
    ids = [await drafted(client) for _ in range(5)]
    rows = [row async for row in client.instructions.list("SENT", ["DRAFT"], page_size=2)]
    assert [row.instruction_id for row in rows] == ids
    assert len(fake.node.calls["ListInstructions"]) == 3
    assert [row async for row in client.instructions.list(states=["CONFIRMED"])] == []


async def test_a_matter_climbs_the_ladder(client: Client, fake: Running) -> None:
    officer = fake.node.add_account("li", "李警官")
    matter = await drafted(client)
    act = client.instructions
    await act.submit(matter)
    await act.approve(matter, "同意")
    sealed = await act.affix_seal(matter)
    assert sealed.pending
    await act.sign(matter)
    await act.assign(matter, officer.account_id)
    outcome = ItemOutcome(number=1, outcome="DONE", done_at=datetime(2026, 1, 5, 1, 30, tzinfo=UTC))
    await act.report_progress(matter, "已到现场")
    await act.complete(matter, "已找到", [outcome])
    await act.reject_result(matter, [ItemRejection(number=1, reason="NOT_DONE")], "请补充笔录")
    await act.complete(matter, "已补充", [outcome], base_event_id="event-9", request_id="mine")
    receipt = await act.confirm(matter)
    assert receipt.state == "CONFIRMED"
    assert fake.node.calls["CompleteInstruction"][1].base_event_id == "event-9"
    assert fake.node.calls["CompleteInstruction"][1].request_id == "mine"
    timeline = await act.timeline(matter)
    assert [entry.kind for entry in timeline][-2:] == ["Completed", "Confirmed"]
    assert (await act.get(matter)).outcomes[0] == outcome
    assert len(await act.history(matter)) == len(timeline)


async def test_the_side_paths_reach_their_methods(client: Client, fake: Running) -> None:
    matter = await drafted(client)
    act = client.instructions
    await act.submit(matter)
    assert (await act.reject_approval(matter, "请补充")).state == "APPROVAL_REJECTED"
    assert (await act.discard(matter, "不再需要")).state == "DISCARDED"
    fake.node.matter(matter).summary.state = 11
    assert (await act.hand_back(matter, "不在岗")).state == "SIGNED"
    await act.log_contact(
        matter, Officer(name="王", phone="0512"), "已说明", datetime(2026, 1, 5, tzinfo=UTC)
    )
    await act.propose_return(matter, "DUPLICATE", "重复", Officer(name="李", phone="0512"))
    assert (await act.refuse_return(matter, "继续办理")).state == "IN_PROGRESS"
    await act.propose_return(matter, "DUPLICATE", "重复", Officer(name="李", phone="0512"))
    assert (await act.approve_return(matter)).state == "RETURNED"
    fake.node.matter(matter).summary.state = 7
    assert (await act.withdraw(matter, "已履行")).state == "WITHDRAWN"
    await act.supply_material(matter, [], "说明")
    results = await act.batch("SIGN", [matter, "unknown"])
    assert results[0].receipt is not None
    assert results[1].reason == "UNKNOWN_INSTRUCTION"


async def test_a_step_out_of_turn_is_refused(client: Client) -> None:
    with pytest.raises(WrongState):
        await client.instructions.confirm(await drafted(client))
    with pytest.raises(NotFound):
        await client.instructions.sign("unknown")


async def test_a_watch_tells_each_change_once_over_broken_lines(client: Client, fake: Running) -> None:
    await drafted(client)
    happens(fake.node, 7)
    fake.node.faults["WatchInstructions"] = [
        Fault(grpc.StatusCode.UNAVAILABLE, after_messages=3),
        Fault(grpc.StatusCode.UNAVAILABLE),
        Fault(grpc.StatusCode.CANCELLED, after_messages=2),
    ]
    assert [change.cursor for change in await take(client, 7)] == [1, 2, 3, 4, 5, 6, 7]
    assert [call.after for call in fake.node.calls["WatchInstructions"]] == [0, 3, 3, 5]


async def test_a_watch_goes_on_from_a_stored_cursor(client: Client, fake: Running) -> None:
    await drafted(client)
    happens(fake.node, 4)
    (change,) = await take(client, 1, after=3)
    assert change.cursor == 4
    assert change.instruction is not None
    assert change.instruction.case_number == order().case_number


async def test_a_watch_outlives_the_server(tmp_path: Path) -> None:
    async with AsyncExitStack() as servers:
        first = await servers.enter_async_context(running(tmp_path))
        token = first.node.sign_in()
        async with connect(first.address, first.ca_file, token, retry=PATIENCE) as client:
            await drafted(client)
            happens(first.node, 2)
            async with aclosing(client.instructions.watch()) as watching:
                assert [(await anext(watching)).cursor for _ in range(2)] == [1, 2]
                await first.stop()
                happens(first.node, 1)
                await servers.enter_async_context(running(tmp_path, first))
                assert (await anext(watching)).cursor == 3


async def test_a_watch_ends_where_the_session_ended(client: Client, fake: Running) -> None:
    fake.node.faults["WatchInstructions"] = [Fault(NotAllowed(Reason.SIGNED_OUT))]
    with pytest.raises(NotSignedIn):
        await take(client, 1)


async def test_a_batch_goes_out_in_chunks_and_fails_row_by_row(client: Client, fake: Running) -> None:
    approval = ApprovalRecord(external_reference="OA-2026-1")
    orders = [order() for _ in range(600)]
    orders[5] = order("not a case number")
    issues = [FindIssue(order=each, approval=approval, bulk=True) for each in orders]
    results = [result async for result in client.find.issue_many(issues, request_id="batch")]
    assert [result.row for result in results] == [str(row) for row in range(1, 601)]
    assert [result.row for result in results if result.reason] == ["6"]
    assert results[5].field == "order.case_number"
    assert results[0].receipt.state == "IN_TRANSIT"
    assert [len(call.issues) for call in fake.node.calls["IssueFinds"]] == [512, 88]


async def test_a_batch_of_large_orders_keeps_to_the_message_size(client: Client, fake: Running) -> None:
    large = replace(order(), request_text="字" * 80_000)
    issues = [FindIssue(row=str(at), order=large) for at in range(8)]
    results = [result async for result in client.find.issue_many(issues)]
    assert len(results) == 8
    assert max(call.ByteSize() for call in fake.node.calls["IssueFinds"]) < 1024 * 1024
    assert len(fake.node.calls["IssueFinds"]) > 1


async def test_a_row_used_twice_is_refused_before_anything_is_sent(client: Client, fake: Running) -> None:
    issues = [FindIssue(row="1", order=order()), FindIssue(row="1", order=order())]
    with pytest.raises(InvalidInput):
        async for _ in client.find.issue_many(issues):
            pass
    assert not fake.node.calls["IssueFinds"]


async def test_a_batch_repeated_issues_nothing_twice(client: Client, fake: Running) -> None:
    issues = [FindIssue(row=row, order=order()) for row in "abc"]
    first = [result async for result in client.find.issue_many(issues, request_id="batch")]
    second = [result async for result in client.find.issue_many(issues, request_id="batch")]
    part = [result async for result in client.find.issue_many(issues[1:], request_id="batch")]
    assert first == second
    assert part == first[1:]
    assert len(fake.node.matters) == 3


async def test_findings_orders_courts_and_the_overview_are_read(client: Client) -> None:
    matter = await drafted(client)
    receipt = await client.find.record_findings(matter, [ItemOutcome(number=1)], "已走访")
    assert isinstance(receipt, ActionReceipt)
    found, _instruction = await client.find.get(matter)
    assert found == order()
    assert [court.code for court in await client.directory.courts(joined_only=True)] == ["苏0591"]
    overview = await client.supervision.overview()
    assert overview.courts[1].received_by_state[0].state == "IN_PROGRESS"
    assert [row.instruction_id async for row in client.supervision.overdue()] == [matter]
    evidence = await client.evidence.receipt(receipt.event_id)
    assert evidence.court_key.ended_at_index == -1
