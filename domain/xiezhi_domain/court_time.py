"""Court time: Unix milliseconds, shown and entered as date and time of Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from xiezhi_domain.errors import InvalidInput

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one time zone without summer time since 1992; a fixed offset needs no time-zone files."""

_MINUTE: Final = "%Y-%m-%d %H:%M"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MS: Final = timedelta(milliseconds=1)
_FIRST_DAY: Final = _EPOCH.toordinal()
_DAY_MS: Final = timedelta(days=1) // _ONE_MS
_SHANGHAI_MS: Final = timedelta(hours=8) // _ONE_MS


def to_datetime(ms: int) -> datetime:
    """Give the moment as an aware datetime in Asia/Shanghai, exact to the millisecond."""
    return (_EPOCH + ms * _ONE_MS).astimezone(SHANGHAI)


def to_ms(moment: datetime) -> int:
    """Give an aware datetime as Unix milliseconds, parts of a millisecond cut off."""
    return (moment - _EPOCH) // _ONE_MS


def to_date(ms: int) -> date:
    """Give the calendar day in Asia/Shanghai of a moment."""
    # Counted in days: clocks ask this for every event, and a datetime on the way costs five times as much.
    return date.fromordinal(_FIRST_DAY + (ms + _SHANGHAI_MS) // _DAY_MS)


def to_text(ms: int) -> str:
    """Give the moment as court staff read it: `2026-11-22 10:31`."""
    return to_datetime(ms).strftime(_MINUTE)


def parse_text(text: str, field: str = "time") -> int:
    """Give the Unix milliseconds of `2026-11-22 10:31`. Raise `InvalidInput`."""
    try:
        return to_ms(datetime.strptime(text.strip(), _MINUTE).replace(tzinfo=SHANGHAI))
    except ValueError:
        raise InvalidInput.in_field(field, "时间格式不正确，例如 2026-11-22 10:31") from None
