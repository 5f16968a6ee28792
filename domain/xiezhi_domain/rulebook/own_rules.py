"""What a court lays over the rulebook itself (本地要求): its one document, and what of it needs the superior's consent.

What concerns a court's own work alone it decides by itself. What other courts have to follow, such as papers that they
must bring, waits for the consent of the hub's court; so does a late first day, before which no rules of anybody can
begin any more. Which key is which and which day is late, is in the rulebook (ADR 0005).
"""

import re
from datetime import date, timedelta
from typing import Final

from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason
from xiezhi_domain.rulebook.describe import differences
from xiezhi_domain.rulebook.document import UNNAMED, documents_of, read_document
from xiezhi_domain.rulebook.model import Rulebook
from xiezhi_domain.rulebook.publishing import next_rulebook

MOST_BYTES: Final = 16 * 1024
"""Of a court's document in UTF-8: all courts share the room of one rulebook (`publishing`)."""
_LONGEST_NAME: Final = 100
# 苏0508:kind.FIND.papers[1].reason or 苏0508:ladder.cooperation.limits.sign.amount
_KEY: Final = re.compile(r"(?P<area>[^:]+):\w+\.[^.]+\.(?P<key>\w+)")


def own_document(court: str, name: str, content: str) -> tuple[str, str]:
    """Return the document that *court* brings, with its name; empty *content* takes back what it had.

    :raises FormatError: not TOML, or not the rules of *court*; says which file and line.
    :raises InvalidInput: several documents in one, or no proper name of a file.
    :raises LimitExceeded: TOO_LARGE.
    """
    name = name.strip() or UNNAMED
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidInput.in_field("name", f"文件名最长 {_LONGEST_NAME} 个字，不能换行")
    if len(content.encode()) > MOST_BYTES:
        raise LimitExceeded(Reason.TOO_LARGE, f"本地要求超过 {MOST_BYTES // 1024} KB，请精简")
    if not content.strip():
        return f"{court}.toml", f'court = "{court}"\n'
    parts = documents_of(name, content.encode())
    if len(parts) != 1:
        raise InvalidInput.in_field("content", "一次只能提交本院的一个文件")
    table = read_document(*parts[0])
    if "court" not in table:
        raise table.slip(f'本院的文件应以 court = "{court}" 开头')
    if table.get("court", str) != court:
        raise table.slip(f'只能写本院 "{court}" 的要求', "court")
    return parts[0]


def with_own(newest: Rulebook, document: tuple[str, str], day: date, today: date) -> Rulebook:
    """Return *newest* with an `own_document`, valid from *day* on, but not before *today* or the day of *newest*.

    :raises FormatError: a slip in the document; says which, with file and line.
    :raises InvalidInput: a *day* later than a court may want (`OwnRules.latest_days`).
    :raises LimitExceeded: TOO_LARGE.
    """
    latest = _last_day(newest, newest.own_rules.latest_days, today)
    if day > latest:
        raise InvalidInput.in_field("valid_from", f"生效日期最迟为 {latest}，请改为较早的日期")
    return next_rulebook(newest, [document], max(day, today, newest.valid_from))


def changed_keys(before: Rulebook, after: Rulebook, court: str) -> frozenset[str]:
    """Return which keys of the rules of *court* are others: papers, limits, approval …; none where nothing changes."""
    paths = (path for path, *_ in differences(before, after))
    return frozenset(found["key"] for path in paths if (found := _KEY.match(path)) and found["area"] == court)


def needing_consent(before: Rulebook, after: Rulebook, keys: frozenset[str], today: date) -> tuple[str, ...]:
    """Return which changed *keys* a court may not decide alone under *before*, and `valid_from` if *after* is late."""
    alone = before.own_rules
    late = after.valid_from > _last_day(before, alone.alone_days, today)
    return tuple(sorted((keys - alone.alone) | ({"valid_from"} if late else set())))


def _last_day(newest: Rulebook, days: int, today: date) -> date:
    # The days count from today alone: counted from the newest rulebook, each next one would move the last day on.
    return max(newest.valid_from, today + timedelta(days=days))
