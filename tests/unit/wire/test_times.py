"""Times that no calendar has are refused where a request comes in, and the field is named."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import event_pb2, item_pb2
from xiezhi_domain.errors import InvalidInput
from xiezhi_wire.times import require_times


def outcomes(*stamps: Timestamp) -> event_pb2.OutcomeList:
    return event_pb2.OutcomeList(outcomes=[item_pb2.ItemOutcome(done_at=stamp) for stamp in stamps])


def test_times_of_a_calendar_pass() -> None:
    require_times(outcomes(Timestamp(), Timestamp(seconds=1_767_225_600, nanos=999_999_999)))
    require_times(event_pb2.Prose(text="请"))


@pytest.mark.parametrize(
    "stamp",
    [
        Timestamp(seconds=253_402_300_799),
        Timestamp(seconds=-62_135_596_800),
        Timestamp(seconds=1 << 62),
        Timestamp(seconds=1, nanos=-1),
        Timestamp(seconds=1, nanos=1_000_000_000),
    ],
)
def test_others_are_refused_by_their_field(stamp: Timestamp) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_times(outcomes(Timestamp(seconds=1), stamp))
    assert [field.field for field in refused.value.fields] == ["outcomes[1].done_at"]
