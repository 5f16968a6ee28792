"""A duty, and how one is entered."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from xiezhi.v1 import directory_service_pb2, roster_service_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import SHANGHAI, to_date, to_datetime, to_ms
from xiezhi_domain.errors import FieldViolation, InvalidInput, Reason

LONGEST_TEXT: Final = 64
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
_MIDNIGHT: Final = "24:00"
_TEXTS: Final = ("name", "phone", "mobile", "deputy", "deputy_phone")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty at a court, from `begins_at` until before `ends_at` (ms since 1970)."""

    court: str
    begins_at: int
    ends_at: int
    name: str
    phone: str
    mobile: str
    deputy: str
    deputy_phone: str

    def message(self) -> directory_service_pb2.Duty:
        """Return what other courts see of it: names, one number each, hours."""
        return directory_service_pb2.Duty(
            court=self.court,
            name=self.name,
            phone=self.phone or self.mobile,
            deputy=self.deputy,
            deputy_phone=self.deputy_phone,
            begins_at=to_timestamp(self.begins_at),
            ends_at=to_timestamp(self.ends_at),
        )

    def entry(self) -> roster_service_pb2.RosterEntry:
        """Return it as the court itself enters it."""
        begins, ends = to_datetime(self.begins_at), to_datetime(self.ends_at)
        whole_day = ends - begins == timedelta(days=1) and begins.time() == time.min
        return roster_service_pb2.RosterEntry(
            day=begins.date().isoformat(),
            name=self.name,
            phone=self.phone,
            mobile=self.mobile,
            deputy=self.deputy,
            deputy_phone=self.deputy_phone,
            begins=f"{begins:%H:%M}",
            ends=_MIDNIGHT if whole_day else f"{ends:%H:%M}",
        )


def duty_of_entry(court: str, entry: roster_service_pb2.RosterEntry) -> Duty:
    """Return the duty that an entry means.

    :raises InvalidInput: naming every field that is wrong.
    """
    wrong = [
        FieldViolation(name, f"最长 {LONGEST_TEXT} 个字符")
        for name in _TEXTS
        if len(getattr(entry, name)) > LONGEST_TEXT
    ]
    if not entry.name.strip():
        wrong.append(FieldViolation("name", "请填写值班人"))
    if not (entry.phone.strip() or entry.mobile.strip()):
        wrong.append(FieldViolation("phone", "请填写值班电话或手机"))
    if entry.deputy.strip() and not entry.deputy_phone.strip():
        wrong.append(FieldViolation("deputy_phone", "请填写替补人的电话"))
    try:
        begins_at, ends_at = _times(entry)
    except InvalidInput as error:
        wrong.extend(error.fields)
    if wrong:
        raise InvalidInput(Reason.INVALID_FIELD, wrong[0].message, fields=wrong)
    texts = {name: getattr(entry, name).strip() for name in _TEXTS}
    return Duty(court=court, begins_at=begins_at, ends_at=ends_at, **texts)


def parse_day(text: str, field: str) -> date:
    """Return the day written as 2026-11-22.

    :raises InvalidInput: naming *field*.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=SHANGHAI).date()
    except ValueError:
        raise InvalidInput.in_field(field, "日期格式应为 2026-11-22") from None


def start_of(day: date) -> int:
    """Return when a day begins in court time, in ms since 1970."""
    return to_ms(datetime.combine(day, time.min, SHANGHAI))


def day_of(at: int) -> date:
    """Return the day on which a duty that begins at *at* is entered."""
    return to_date(at)


def _times(entry: roster_service_pb2.RosterEntry) -> tuple[int, int]:
    midnight = start_of(parse_day(entry.day, "day"))
    begins = _minutes(entry.begins or "00:00", "begins")
    ends = _minutes(entry.ends or _MIDNIGHT, "ends")
    if ends <= begins:
        ends += 24 * 60
    return midnight + begins * 60_000, midnight + ends * 60_000


def _minutes(text: str, field: str) -> int:
    if text.strip() == _MIDNIGHT:
        return 24 * 60
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        raise InvalidInput.in_field(field, "时间格式应为 08:30")
    return int(found[1]) * 60 + int(found[2])
