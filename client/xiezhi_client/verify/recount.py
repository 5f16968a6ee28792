"""Figures (统计指标) counted again from a whole log, by the same fold as at the hub and without asking it.

Headers and rulings are enough: what figures count are facts of headers, and no figure needs a body. Three things are
not in a log: the words of a rulebook or calendar that was published there (both are named by hash, and every node has
them), and the hub's own record of its lines, by which a step that came late may still have been in time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from xiezhi_client.verify.findings import Finding, not_proven
from xiezhi_domain.calendar import WorkingCalendar, parse_calendar, shipped_calendar
from xiezhi_domain.clocks import Accepted, Outage, Setting
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header, Seen, decode_header
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_entry, decode_ruling
from xiezhi_domain.indicators import MatterRecord, Period, record_of, shipped_edition
from xiezhi_domain.indicators.bulletin import Bulletin, choices, draw_up
from xiezhi_domain.indicators.figures import FigureKey
from xiezhi_domain.keyring import HUB_KEY_INDEX
from xiezhi_domain.rulebook import Rulebook, load_rulebook, shipped_rulebook
from xiezhi_domain.terms import EventKind

Numbers = Mapping[FigureKey, tuple[int, int]]
"""Numerator and denominator by figure."""

MOST_FINDINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: a period, courts (none: all that the log names), the log's first *size* entries (0: all)."""

    period: Period
    courts: Collection[str] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """What the hub published and a log names by hash alone; the calendar of the empty hash is the one that ships."""

    rulebooks: Mapping[str, Rulebook]
    calendars: Mapping[str, WorkingCalendar]

    @classmethod
    def of(cls, rulebooks: Iterable[bytes] = (), calendars: Iterable[bytes] = ()) -> Self:
        """Return these beside what ships with the platform; each is kept under its own hash.

        :raises FormatError: one of them is none.
        """
        books = [shipped_rulebook(), *map(load_rulebook, rulebooks)]
        known = {each.content_hash.hex(): each for each in map(parse_calendar, calendars)}
        shipped = shipped_calendar()
        return cls(
            {book.hash: book for book in books},
            {**known, shipped.content_hash.hex(): shipped, "": shipped},
        )


@dataclass(slots=True)
class LogHistory:
    """What figures need of a log: take it entry after entry, then count."""

    _matters: dict[str, list[tuple[int, Accepted]]] = field(default_factory=dict)
    _ruled_at: list[int] = field(default_factory=list)
    _outages: list[Outage] = field(default_factory=list)
    _calendar: str = ""
    _superior: str = ""

    def take(self, index: int, entry: bytes) -> None:
        """Take the next entry of the log; one that cannot be read counts for nothing, which the audit says."""
        try:
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
        except FormatError:
            self._ruled_at.append(self._ruled_at[-1] if self._ruled_at else 0)
            return
        self._ruled_at.append(ruling.at)
        if index == HUB_KEY_INDEX:
            self._superior = header.sender
        if ruling.accepted:
            self._take_accepted(index, header, ruling)

    def _take_accepted(self, index: int, header: Header, ruling: Ruling) -> None:
        if header.kind == EventKind.CALENDAR_PUBLISHED:
            self._calendar = str(header.facts.get("calendar", ""))
        elif header.kind == EventKind.OUTAGE_RECORDED:
            facts = header.facts
            self._outages.append(Outage(facts["court"], facts["start"], facts["end"]))
        elif header.kind not in DIRECTORY_EVENTS:
            accepted = Accepted(ruling.seq, header, ruling.at)
            self._matters.setdefault(header.instruction, []).append((index, accepted))

    def count(self, question: Question, published: Published) -> "Recount":
        """Return the figures, and what stands in the way of believing them."""
        size = question.size or len(self._ruled_at)
        findings = list(self._missing(published, size))
        late: set[str] = set()
        records: list[MatterRecord] = []
        if not findings:
            setting = self._setting(published.calendars[self._calendar], late)
            records = self._records(published.rulebooks, setting, size)
        if late:
            findings.append(not_proven(_LATE.format(count=len(late), courts="、".join(sorted(late)))))
        return Recount(self._draw_up(question, records, size), tuple(findings[:MOST_FINDINGS]))

    def _setting(self, calendar: WorkingCalendar, late: set[str]) -> Setting:
        outages = sorted(self._outages, key=lambda each: each.start)
        return Setting(calendar, self._superior, tuple(outages), self._seen_at, _noting(late))

    def _seen_at(self, seen: Seen) -> int:
        """Return when the log was as large as an event claims to have seen it: its last entry's time says so."""
        reached = min(seen.size, len(self._ruled_at))
        return self._ruled_at[reached - 1] if reached else 0

    def _missing(self, published: Published, size: int) -> Iterator[Finding]:
        """Yield what has to be brought."""
        if size > len(self._ruled_at):
            yield not_proven(f"这份日志只有 {len(self._ruled_at)} 项，不能按前 {size} 项统计")
        pinned = {events[0][1].header.rulebook for events in self._matters.values()}
        missing = [f"规则库 {each}" for each in sorted(pinned - published.rulebooks.keys())]
        if self._calendar not in published.calendars:
            missing.append(f"工作日历 {self._calendar}")
        for each in missing:
            yield not_proven(f"统计所用的{each} 由平台发布，内容不在日志中：请用 --journal 给出节点的日志库")

    def _records(self, rulebooks: Mapping[str, Rulebook], setting: Setting, size: int) -> list[MatterRecord]:
        records = []
        for events in self._matters.values():
            history = [accepted for index, accepted in events if index < size]
            record = record_of(history, rulebooks, setting) if history else None
            if record is not None:
                records.append(record)
        return records

    def _draw_up(self, question: Question, records: list[MatterRecord], size: int) -> Bulletin:
        edition = shipped_edition()
        courts = question.courts or {each for record in records for each in (record.sender, record.receiver)}
        return draw_up(
            records,
            question.period,
            edition,
            choices(edition, question.period.last),
            courts,
            rivals=(),
            publisher=self._superior,
            log_size=size,
        )


_LATE: Final = (
    "有 {count} 家法院（{courts}）逾期送达平台的步骤：是否因断线所致由平台的线路记录认定，日志不含这项记录，"
    "这里按未断线计，相关事项是否按期可能与平台不同"
)


def _noting(late: set[str]) -> Callable[[str, int, int], bool]:
    """Return the answer that a log can give to whether a line was down, which notes whom it was asked about."""

    def was_cut_off(court: str, _claimed: int, _due: int) -> bool:
        late.add(court)
        return False

    return was_cut_off


@dataclass(frozen=True, slots=True)
class Recount:
    """Figures as the log gives them, and what keeps them from being proven."""

    bulletin: Bulletin
    findings: tuple[Finding, ...]

    @property
    def numbers(self) -> Numbers:
        """Numerator and denominator of every figure."""
        return {line.key: (line.numbers.numerator, line.numbers.denominator) for line in self.bulletin.lines}
