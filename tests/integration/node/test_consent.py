"""Consents by word of mouth: an urgent matter goes out on them, the approver owes them in writing (practice.md §13)."""

from typing import Any

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Court, Pair, a_case, an_order, new_id
from tests.integration.node.remedies import DAY_MS, call, offered, request, seen_by, take, timeline
from tests.integration.node.test_urgency import URGENT, draft

from xiezhi.v1 import case_service_pb2, delegation_service_pb2, instruction_pb2, item_pb2
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import EventKind
from xiezhi_journal.reading import history
from xiezhi_journal.reading.deadlines import DeadlineRow, deadlines_of_matter

HOUR_MS = DAY_MS // 24
BY_PHONE = {"manner": "电话", "opinion": "同意，先行推送"}


async def submitted(pair: Pair, **content: Any) -> str:
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    await draft(pair, identifier, document, **content)
    await call(pair.sender, "judge", "SubmitInstruction", request(pair, "SubmitInstruction", identifier))
    return identifier


def consent(pair: Pair, identifier: str, approver: str = "chief", **content: Any) -> Any:
    account = pair.sender.account(approver)
    return request(pair, "RecordConsent", identifier, approver_account_id=account, **{**BY_PHONE, **content})


async def sent(pair: Pair) -> str:
    """An urgent matter that was sent on what the chief said by telephone."""
    identifier = await submitted(pair, **URGENT)
    await call(pair.sender, "centre", "RecordConsent", consent(pair, identifier))
    await take(pair, pair.sender, "centre", "AffixSeal", identifier)
    return identifier


async def marks(court: Court, identifier: str) -> set[str]:
    seen = await seen_by(court, "centre", identifier)
    return {instruction_pb2.Mark.Name(mark) for mark in seen.summary.marks}


def deadline(pair: Pair, identifier: str) -> DeadlineRow:
    rows = pair.hub.journal.read_now(lambda connection: deadlines_of_matter(connection, identifier))
    [row] = [row for row in rows if row.clock == "urgent_consent"]
    return row


async def test_a_matter_goes_out_on_a_call_and_the_writing_follows(pair: Pair) -> None:
    identifier = await sent(pair)
    issued = pair.receiver.node.journal.read_now(lambda connection: history(connection, identifier))[0]
    assert decode_header(issued.header).facts["oral_consent"] is True
    for court in (pair.sender, pair.receiver):
        assert "MARK_CONSENT_OPEN" in await marks(court, identifier)
        assert "书面同意待补办" in (await timeline(court, identifier))[0][1]
    running = deadline(pair, identifier)
    assert (running.owner, running.due_at - running.started_at) == (pair.sender.code, 24 * HOUR_MS)
    assert "WRITE_CONSENT" in await offered(pair.sender, "chief", identifier)
    assert "WRITE_CONSENT" not in await offered(pair.sender, "director", identifier)
    written = request(pair, "WriteConsent", identifier, opinion="同意")
    told = await refusal(call(pair.sender, "director", "WriteConsent", written))
    assert (told.reason, "本人补办" in told.message) == ("FORBIDDEN", True)
    assert (
        await refusal(call(pair.sender, "chief", "WriteConsent", request(pair, "WriteConsent", identifier)))
    ).fields == ["opinion"]
    await take(pair, pair.sender, "chief", "WriteConsent", identifier, opinion="书面同意")
    assert deadline(pair, identifier).verdict == "IN_TIME"
    for court in (pair.sender, pair.receiver):
        assert "MARK_CONSENT_OPEN" not in await marks(court, identifier)
        assert (await timeline(court, identifier))[-1] == ("补办书面同意", "书面同意")
        approval = (await seen_by(court, "centre", identifier)).approval
        assert approval.approved_by.officer.name == "测试chief"
        assert (approval.oral.manner, approval.oral.recorded_by.officer.name) == ("电话", "测试centre")
        assert approval.oral.HasField("written_at")
    again = request(pair, "WriteConsent", identifier, opinion="再次同意")
    assert (
        "没有未补办的书面同意" in (await refusal(call(pair.sender, "chief", "WriteConsent", again))).message
    )


async def test_a_consent_that_is_late_in_writing_is_the_senders(pair: Pair) -> None:
    identifier = await sent(pair)
    pair.clock.now += 25 * HOUR_MS
    await take(pair, pair.sender, "chief", "WriteConsent", identifier, opinion="书面同意")
    late = deadline(pair, identifier)
    assert (late.owner, late.verdict) == (pair.sender.code, "LATE")
    assert "MARK_CONSENT_OPEN" not in await marks(pair.receiver, identifier)


async def test_who_may_note_a_consent_down_and_whose(pair: Pair) -> None:
    identifier = await submitted(pair, **URGENT)
    assert "RECORD_CONSENT" in await offered(pair.sender, "centre", identifier)
    wrong = request(pair, "RecordConsent", identifier)
    wrong.consented_at.FromMilliseconds(pair.clock.now + DAY_MS)
    told = await refusal(call(pair.sender, "centre", "RecordConsent", wrong))
    assert told.fields == ["manner", "consented_at", "approver_account_id"]
    own = await refusal(call(pair.sender, "judge", "RecordConsent", consent(pair, identifier)))
    assert own.reason == "SAME_PERSON"
    himself = consent(pair, identifier, "director")
    assert (await refusal(call(pair.sender, "director", "RecordConsent", himself))).reason == "SAME_PERSON"
    no_approver = consent(pair, identifier, "field")
    told = await refusal(call(pair.sender, "centre", "RecordConsent", no_approver))
    assert (told.reason, "不是本事项现在的审批人" in told.message) == ("WRONG_ROLE", True)
    ordinary = await submitted(pair)
    assert "RECORD_CONSENT" not in await offered(pair.sender, "centre", ordinary)
    told = await refusal(call(pair.sender, "centre", "RecordConsent", consent(pair, ordinary)))
    assert "只适用于紧急事项" in told.message


async def test_what_is_in_writing_before_the_seal_is_owed_to_nobody(pair: Pair) -> None:
    identifier = await submitted(pair, **URGENT)
    await call(pair.sender, "centre", "RecordConsent", consent(pair, identifier))
    written = request(pair, "WriteConsent", identifier, opinion="同意")
    await call(pair.sender, "chief", "WriteConsent", written)
    await take(pair, pair.sender, "centre", "AffixSeal", identifier)
    issued = pair.receiver.node.journal.read_now(lambda connection: history(connection, identifier))[0]
    assert "oral_consent" not in decode_header(issued.header).facts
    approval = (await seen_by(pair.receiver, "centre", identifier)).approval
    assert approval.oral.HasField("written_at")


async def test_the_last_of_two_approvers_tells_the_other_court(pair: Pair) -> None:
    identifier, sender = new_id(pair.clock), pair.sender
    case = case_service_pb2.PutCaseRequest(request_id=f"case-{identifier}", case_file=a_case())
    await sender.as_("judge").cases.PutCase(case)
    find = an_order(phone_first=True, **URGENT)
    order = delegation_service_pb2.DelegationOrder(
        kind="COURT_ASSISTANCE", case_number=find.case_number, receiver=find.receiver, **URGENT
    )
    order.subject_numbers.extend(find.subject_numbers)
    order.items.add(
        number=1, act=item_pb2.ACT_CONTROL_PERSON, subject_number=1, scope="现场控制", clue="今晚在家"
    )
    order.request_text, order.phone_first = "请协助控制", True
    await sender.as_("judge").delegations.DraftDelegation(
        delegation_service_pb2.DraftDelegationRequest(
            request_id=f"draft-{identifier}", instruction_id=identifier, order=order
        )
    )
    await call(sender, "judge", "SubmitInstruction", request(pair, "SubmitInstruction", identifier))
    for approver in ("chief", "leader"):
        await call(sender, "centre", "RecordConsent", consent(pair, identifier, approver))
    await take(pair, sender, "centre", "AffixSeal", identifier)

    def kinds() -> list[str]:
        return [
            row.kind for row in pair.hub.journal.read_now(lambda connection: history(connection, identifier))
        ]

    await take(pair, sender, "leader", "WriteConsent", identifier, opinion="同意")
    assert EventKind.CONSENT_WRITTEN not in kinds()
    assert "MARK_CONSENT_OPEN" in await marks(pair.receiver, identifier)
    await take(pair, sender, "chief", "WriteConsent", identifier, opinion="同意")
    assert kinds().count(EventKind.CONSENT_WRITTEN) == 1
    assert "MARK_CONSENT_OPEN" not in await marks(pair.receiver, identifier)
