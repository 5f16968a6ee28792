"""Reading bodies that another court has written, whatever is in them."""

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import event_pb2, item_pb2
from xiezhi_desk import bodies
from xiezhi_node.ordering.convert import read_order


def body(**parts: bytes) -> event_pb2.Body:
    return event_pb2.Body(
        parts=[event_pb2.BodyPart(name=name, content=content) for name, content in parts.items()]
    )


def test_parts_are_found_by_name() -> None:
    item = item_pb2.Item(number=2, scope="查找下落")
    found = body(
        **{"item/2": item.SerializeToString(), "prose": event_pb2.Prose(text="请").SerializeToString()}
    )
    assert bodies.items_of(found) == [item]
    assert bodies.prose_of(found).text == "请"
    assert read_order("FIND", found).items == [item]


def test_what_is_erased_missing_or_unreadable_reads_as_empty() -> None:
    erased = event_pb2.Body(parts=[event_pb2.BodyPart(name="subject/1", erased_hash=bytes(32))])
    for odd in (erased, body(), body(case=b"\xff\xff", prose=b"\xff", actor=b"\xff", held_at=b"\xff")):
        assert bodies.subjects_of(odd) == []
        assert bodies.case_of(odd).case_number == ""
        assert bodies.actor_of(odd).account_id == ""
        assert bodies.held_at_of(odd) == 0


def test_a_time_that_no_calendar_has_reads_as_none() -> None:
    assert bodies.held_at_of(body(held_at=b"\x08" + b"\xff" * 9 + b"\x01")) == 0
    outcomes = [
        item_pb2.ItemOutcome(number=1, done_at=Timestamp(seconds=253_402_300_799)),
        item_pb2.ItemOutcome(number=2, done_at=Timestamp(seconds=1, nanos=-1)),
        item_pb2.ItemOutcome(number=3, done_at=Timestamp(seconds=1_767_225_600)),
    ]
    found = bodies.outcomes_of(body(outcomes=event_pb2.OutcomeList(outcomes=outcomes).SerializeToString()))
    assert [outcome.number for outcome in found if outcome.HasField("done_at")] == [3]
