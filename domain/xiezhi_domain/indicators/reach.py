"""Which matters a period can touch at all: of years of matters, those that have to be counted for one month."""

from collections.abc import Iterable, Iterator

from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord


def within_reach(records: Iterable[MatterRecord], period: Period) -> list[MatterRecord]:
    """Return the matters without those that no indicator counts in *period*.

    What is counted has its moment in the period, or is open at its end with a limit that has passed. So a matter is out
    of reach if all of it comes later, or if all of it came before and nothing of it was left open.
    """
    start, end = period.start_ms, period.end_ms
    found = []
    for record in records:
        moments = list(_moments(record))
        if min(moments) < end and (max(moments) >= start or _is_left_open(record)):
            found.append(record)
    return found


def _moments(record: MatterRecord) -> Iterator[int]:
    yield record.accepted_at
    for at in (
        *(record.due, record.sign_due, record.arrived_at, record.answered_at),
        *(record.signed_at, record.ended_at, record.left_at),
    ):
        if at is not None:
            yield at
    for duty in record.judgements:
        yield from (at for at in (duty.due, duty.answered_at) if at is not None)
    yield from (each.at for each in record.overturned)
    if record.returned is not None:
        yield record.returned.at


def _is_left_open(record: MatterRecord) -> bool:
    """Say whether somebody may still owe something: the result, the signature, or the answer to a report."""
    if any(duty.answered_at is None for duty in record.judgements):
        return True
    if record.returned is not None or record.left_at is not None:
        return False
    return record.ended_at is None or record.answered_at is None
