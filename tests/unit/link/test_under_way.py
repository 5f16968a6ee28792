"""What the node remembers of its pushes: what is under way, what is held back, how long it pauses."""

from hashlib import sha256

import grpc
import pytest
from grpc.aio import AioRpcError, Metadata

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_link.backoff import Backoff
from xiezhi_link.failures import HubLeft, explain, first_error
from xiezhi_link.held_back import HeldBack
from xiezhi_link.under_way import Outgoing, UnderWay
from xiezhi_wire.startup import StartupError


def outgoing(position: int, instruction: str = "i") -> Outgoing:
    return Outgoing.of(position, instruction, StoredEvent(header=b"%d" % position, body=bytes(position)))


def test_an_event_is_followed_without_being_read() -> None:
    # Not a header at all: the hub will say so.
    followed = outgoing(7, "one")
    assert (followed.position, followed.instruction, followed.digest) == (7, "one", sha256(b"7").digest())
    assert followed.record.ByteSize() <= followed.size <= followed.record.ByteSize() + 24


def test_answers_make_room_and_foreign_items_do_not() -> None:
    under_way = UnderWay()
    events = [outgoing(1), outgoing(2)]
    for each in events:
        under_way.add(each)
    assert under_way.size == sum(each.size for each in events)
    assert under_way.oldest_s > 0
    under_way.all_answered([b"1", b"foreign"])
    assert under_way.size == events[1].size
    assert under_way.answered(events[1].digest) == events[1]
    assert under_way.answered(events[1].digest) is None
    assert (under_way.size, under_way.oldest_s) == (0, 0.0)


def test_what_is_answered_while_pending_events_are_read_is_not_pushed_again() -> None:
    under_way = UnderWay()
    one, other = outgoing(1), outgoing(2)
    with under_way.reading():
        under_way.all_answered([b"1"])
        assert not under_way.wants(one)
        assert under_way.wants(other)
        under_way.add(other)
        assert not under_way.wants(other)
    with under_way.reading():
        assert under_way.wants(one)


def test_what_is_held_back_is_tried_again_from_the_first_on() -> None:
    now = [100.0]
    held_back = HeldBack(5.0, lambda: now[0])
    assert held_back.release() is None
    held_back.hold(outgoing(8, "one"))
    now[0] = 104.0
    held_back.hold(outgoing(3, "two"))
    assert held_back.holds("one")
    assert held_back.holds("two")
    assert not held_back.holds("three")
    assert held_back.release() is None
    now[0] = 105.0
    assert held_back.release() == 3
    assert not held_back.holds("one")
    assert held_back.release() is None


def test_pauses_grow_to_the_longest_and_begin_again() -> None:
    backoff = Backoff(1.0, 8.0)
    pauses = [backoff.next_s() for _ in range(6)]
    for pause, longest in zip(pauses, (1, 2, 4, 8, 8, 8), strict=True):
        assert longest / 2 <= pause <= longest
    backoff.reset()
    assert backoff.next_s() <= 1.0


def ended(code: grpc.StatusCode, trailers: Metadata, details: str = "") -> AioRpcError:
    return AioRpcError(code, Metadata(), trailers, details)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ended(grpc.StatusCode.UNAVAILABLE, Metadata(), "connect failed"), "请检查网络"),
        (
            ended(grpc.StatusCode.ABORTED, Metadata(("grpc-status-details-bin", b"x")), "重复部署"),
            "重复部署",
        ),
        (ended(grpc.StatusCode.INTERNAL, Metadata(), "RST_STREAM"), "INTERNAL"),
        (WrongState(Reason.CLOCK_SKEW), Reason.CLOCK_SKEW.zh),
        (TimeoutError(), "按时应答"),
        (StartupError("no file"), "证书文件"),
        (HubLeft(), "断开"),
        (KeyError("inner detail"), Reason.INTERNAL.zh),
    ],
)
def test_the_operator_is_told_in_chinese(error: Exception, told: str) -> None:
    assert told in explain(error)
    assert "detail" not in explain(error)


def test_the_first_of_many_errors_is_raised_plain() -> None:
    with pytest.raises(HubLeft), first_error():
        raise ExceptionGroup("tasks", [ExceptionGroup("inner", [HubLeft(), KeyError()]), ValueError()])
