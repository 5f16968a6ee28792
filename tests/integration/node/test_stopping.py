"""Stopping, pausing and changes of the case (practice.md §5)."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair
from tests.integration.node.remedies import DAY_MS, call, offered, request, seen_by, state_of, take, timeline

from xiezhi.v1 import case_pb2, item_pb2


async def test_a_stop_is_effective_on_arrival_and_reported(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    started = pair.clock.now
    pair.clock.now += DAY_MS
    wrong = request(pair, "StopInstruction", identifier)
    told = await refusal(call(pair.sender, "judge", "StopInstruction", wrong))
    assert told.fields == ["reason"]
    assert "被执行人已履行" in told.message
    assert "STOP" in await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "judge", "StopInstruction", identifier, reason="PAID", text="已全部履行")
    assert await state_of(pair.receiver, identifier) == "STOPPED_AWAITING_REPORT"
    lines = await timeline(pair.sender, identifier)
    assert lines[-2:] == [("停止办理", "理由：被执行人已履行\n已全部履行"), ("停止已到达受托法院系统", "")]
    assert "REPORT_STOP" in await offered(pair.receiver, "field", identifier)
    assert "COMPLETE" not in await offered(pair.receiver, "field", identifier)
    done = item_pb2.ItemOutcome(number=1, outcome=item_pb2.OUTCOME_DONE)
    done.done_at.FromMilliseconds(pair.clock.now)
    rest = item_pb2.ItemOutcome(number=2, outcome=item_pb2.OUTCOME_NOT_NEEDED)
    late = request(pair, "ReportStop", identifier, text="停止前已查到", outcomes=[done, rest])
    told = await refusal(call(pair.receiver, "field", "ReportStop", late))
    assert "停止到达后不得再采取措施" in told.message
    done.done_at.FromMilliseconds(started)
    await take(
        pair,
        pair.receiver,
        "field",
        "ReportStop",
        identifier,
        text="停止前已查到",
        outcomes=[done, rest],
    )
    for court in (pair.sender, pair.receiver):
        assert await state_of(court, identifier) == "TERMINATED"


async def test_a_stop_report_names_everything_that_lacks(pair: Pair) -> None:
    identifier = await pair.issued()
    await take(pair, pair.sender, "judge", "StopInstruction", identifier, reason="SETTLED")
    bare = request(pair, "ReportStop", identifier, outcomes=[item_pb2.ItemOutcome(number=1)])
    told = await refusal(call(pair.receiver, "field", "ReportStop", bare))
    assert told.reason == "UNKNOWN_INSTRUCTION"
    told = await refusal(call(pair.receiver, "centre", "ReportStop", bare))
    assert told.fields == ["text", "outcomes[0].outcome"]


async def test_only_the_sender_stops(pair: Pair) -> None:
    identifier = await pair.issued()
    message = request(pair, "StopInstruction", identifier, reason="PAID")
    told = await refusal(call(pair.receiver, "director", "StopInstruction", message))
    assert (told.reason, "工作规则建议稿 §5" in told.message) == ("WRONG_COURT", True)
    told = await refusal(call(pair.sender, "assistant", "StopInstruction", message))
    assert told.reason == "WRONG_ROLE"


async def test_a_pause_lengthens_the_period(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    before = (await seen_by(pair.receiver, "field", identifier)).summary.due_at.ToMilliseconds()
    await take(pair, pair.sender, "judge", "SuspendInstruction", identifier, reason="STAYED")
    assert await state_of(pair.receiver, identifier) == "SUSPENDED"
    report = request(pair, "ReportProgress", identifier, text="继续")
    assert (await refusal(call(pair.receiver, "field", "ReportProgress", report))).reason == "WRONG_STATE"
    pair.clock.now += 3 * DAY_MS
    assert {"RESUME", "STOP"} <= await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "judge", "ResumeInstruction", identifier, text="恢复执行")
    assert await state_of(pair.receiver, identifier) == "IN_PROGRESS"
    after = (await seen_by(pair.receiver, "field", identifier)).summary.due_at.ToMilliseconds()
    assert after >= before + 3 * DAY_MS


async def test_a_closed_case_is_told_and_stopped_in_one_step(pair: Pair) -> None:
    identifier = await pair.issued()
    await take(
        pair,
        pair.sender,
        "judge",
        "ChangeCaseStatus",
        identifier,
        status=case_pb2.CASE_STATUS_CHANGE_FULLY_ENFORCED,
        choice=case_pb2.CASE_CHOICE_STOP,
        reason="CASE_CLOSED",
        text="本案已执行完毕",
    )
    lines = await timeline(pair.receiver, identifier)
    assert lines[2] == ("案件状态变更", "案件变更：执行完毕")
    assert lines[3] == ("停止办理", "理由：案件已结案\n本案已执行完毕")
    assert await state_of(pair.receiver, identifier) == "STOPPED_AWAITING_REPORT"


async def test_a_case_that_goes_on_needs_words(pair: Pair) -> None:
    identifier = await pair.issued()
    status = case_pb2.CASE_STATUS_CHANGE_BANKRUPTCY
    continued = request(
        pair, "ChangeCaseStatus", identifier, status=status, choice=case_pb2.CASE_CHOICE_CONTINUE
    )
    assert (await refusal(call(pair.sender, "judge", "ChangeCaseStatus", continued))).fields == ["text"]
    early = request(pair, "ContinueCase", identifier, text="继续办理")
    told = await refusal(call(pair.sender, "judge", "ContinueCase", early))
    assert (told.reason, "没有未处理的案件状态变更" in told.message) == ("WRONG_STATE", True)
    await take(pair, pair.sender, "program", "ChangeCaseStatus", identifier, status=status)
    assert "CONTINUE_CASE" in await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "judge", "ContinueCase", identifier, text="继续办理")
    assert "CONTINUE_CASE" not in await offered(pair.sender, "judge", identifier)


async def test_a_repeated_remedy_answers_the_same(pair: Pair) -> None:
    identifier = await pair.issued()
    message = request(pair, "StopInstruction", identifier, reason="PAID")
    first = await call(pair.sender, "judge", "StopInstruction", message)
    await pair.exchange()
    assert await call(pair.sender, "judge", "StopInstruction", message) == first
    message.reason = "SETTLED"
    assert (
        await refusal(call(pair.sender, "judge", "StopInstruction", message))
    ).reason == "REQUEST_ID_REUSED"
