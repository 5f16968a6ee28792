"""Bulletins and objections as the contract shows them."""

import hashlib

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1 import indicator_pb2
from xiezhi_desk.terms import BULLETIN_STATES, INDICATORS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.terms import Indicator
from xiezhi_hub.bulletins.store import Objection, StoredBulletin


def summary_message(row: StoredBulletin, publisher: str) -> pb.BulletinSummary:
    """Return a bulletin in a list; *publisher* is the hub's court."""
    message = pb.BulletinSummary(
        bulletin_id=row.bulletin_id,
        court=publisher,
        period=indicator_pb2.Period(first_day=row.first_day, last_day=row.last_day),
        state=BULLETIN_STATES.to_proto(row.state),
        log_size=row.log_size,
        content_hash=hashlib.sha256(row.content).digest(),
        drawn_up_at=to_timestamp(row.drawn_up_at),
        objections_until=to_timestamp(row.objections_until),
        event_id=row.event_id,
    )
    if row.published_at:
        message.published_at.CopyFrom(to_timestamp(row.published_at))
    return message


def objection_message(row: Objection) -> pb.DataObjection:
    """Return an objection."""
    message = pb.DataObjection(
        objection_id=row.objection_id,
        bulletin_id=row.bulletin_id,
        court=row.court,
        text=row.text,
        filed_at=to_timestamp(row.filed_at),
        upheld=row.upheld,
        answer=row.answer,
    )
    if row.indicator:
        message.indicator = INDICATORS.to_proto(Indicator(row.indicator))
    if row.answered_at:
        message.answered_at.CopyFrom(to_timestamp(row.answered_at))
    return message
