"""Who sees what of a matter, how it is found, and what is recorded of looks."""

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, new_id

from xiezhi.v1 import directory_service_pb2, instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_domain.events.header import decode_header
from xiezhi_journal.proofs import body_commitment


def get(wanted: str, **fields: object) -> pb.GetInstructionRequest:
    return pb.GetInstructionRequest(instruction_id=wanted, **fields)


async def listed(pair: Pair, name: str, court: str = "sender", **fields: object) -> list[str]:
    desk = getattr(pair, court).as_(name).matters
    answer = await desk.ListInstructions(pb.ListInstructionsRequest(**fields))
    return [row.instruction_id for row in answer.instructions]


async def test_a_confidential_matter_exists_for_those_concerned_alone(pair: Pair) -> None:
    identifier = await pair.issued()
    for name in ("judge", "chief", "director", "centre", "program"):
        assert await listed(pair, name) == [identifier], name
    for name in ("other_judge", "assistant", "field"):
        assert await listed(pair, name) == [], name
        told = await refusal(pair.sender.as_(name).matters.GetInstruction(get(identifier)))
        assert told.reason == "UNKNOWN_INSTRUCTION"
    assert await listed(pair, "field", "receiver") == []
    await pair.assigned(identifier)
    assert await listed(pair, "field", "receiver") == [identifier]
    assert await listed(pair, "other_field", "receiver") == []
    for name in ("auxiliary", "administrator"):
        told = await refusal(pair.sender.as_(name).matters.ListInstructions(pb.ListInstructionsRequest()))
        assert told.reason == "WRONG_ROLE"


async def test_lists_narrow_and_go_on_by_pages(pair: Pair) -> None:
    identifiers = [await pair.issued() for _ in range(3)]
    assert await listed(pair, "centre") == identifiers[::-1]
    first = await pair.sender.as_("centre").matters.ListInstructions(pb.ListInstructionsRequest(page_size=2))
    rest = await listed(pair, "centre", page_size=2, page_token=first.next_page_token)
    assert [row.instruction_id for row in first.instructions] + rest == identifiers[::-1]
    assert await listed(pair, "centre", box=pb.BOX_RECEIVED) == []
    assert await listed(pair, "centre", "receiver", box=pb.BOX_RECEIVED) == identifiers[::-1]
    assert await listed(pair, "centre", text="测试甲") == identifiers[::-1]
    assert await listed(pair, "centre", text="没有的人") == []
    assert await listed(pair, "judge", mine_only=True) == identifiers[::-1]
    assert await listed(pair, "centre", mine_only=True) == []
    assert await listed(pair, "centre", states=[instruction_pb2.INSTRUCTION_STATE_DRAFT]) == []
    assert await listed(pair, "centre", overdue_only=True) == []
    pair.clock.now += 30 * 86_400_000
    assert await listed(pair, "centre", overdue_only=True) == identifiers[::-1]
    [row, *_] = (
        await pair.sender.as_("centre").matters.ListInstructions(pb.ListInstructionsRequest())
    ).instructions
    assert instruction_pb2.MARK_OVERDUE in row.marks
    assert instruction_pb2.MARK_CONFIDENTIAL in row.marks
    assert row.item_count == 2


async def test_a_matter_is_found_by_the_number_said_on_the_phone(pair: Pair) -> None:
    identifier = await pair.issued()
    centre = pair.receiver.as_("centre").matters
    for wanted in ("苏0505委〔2026〕1号", "苏0505委[2026]1", "0505 1", "苏0505 0001"):
        assert (await centre.GetInstruction(get(wanted))).instruction.summary.instruction_id == identifier
    assert (await refusal(centre.GetInstruction(get("0505 2")))).reason == "UNKNOWN_INSTRUCTION"
    assert (await refusal(centre.GetInstruction(get("不是编号")))).fields == ["instruction_id"]


async def test_a_short_number_of_two_years_is_not_guessed(pair: Pair) -> None:
    await pair.issued()
    pair.clock.now += 366 * 86_400_000
    later = await pair.issued()
    centre = pair.sender.as_("centre").matters
    told = await refusal(centre.GetInstruction(get("0505 1")))
    assert told.fields == ["instruction_id"]
    assert "苏0505委〔2026〕1号、苏0505委〔2027〕1号" in told.message
    assert (
        await centre.GetInstruction(get("苏0505委〔2027〕1号"))
    ).instruction.summary.instruction_id == later


@pytest.mark.parametrize(("name", "allowed"), [("judge", True), ("centre", True), ("chief", False)])
async def test_numbers_are_shown_to_those_who_work_on_it(pair: Pair, name: str, allowed: bool) -> None:
    identifier = await pair.issued()
    desk = pair.sender.as_(name).matters
    masked = (await desk.GetInstruction(get(identifier))).instruction
    assert masked.case_file.subjects[0].person.identity_number == "320500********0016"
    assert (await refusal(desk.GetInstruction(get(identifier, unmask=True)))).fields == ["purpose"]
    full = desk.GetInstruction(get(identifier, unmask=True, purpose="核对身份"))
    if not allowed:
        assert (await refusal(full)).reason == "FORBIDDEN"
        return
    shown = (await full).instruction
    assert shown.case_file.subjects[0].person.identity_number == "320500189901010016"
    rows = pair.sender.node.journal.read_now(
        lambda connection: read_accesses(connection, AccessFilter(object=identifier), limit=2)
    )
    looks = [(look.method, look.purpose, look.unmasked) for _, look in rows]
    assert looks == [("GetInstruction", "核对身份", True), ("GetInstruction", "", False)]


async def test_contacts_of_both_sides_and_actions_of_each(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    field = (await pair.receiver.as_("field").matters.GetInstruction(get(identifier))).instruction
    assert (field.sender_contact.name, field.receiver_contact.name) == ("测试judge", "测试field")
    assert field.summary.officer == "测试field"
    offers = {instruction_pb2.Action.Name(offer.action)[7:]: offer for offer in field.actions}
    allowed = {name for name, offer in offers.items() if offer.allowed}
    assert allowed == {
        "HAND_BACK",
        "REPORT_PROGRESS",
        "COMPLETE",
        "PROPOSE_RETURN",
        "ASK_FOR_MATERIAL",
        "SUPPLY_MATERIAL",
        "ASK_EXTENSION",
        "LOG_CONTACT",
        "LOG_CALL",
        "RECUSE",
    }
    assert offers["REASSIGN"].why_not == "您的岗位不能进行此操作"
    assert "办理中" in offers["SIGN"].why_not or "岗位" in offers["SIGN"].why_not
    assert "CONFIRM" not in offers
    judge = (await pair.sender.as_("judge").matters.GetInstruction(get(identifier))).instruction
    offers = {instruction_pb2.Action.Name(offer.action)[7:]: offer for offer in judge.actions}
    assert "办理中" in offers["CONFIRM"].why_not
    assert "办理中" in offers["REJECT_RESULT"].why_not
    assert offers["SUPPLY_MATERIAL"].allowed
    assert "COMPLETE" not in offers


async def test_an_action_offered_before_the_signature_signs_too(pair: Pair) -> None:
    identifier = await pair.issued()
    centre = (await pair.receiver.as_("centre").matters.GetInstruction(get(identifier))).instruction
    allowed = {instruction_pb2.Action.Name(offer.action)[7:] for offer in centre.actions if offer.allowed}
    assert {"SIGN", "SIGN_AND_ASSIGN"} <= allowed


async def test_a_history_can_be_checked_and_bodies_are_for_those_who_work_on_it(pair: Pair) -> None:
    identifier = await pair.issued()
    request = pb.GetHistoryRequest(instruction_id=identifier)
    chief, centre = pair.sender.as_("chief").matters, pair.sender.as_("centre").matters
    records = (await chief.GetHistory(request)).records
    assert [decode_header(record.header).kind for record in records] == ["Issued", "Delivered"]
    assert not any(record.HasField("body") for record in records)
    request.with_bodies = True
    assert (await refusal(chief.GetHistory(request))).reason == "FORBIDDEN"
    for record in (await centre.GetHistory(request)).records:
        assert body_commitment(record.body) == decode_header(record.header).body


async def test_a_pending_event_is_shown_as_such(pair: Pair) -> None:
    identifier = await pair.issued()
    centre = pair.receiver.as_("centre").matters
    await centre.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )
    entries = (await centre.GetTimeline(pb.GetTimelineRequest(instruction_id=identifier))).entries
    last = entries[-1]
    assert (last.words, last.actor, last.pending, last.log_index, last.sequence) == (
        "签收",
        "测试centre",
        True,
        -1,
        0,
    )
    summary = (await centre.GetInstruction(get(identifier))).instruction.summary
    assert instruction_pb2.MARK_PENDING in summary.marks
    assert summary.last_event_id == last.event_id


async def test_the_directory_serves_from_what_the_node_holds(pair: Pair) -> None:
    desk = pair.sender.as_("judge").directory
    keys = (await desk.ListKeys(directory_service_pb2.ListKeysRequest(court="苏0591"))).keys
    assert [(key.court, key.ended_at_index) for key in keys] == [("苏0591", -1)]
    rules = await desk.GetRulebook(directory_service_pb2.GetRulebookRequest())
    assert rules.hash == pair.sender.node.seat.rulebook.hash
    unknown = directory_service_pb2.GetRulebookRequest(hash="0" * 64)
    assert (await refusal(desk.GetRulebook(unknown))).reason == "RULEBOOK_UNKNOWN"
