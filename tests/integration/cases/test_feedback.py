"""Results go back into the case system: durably, once, whenever the source is there."""

import json
from pathlib import Path

from tests.integration.cases.adapter import Adapter
from tests.integration.node.pair import CASE, Pair, new_id

from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1 import instruction_service_pb2, item_pb2
from xiezhi_node.cases.feedback import FIRST_PAUSE_MS, FeedbackPusher


async def completed(pair: Pair) -> str:
    """A matter that the receiver has reported done, known at the sender."""
    matter = await pair.issued()
    await pair.assigned(matter)
    request = instruction_service_pb2.CompleteInstructionRequest(
        request_id=new_id(pair.clock),
        instruction_id=matter,
        text="已办结",
        outcomes=[
            item_pb2.ItemOutcome(number=number, outcome=item_pb2.OUTCOME_DONE, note="已找到")
            for number in (1, 2)
        ],
    )
    await pair.receiver.as_("field").matters.CompleteInstruction(request)
    await pair.exchange()
    return matter


async def status(pair: Pair, name: str = "judge", **filters: bool) -> list[pb.CaseFeedbackStatus]:
    cases = pair.sender.as_(name).cases
    return list((await cases.ListCaseFeedback(pb.ListCaseFeedbackRequest(**filters))).feedback)


def written(tmp_path: Path) -> list[dict]:
    folder = tmp_path / "cases" / "甲案" / "feedback"
    return [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]


async def test_a_result_is_written_into_the_case_once(pair: Pair, tmp_path: Path) -> None:
    matter = await completed(pair)
    pusher = pair.sender.cases.feedback
    assert await pusher.push() == 1
    assert await pusher.push() == 0
    [feedback] = written(tmp_path)
    assert feedback["case_number"] == CASE
    assert (feedback["instruction_id"], feedback["result"], feedback["text"]) == (
        matter,
        "RESULT_ALL_DONE",
        "已办结",
    )
    [row] = await status(pair)
    assert row.HasField("sent_at")
    assert await status(pair, waiting_only=True) == []
    # Of a confidential matter others do not learn that there is one.
    assert await status(pair, "other_judge") == []
    assert len(await status(pair, "centre")) == 1


async def test_a_result_waits_for_a_source_that_is_away(pair: Pair, adapter: Adapter, tmp_path: Path) -> None:
    await completed(pair)
    await adapter.kill()
    pusher = pair.sender.cases.feedback
    assert await pusher.push() == 0
    [row] = await status(pair, waiting_only=True)
    assert (row.failures, row.HasField("sent_at")) == (1, False)
    assert "连接不上" in row.problem
    await adapter.start()
    assert await pusher.push() == 0
    pair.clock.now += FIRST_PAUSE_MS
    # A program that was started again has nothing in memory and loses nothing.
    journal = pair.sender.node.journal
    assert await FeedbackPusher(journal, pair.sender.cases.source, pair.sender.commits).push() == 1
    assert len(written(tmp_path)) == 1


async def test_an_answer_that_was_lost_does_no_harm(pair: Pair, tmp_path: Path) -> None:
    await completed(pair)
    source = pair.sender.cases.source
    taken = []

    class Forgetful:
        """The real source behind a line that loses the first answer."""

        configured = True

        async def push_feedback(self, feedback) -> None:
            await source.push_feedback(feedback)
            await source.push_feedback(feedback)
            taken.append(feedback.feedback_id)

    pusher = FeedbackPusher(pair.sender.node.journal, Forgetful(), pair.sender.commits)
    assert await pusher.push() == 1
    assert [feedback["feedback_id"] for feedback in written(tmp_path)] == taken


async def test_a_case_that_the_source_does_not_know_is_tried_later(pair: Pair, tmp_path: Path) -> None:
    await completed(pair)
    (tmp_path / "cases" / "甲案" / "case.toml").rename(tmp_path / "case.toml")
    assert await pair.sender.cases.feedback.push() == 0
    assert [row.failures for row in await status(pair, waiting_only=True)] == [1]
    (tmp_path / "case.toml").rename(tmp_path / "cases" / "甲案" / "case.toml")
    pair.clock.now += FIRST_PAUSE_MS
    assert await pair.sender.cases.feedback.push() == 1
