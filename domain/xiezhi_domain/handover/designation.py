"""Whom the common superior may designate to dispose of the property, by the legal ground of the request."""

from datetime import date

from xiezhi_domain.handover.register import Register
from xiezhi_domain.rulebook.grounds import Designable


def place_of(court: str, asking: str, first: str, register: Register, on: date) -> Designable | None:
    """Return as what *court* could be designated on the day *on*; None for one that has no seizure which stands.

    *asking* and *first* are the parties of the handover.
    """
    if court == asking:
        return Designable.ASKING
    if court == first:
        return Designable.FIRST
    return Designable.OTHER if register.first_of(court, on.isoformat()) else None
