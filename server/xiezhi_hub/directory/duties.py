"""Duties of all courts of this hub: told by nodes, asked for by others (practice.md §13)."""

from sqlalchemy import Connection

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi_desk.roster import store
from xiezhi_desk.roster.duty import LONGEST_TEXT, Duty
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason
from xiezhi_hub.directory.courts import get_court


def duties_of_request(court: str, request: pb.PublishRosterRequest) -> list[Duty]:
    """Return the duties that a court's node tells.

    :raises LimitExceeded: TOO_LARGE.
    :raises InvalidInput: a duty that has no name, a text that is too long, or an end before its beginning.
    """
    if len(request.duties) > store.MOST_DUTIES:
        raise LimitExceeded(Reason.TOO_LARGE)
    return [_duty(court, duty, f"duties[{at}]") for at, duty in enumerate(request.duties)]


def whom_to_call(connection: Connection, hub_court: str, court: str, at: int) -> pb.GetDutyResponse:
    """Return who is on duty at a court at *at* (ms), or at the hub's court where nobody is.

    :raises NotFound: UNKNOWN_COURT.
    """
    get_court(connection, court)
    duties = store.duties_at(connection, court, at)
    fallback = not duties and court != hub_court
    if fallback:
        duties = store.duties_at(connection, hub_court, at)
    return pb.GetDutyResponse(duties=[duty.message() for duty in duties], fallback=fallback)


def _duty(court: str, message: pb.Duty, where: str) -> Duty:
    begins_at, ends_at = message.begins_at.ToMilliseconds(), message.ends_at.ToMilliseconds()
    texts = (message.name, message.phone, message.deputy, message.deputy_phone)
    if not message.name or begins_at >= ends_at or any(len(text) > LONGEST_TEXT for text in texts):
        raise InvalidInput.in_field(where, "值班信息不完整或过长")
    return Duty(
        court=court,
        begins_at=begins_at,
        ends_at=ends_at,
        name=message.name,
        phone=message.phone,
        mobile="",
        deputy=message.deputy,
        deputy_phone=message.deputy_phone,
    )
