"""A draft that is given up: whose it is, what is left of it, and what nobody can do with it any more."""

from dataclasses import replace

from sqlalchemy import Connection
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, an_order, new_id
from tests.integration.node.test_drafting import approve, draft, name_of, put_case, shown, submit

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.documents import store as documents
from xiezhi_desk.documents.collect import KEPT_MS
from xiezhi_journal import tables

DISCARDED = instruction_pb2.INSTRUCTION_STATE_DISCARDED


def discard(identifier: str, reason: str = "当事人已自动履行") -> pb.DiscardDraftRequest:
    return pb.DiscardDraftRequest(request_id=f"d-{identifier}", instruction_id=identifier, reason=reason)


async def drafted(pair: Pair, name: str = "judge") -> str:
    """A complete draft with one paper."""
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    await draft(pair, identifier, an_order(document), name)
    return identifier


async def listed(pair: Pair, **asked: object) -> list[str]:
    request = pb.ListInstructionsRequest(box=pb.BOX_SENT, **asked)
    answer = await pair.sender.as_("judge").matters.ListInstructions(request)
    return [row.instruction_id for row in answer.instructions]


async def test_a_discarded_draft_leaves_the_lists_and_its_record_stays(pair: Pair) -> None:
    await put_case(pair)
    gone, kept = await drafted(pair), await drafted(pair)
    judge = pair.sender.as_("judge").matters
    receipt = (await judge.DiscardDraft(discard(gone))).receipt
    assert (name_of(receipt.state), receipt.pending) == ("DISCARDED", False)
    assert (await judge.DiscardDraft(discard(gone))).receipt == receipt
    assert await listed(pair) == await listed(pair, open_only=True) == [kept]
    assert await listed(pair, states=[DISCARDED]) == [gone]
    matter = await shown(pair, gone, "chief")
    assert matter.returned_reason.startswith("测试judge 于 ")
    assert matter.returned_reason.endswith(" 废弃草稿：当事人已自动履行")
    assert [offer.action for offer in matter.actions if offer.allowed] == []
    steps = pair.sender.node.journal.read_now(lambda connection: steps_of(connection, gone))
    assert steps == [("CREATE", "测试judge", ""), ("DISCARD", "测试judge", "当事人已自动履行")]


def steps_of(connection: Connection, identifier: str) -> list[tuple[str, str, str]]:
    row = tables.draft_step.c
    query = tables.draft_step.select().where(row.instruction == identifier).order_by(row.id)
    return [(each.action, each.name, each.remark) for each in connection.execute(query)]


async def test_nothing_is_done_with_a_discarded_draft_and_its_number_is_gone(pair: Pair) -> None:
    await put_case(pair)
    identifier = await drafted(pair)
    judge = pair.sender.as_("judge").matters
    await judge.DiscardDraft(discard(identifier))
    number = (await shown(pair, identifier)).summary.matter_number
    assert (await refusal(judge.SubmitInstruction(submit(identifier)))).reason == "WRONG_STATE"
    assert (await refusal(draft(pair, identifier, an_order()))).reason == "WRONG_STATE"
    again = discard(identifier)
    again.request_id = "again"
    assert (await refusal(judge.DiscardDraft(again))).reason == "WRONG_STATE"
    chief = pair.sender.as_("chief").matters
    assert (await refusal(chief.ApproveInstruction(approve(identifier)))).reason == "WRONG_STATE"
    written = pb.WriteConsentRequest(request_id="w", instruction_id=identifier, opinion="同意")
    assert (await refusal(chief.WriteConsent(written))).reason == "WRONG_STATE"
    other = (await shown(pair, await drafted(pair))).summary.matter_number
    assert (number, other) == ("苏0505委〔2026〕1号", "苏0505委〔2026〕2号")


async def test_its_author_alone_discards_it_or_who_stands_in_for_him(pair: Pair) -> None:
    await put_case(pair)
    identifier = await drafted(pair)
    program, other = pair.sender.as_("program").matters, pair.sender.as_("other_judge").matters
    assert (await refusal(program.DiscardDraft(discard(identifier)))).reason == "FORBIDDEN"
    assert (await refusal(other.DiscardDraft(discard(identifier)))).reason == "UNKNOWN_INSTRUCTION"
    away = frozenset({(pair.sender.account("judge"), "测试judge")})
    pair.sender.callers["other_judge"] = replace(pair.sender.callers["other_judge"], stands_in_for=away)
    offers = {offer.action: offer for offer in (await shown(pair, identifier, "other_judge")).actions}
    assert offers[instruction_pb2.ACTION_DISCARD].allowed
    await other.DiscardDraft(discard(identifier))
    assert (await shown(pair, identifier)).returned_reason.startswith("测试other_judge 于 ")


async def test_what_lies_with_an_approver_comes_back_first(pair: Pair) -> None:
    await put_case(pair)
    identifier = await drafted(pair)
    judge, chief = pair.sender.as_("judge").matters, pair.sender.as_("chief").matters
    await judge.SubmitInstruction(submit(identifier))
    assert (await refusal(judge.DiscardDraft(discard(identifier)))).reason == "WRONG_STATE"
    await chief.ApproveInstruction(approve(identifier))
    assert (await refusal(judge.DiscardDraft(discard(identifier)))).reason == "WRONG_STATE"
    rejection = pb.RejectApprovalRequest(request_id="n", instruction_id=identifier, opinion="不必委托")
    await chief.RejectApproval(rejection)
    receipt = (await judge.DiscardDraft(discard(identifier, ""))).receipt
    assert name_of(receipt.state) == "DISCARDED"


async def test_its_papers_go_with_those_that_nothing_names(pair: Pair) -> None:
    await put_case(pair)
    gone, kept = await drafted(pair), await drafted(pair)
    await pair.sender.as_("judge").matters.DiscardDraft(discard(gone))
    journal, later = pair.sender.node.journal, pair.clock.now + KEPT_MS

    async def left(before: int) -> list[int]:
        await journal.write(lambda connection: documents.forget_abandoned(connection, before))
        return [
            len(
                await journal.read(
                    lambda connection, which=which: documents.list_documents(connection, which)
                )
            )
            for which in (gone, kept)
        ]

    assert await left(pair.clock.now - KEPT_MS) == [1, 1]
    assert await left(later) == [0, 1]
