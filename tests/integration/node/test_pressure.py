"""More time, nudges, disputes, evaluation and complaints (practice.md §7, §8)."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair
from tests.integration.node.remedies import (
    DAY_MS,
    call,
    completed,
    day,
    due_of,
    offered,
    request,
    state_of,
    take,
    timeline,
)

from xiezhi.v1 import item_pb2

REJECTION = item_pb2.ItemRejection(number=1, reason="NOT_AS_ORDERED", note="未到现场")


async def test_more_time_is_asked_for_and_granted(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    due = await due_of(pair.sender, identifier)
    early = request(pair, "AskExtension", identifier, until_on=day(due - 3 * DAY_MS), reason="X")
    told = await refusal(call(pair.receiver, "field", "AskExtension", early))
    assert told.fields == ["text", "until_on", "reason"]
    until = day(due + 5 * DAY_MS)
    content = {"until_on": until, "reason": "COMPLEX", "text": "需再次上门"}
    await take(pair, pair.receiver, "field", "AskExtension", identifier, **content)
    assert (await timeline(pair.sender, identifier))[-1] == (
        "申请延期",
        f"申请延期至：{until}\n理由：情况复杂\n需再次上门",
    )
    again = request(pair, "AskExtension", identifier, **content)
    told = await refusal(call(pair.receiver, "field", "AskExtension", again))
    assert "已有未答复的延期申请" in told.message
    more = request(pair, "GrantExtension", identifier, until_on=day(due + 9 * DAY_MS))
    assert (await refusal(call(pair.sender, "judge", "GrantExtension", more))).fields == ["due"]
    await take(pair, pair.sender, "judge", "GrantExtension", identifier)
    assert day(await due_of(pair.receiver, identifier)) == until
    assert (await timeline(pair.receiver, identifier))[-1] == ("同意延期", f"办理期限：{until}")


async def test_more_time_is_refused_with_words(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    bare = request(pair, "RefuseExtension", identifier, text="情况紧迫")
    told = await refusal(call(pair.sender, "judge", "RefuseExtension", bare))
    assert "没有未答复的延期申请" in told.message
    due = await due_of(pair.sender, identifier)
    content = {"until_on": day(due + DAY_MS), "reason": "其他", "text": "需再次上门"}
    wrong = request(pair, "AskExtension", identifier, **content)
    assert "协助单位尚未答复" in (await refusal(call(pair.receiver, "field", "AskExtension", wrong))).message
    content["reason"] = "OTHER"
    await take(pair, pair.receiver, "field", "AskExtension", identifier, **content)
    await take(pair, pair.sender, "judge", "RefuseExtension", identifier, text="情况紧迫")
    assert await due_of(pair.receiver, identifier) == due
    assert "REFUSE_EXTENSION" not in await offered(pair.sender, "judge", identifier)


async def test_a_nudge_waits_for_half_of_the_period_and_is_answered(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    early = request(pair, "Nudge", identifier)
    told = await refusal(call(pair.sender, "judge", "Nudge", early))
    assert (told.reason, "期限过半" in told.message) == ("TOO_EARLY", True)
    pair.clock.now += 6 * DAY_MS
    assert "NUDGE" in await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "judge", "Nudge", identifier, text="请尽快办理")
    again = request(pair, "Nudge", identifier)
    told = await refusal(call(pair.sender, "judge", "Nudge", again))
    assert (told.reason, "两次催办的间隔" in told.message) == ("TOO_EARLY", True)
    long = request(pair, "AnswerNudge", identifier, text="一" * 201)
    assert (await refusal(call(pair.receiver, "field", "AnswerNudge", long))).fields == ["text"]
    await take(pair, pair.receiver, "field", "AnswerNudge", identifier, text="本周办结")
    assert (await timeline(pair.sender, identifier))[-1] == ("答复催办", "本周办结")
    assert "ANSWER_NUDGE" not in await offered(pair.receiver, "field", identifier)


async def test_a_confirmation_is_asked_for_and_given_by_the_director(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await completed(pair, identifier, 1, 2)
    early = request(pair, "NudgeConfirmation", identifier)
    told = await refusal(call(pair.receiver, "field", "NudgeConfirmation", early))
    assert (told.reason, "确认期限尚未届满" in told.message) == ("TOO_EARLY", True)
    pair.clock.now += 10 * DAY_MS
    await take(pair, pair.receiver, "field", "NudgeConfirmation", identifier)
    stands_in = request(pair, "ConfirmFor", identifier)
    assert (await refusal(call(pair.sender, "director", "ConfirmFor", stands_in))).fields == ["reason"]
    assert "CONFIRM_FOR" not in await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "director", "ConfirmFor", identifier, reason="MOVED")
    assert await state_of(pair.receiver, identifier) == "CONFIRMED"
    assert (await timeline(pair.receiver, identifier))[-1] == ("代为确认", "理由：承办人已调离")


async def test_the_superior_is_asked_after_the_second_rejection(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await completed(pair, identifier, 1, 2)
    due = await due_of(pair.sender, identifier)
    pair.clock.now = due
    await take(pair, pair.sender, "judge", "RejectResult", identifier, rejections=[REJECTION])
    assert await due_of(pair.receiver, identifier) > due
    early = request(pair, "Escalate", identifier, text="对结果有争议")
    told = await refusal(call(pair.sender, "judge", "Escalate", early))
    assert (told.reason, "2 次后才能" in told.message) == ("WRONG_STATE", True)
    await completed(pair, identifier, 1)
    await take(pair, pair.sender, "judge", "RejectResult", identifier, rejections=[REJECTION])
    assert "ESCALATE" in await offered(pair.receiver, "director", identifier)
    await take(pair, pair.receiver, "director", "Escalate", identifier, text="已到现场两次")
    assert (await timeline(pair.sender, identifier))[-1] == ("报请共同上级", "已到现场两次")
    second = request(pair, "Escalate", identifier, text="对结果有争议")
    assert "已有未处理的争议" in (await refusal(call(pair.sender, "judge", "Escalate", second))).message


async def confirmed(pair: Pair) -> str:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await completed(pair, identifier, 1, 2)
    await take(pair, pair.sender, "judge", "ConfirmInstruction", identifier)
    return identifier


async def test_the_work_is_evaluated_once_and_in_time(pair: Pair) -> None:
    identifier = await confirmed(pair)
    wrong = request(pair, "Evaluate", identifier, grade="BEST")
    told = await refusal(call(pair.sender, "judge", "Evaluate", wrong))
    assert (told.fields, "基本满意" in told.message) == (["grade"], True)
    await take(pair, pair.sender, "judge", "Evaluate", identifier, grade="GOOD", text="及时")
    assert (await timeline(pair.receiver, identifier))[-1] == ("评价", "评价：满意\n及时")
    again = request(pair, "Evaluate", identifier, grade="POOR")
    assert "只能进行一次" in (await refusal(call(pair.sender, "judge", "Evaluate", again))).message
    late = await confirmed(pair)
    pair.clock.now += 20 * DAY_MS
    told = await refusal(
        call(pair.sender, "judge", "Evaluate", request(pair, "Evaluate", late, grade="GOOD"))
    )
    assert told.reason == "TOO_LATE"


async def test_a_complaint_needs_a_breach_and_gets_an_explanation(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    content = {"reason": "LATE", "text": "超期未办"}
    early = request(pair, "Complain", identifier, **content)
    told = await refusal(call(pair.sender, "judge", "Complain", early))
    assert (told.reason, "对方没有超过" in told.message) == ("TOO_EARLY", True)
    unasked = request(pair, "ExplainComplaint", identifier, text="正在办理")
    told = await refusal(call(pair.receiver, "director", "ExplainComplaint", unasked))
    assert "没有未处理的投诉" in told.message
    pair.clock.now += 12 * DAY_MS
    await take(pair, pair.sender, "judge", "Complain", identifier, **content)
    assert (await timeline(pair.receiver, identifier))[-1] == ("投诉", "理由：超期未办\n超期未办")
    assert "EXPLAIN" in await offered(pair.receiver, "director", identifier)
    await take(pair, pair.receiver, "director", "ExplainComplaint", identifier, text="对象下落不明")
    assert (await timeline(pair.sender, identifier))[-1] == ("投诉说明", "对象下落不明")
