"""What the figures need to know of one matter. It is made from a history and holds no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from xiezhi_domain.terms import Channel, TimeVerdict


class Work(Enum):
    """Which figures a matter belongs to (indicators.md, Common)."""

    COOPERATION = "COOPERATION"
    """查人找物, 事项委托, 协助执行: what is asked, done and reported."""
    SUPERVISION = "SUPERVISION"
    """督办: what a superior urges and a court replies to."""


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval (ms) in which the clock stands still; `end` is None while it still does."""

    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The sender's duty to confirm or reject one report, owed by `court`. Times in ms; None: never, no limit."""

    court: str
    reported_at: int
    due: int | None
    answered_at: int | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A matter given back: when, and the reason code of the rulebook."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """One matter as its accepted history up to the cut-off has left it. Times are the hub's, ms since 1970.

    `start` is when the receiver's clock starts (None: it has not), `due` the limit after extensions and pauses (None:
    the clock stands still), `ended_at` the sending of the last report that was not rejected, `answered_at` the first
    signature or request for supplements, `left_at` the end without a result: withdrawn, stopped, revoked. What was
    done before a reroute is not in it: only the new court counts. Rankings of periods that begin before `ranked_from`
    leave it out (0: none does).
    """

    id: str
    number: str
    kind: str
    work: Work
    sender: str
    receiver: str
    accepted_at: int
    start: int | None = None
    channel: Channel = Channel.PLATFORM
    urgent: bool = False
    ranked_from: int = 0
    arrived_at: int | None = None
    sign_due: int | None = None
    answered_at: int | None = None
    signed_at: int | None = None
    due: int | None = None
    pauses: tuple[Pause, ...] = ()
    ended_at: int | None = None
    verdict: TimeVerdict | None = None
    under_review: bool = False
    papers_asked: bool = False
    judgements: tuple[Judgement, ...] = ()
    returned: Return | None = None
    overturned: tuple[Return, ...] = ()
    left_at: int | None = None
    outcomes: Mapping[int, str] = field(default_factory=dict)
    """Item number → outcome, empty while it has none."""

    @property
    def is_in_time(self) -> bool:
        """Whether it was reported within its limit: as the clocks judge the three times of the report (protocol §5)."""
        if self.verdict is not None:
            return self.ended_at is not None and self.verdict is TimeVerdict.IN_TIME
        return self.ended_at is not None and (self.due is None or self.ended_at <= self.due)

    @property
    def begun_at(self) -> int:
        """When its work began: with the receiver's clock, and where that never started, with the acceptance."""
        return self.accepted_at if self.start is None else self.start

    def paused_ms(self, start: int, end: int) -> int:
        """How long the clock stood still between two moments."""
        return sum(
            max(0, min(end, pause.end if pause.end is not None else end) - max(start, pause.start))
            for pause in self.pauses
        )
