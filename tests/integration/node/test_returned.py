"""What the hub refused lies on the desk of whoever had acted, with what won."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, new_id

from xiezhi.v1 import event_pb2, instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_journal.proofs import part_content


async def withdrawn_too_late(pair: Pair) -> str:
    """The sender withdraws while the receiver has signed already; the hub hears of the signature first."""
    identifier = await pair.issued()
    await pair.sender.as_("judge").matters.WithdrawInstruction(
        pb.WithdrawInstructionRequest(
            request_id=new_id(pair.clock), instruction_id=identifier, reason="被执行人已履行"
        )
    )
    await pair.receiver.as_("centre").matters.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )
    await pair.push(pair.receiver)
    await pair.exchange()
    return identifier


async def test_refused_work_comes_back_with_its_words_and_its_winner(pair: Pair) -> None:
    identifier = await withdrawn_too_late(pair)
    judge = pair.sender.as_("judge").matters
    [returned] = (await judge.ListReturnedWork(pb.ListReturnedWorkRequest())).returned
    assert returned.instruction_id == identifier
    assert returned.action == instruction_pb2.ACTION_WITHDRAW
    assert returned.reason in {"STALE_BASE", "WRONG_STATE"}
    assert returned.message
    assert (returned.winner.kind, returned.winner.court) == ("Signed", "苏0591")
    prose = event_pb2.Prose.FromString(part_content(returned.content, "prose"))
    assert prose.text == "被执行人已履行"
    entries = (await judge.GetTimeline(pb.GetTimelineRequest(instruction_id=identifier))).entries
    refused = next(entry for entry in entries if entry.kind == "Withdrawn")
    assert (refused.sequence, refused.refusal_reason) == (0, returned.message)
    assert entries[-1].kind == "Signed" or refused is entries[-1]


async def test_returned_work_is_the_actors_and_the_centres(pair: Pair) -> None:
    await withdrawn_too_late(pair)
    matters = {name: pair.sender.as_(name).matters for name in ("judge", "other_judge", "centre")}
    mine, all_ = pb.ListReturnedWorkRequest(), pb.ListReturnedWorkRequest(whole_court=True)
    [returned] = (await matters["centre"].ListReturnedWork(all_)).returned
    assert not (await matters["centre"].ListReturnedWork(mine)).returned
    assert (await refusal(matters["judge"].ListReturnedWork(all_))).reason == "WRONG_ROLE"
    dismissal = pb.DismissReturnedWorkRequest(request_id="d", event_id=returned.event_id)
    assert (await refusal(matters["other_judge"].DismissReturnedWork(dismissal))).code.name == "NOT_FOUND"
    await matters["judge"].DismissReturnedWork(dismissal)
    await matters["judge"].DismissReturnedWork(dismissal)
    assert not (await matters["judge"].ListReturnedWork(mine)).returned
