"""Mobile numbers as gateways take them, and those of the people on duty."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.roster.store import duties_at
from xiezhi_domain.typed_text import half_width

MOBILE: Final = re.compile(r"(\+?86)?1\d{10}")
_PHONE: Final = frozenset("+0123456789")


def mobile_of(text: str) -> str:
    """Return a mobile number as gateways take it; empty where *text* is none."""
    digits = "".join(char for char in half_width(text) if char in _PHONE)
    return digits if MOBILE.fullmatch(digits) else ""


def mobiles_on_duty(connection: Connection, court: str, at: int) -> Sequence[str]:
    """Return the numbers of all who are on duty at a court at *at* (ms), each once, in the roster's order."""
    numbers = [mobile_of(duty.mobile or duty.phone) for duty in duties_at(connection, court, at)]
    return [*dict.fromkeys(number for number in numbers if number)]
