"""Remedies between the pair's courts, in the words of the tests."""

from typing import Any

from google.protobuf.message import Message
from tests.integration.node.pair import Court, Pair, new_id

from xiezhi.v1 import find_service_pb2, instruction_pb2, item_pb2, remedy_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.court_time import to_date

DAY_MS = 24 * 60 * 60 * 1000


def request(pair: Pair, method: str, identifier: str, **content: Any) -> Message:
    """A request of the contract for *method*, with an id of its own."""
    name = f"{method}Request"
    message = getattr(remedy_pb2, name, None) or getattr(pb, name)
    return message(**{"request_id": new_id(pair.clock), "instruction_id": identifier, **content})


async def call(court: Court, name: str, method: str, message: Message) -> Any:
    """The answer that *name* gets at *court*."""
    return await getattr(court.as_(name).matters, method)(message)


async def take(pair: Pair, court: Court, name: str, method: str, identifier: str, **content: Any) -> None:
    """One step of *name* at *court*, ruled on and told to both."""
    await call(court, name, method, request(pair, method, identifier, **content))
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


def day_after(pair: Pair, identifier_due_ms: int, days: int) -> str:
    """The day *days* after a due time, as requests spell it."""
    del pair
    return to_date(identifier_due_ms + days * DAY_MS).isoformat()


__all__ = ["DAY_MS", "call", "completed", "day_after", "find_service_pb2", "offered", "request", "take"]
