"""Remedies between the pair's courts, in the words of the tests."""

from typing import Any

from google.protobuf.message import Message
from tests.integration.node.pair import Court, Pair, new_id

from xiezhi.v1 import instruction_pb2, item_pb2, remedy_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.court_time import to_date

DAY_MS = 24 * 60 * 60 * 1000


def request(pair: Pair, method: str, identifier: str, **content: Any) -> Message:
    """A request of the contract for *method*, with an id of its own."""
    name = f"{method}Request"
    message = getattr(remedy_pb2, name, None) or getattr(pb, name)
    return message(**{"request_id": new_id(pair.clock), "instruction_id": identifier, **content})


async def call(desk: Court, name: str, method: str, message: Message) -> Any:
    """The answer that *name* gets at the court."""
    return await getattr(desk.as_(name).matters, method)(message)


async def take(pair: Pair, desk: Court, name: str, method: str, identifier: str, **content: Any) -> None:
    """One step of *name* at the court, ruled on and told to both."""
    await call(desk, name, method, request(pair, method, identifier, **content))
    await pair.exchange()


async def state_of(court: Court, identifier: str) -> str:
    """The state of a matter as *court* sees it."""
    seen = await seen_by(court, "centre", identifier)
    return instruction_pb2.InstructionState.Name(seen.summary.state).removeprefix("INSTRUCTION_STATE_")


async def seen_by(court: Court, name: str, identifier: str) -> instruction_pb2.Instruction:
    """The matter as *name* sees it."""
    answer = await court.as_(name).matters.GetInstruction(pb.GetInstructionRequest(instruction_id=identifier))
    return answer.instruction


async def offered(court: Court, name: str, identifier: str) -> set[str]:
    """The buttons that *name* has now."""
    seen = await seen_by(court, name, identifier)
    return {
        instruction_pb2.Action.Name(offer.action).removeprefix("ACTION_")
        for offer in seen.actions
        if offer.allowed
    }


async def timeline(court: Court, identifier: str) -> list[tuple[str, str]]:
    """Words and text of each line."""
    answer = await court.as_("centre").matters.GetTimeline(pb.GetTimelineRequest(instruction_id=identifier))
    return [(entry.words, entry.text) for entry in answer.entries]


async def completed(pair: Pair, identifier: str, *numbers: int) -> None:
    """The receiver's officer reports items as done."""
    outcomes = [
        item_pb2.ItemOutcome(number=number, outcome=item_pb2.OUTCOME_DONE, note="已到现场")
        for number in numbers
    ]
    await take(
        pair, pair.receiver, "field", "CompleteInstruction", identifier, text="已办结", outcomes=outcomes
    )


async def due_of(court: Court, identifier: str) -> int:
    """When the matter is due (ms), as *court* sees it."""
    return (await seen_by(court, "centre", identifier)).summary.due_at.ToMilliseconds()


def day(ms: int) -> str:
    """A day as requests spell it."""
    return to_date(ms).isoformat()
