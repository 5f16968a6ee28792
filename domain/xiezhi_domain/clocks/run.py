"""Running the clocks of a matter: one accepted event after the other, in the order of its history."""

from typing import Final

from msgspec.structs import replace

from xiezhi_domain.clocks.deadline import Clocks, Deadline, NotBefore, Pause
from xiezhi_domain.clocks.due import due_of
from xiezhi_domain.clocks.moment import Moment, Setting, moment_of
from xiezhi_domain.clocks.period import counts_days, end_of_period, is_provisional
from xiezhi_domain.clocks.plan import OWN_PERIOD, ClockPlan, applies
from xiezhi_domain.clocks.verdict import Times, judge
from xiezhi_domain.ladder.instruction import FINAL_STATES
from xiezhi_domain.rulebook.model import Limit, Unit
from xiezhi_domain.terms import DeadlineState, TimeVerdict

__all__ = ["Moment", "Setting", "advance", "moment_of"]

_NOWHERE: Final = Clocks()


def advance(before: Clocks | None, moment: Moment, plan: ClockPlan, setting: Setting) -> Clocks:
    """Return all deadlines after the event *moment*; *before* is None for the first event of a matter.

    Each clock of the kind hears the event in turn: what stood still runs on, what the event meets has ended, what it
    extends or starts is due later, what the new state stops stands still, what a final state ends is over.
    """
    before = before or _NOWHERE
    clocks = plan.concerned(moment.kind, before.state, moment.state)
    if clocks:
        return _Hearing(before, moment, plan, setting).heard(clocks)
    return before if before.state is moment.state else replace(before, state=moment.state)


class _Hearing:
    """One event, heard by all clocks."""

    def __init__(self, before: Clocks, moment: Moment, plan: ClockPlan, setting: Setting) -> None:
        self._before = before
        self._moment = moment
        self._plan = plan
        self._setting = setting
        self._rounds = list(before.deadlines)
        self._latest = {deadline.clock: place for place, deadline in enumerate(self._rounds)}
        self._causes = plan.causes
        self._called_at = before.called_at or (moment.at if moment.kind in plan.calls else 0)

    def heard(self, clocks: tuple[Limit, ...]) -> Clocks:
        """Return the deadlines after the event, which *clocks* hear."""
        for limit in clocks:
            self._hear(limit)
        return Clocks(tuple(self._rounds), self._moment.state, self._moment.urgent, self._called_at)

    def _hear(self, limit: Limit) -> None:
        moment = self._moment
        if not applies(limit, moment):
            self._end(limit)
            return
        if limit.name in self._latest:
            self._go_on(limit)
        named = self._plan.restarts[limit.name].get(moment.kind)
        if named is not None:
            self._restart(limit, named)
        if moment.kind in self._plan.extends and limit.name == OWN_PERIOD:
            self._extend(limit)
        if moment.kind in limit.starts or self._causes[limit.name]:
            self._start(limit)
        if moment.state in limit.paused_in:
            self._stand_still(limit)

    def _go_on(self, limit: Limit) -> None:
        was_final, is_final = self._before.state in FINAL_STATES, self._moment.state in FINAL_STATES
        if was_final and not is_final:
            self._reopen(limit)
        self._run_on(limit)
        if self._moment.kind in limit.stops:
            self._meet(limit)
        if is_final and not was_final:
            self._end(limit)

    def _end(self, limit: Limit) -> None:
        latest = self._of(limit.name)
        if latest and latest.is_open:
            self._keep(_ended(latest, self._moment.at))

    # --- What goes on ------------------------------------------------------------------------------------------------

    def _reopen(self, limit: Limit) -> None:
        """Go on under the original limit where a final state was left again (退回异议成立, practice.md §6)."""
        latest = self._of(limit.name)
        if latest and not latest.is_open and latest.verdict is None:
            self._keep(replace(latest, state=DeadlineState.RUNNING, ended_at=0))

    def _run_on(self, limit: Limit) -> None:
        """Let an open clock run on: out of a pause, for the court and in the class that hold now."""
        latest, moment = self._of(limit.name), self._moment
        if latest is None or not latest.is_open:
            return
        if latest.state is DeadlineState.PAUSED and self._ends_pause(limit):
            *done, last = latest.adjustments
            latest = replace(
                latest, state=DeadlineState.RUNNING, adjustments=(*done, Pause(last[0], moment.at))
            )
        owner = self._setting.owner(limit.owner, moment)
        if owner != latest.owner and self._begins_afresh(limit, latest):
            owner = latest.owner
        if moment.urgent is not self._before.urgent:
            amount, unit = self._period(latest.basis)
            latest = replace(latest, amount=amount, unit=unit)
        if latest is not self._of(limit.name) or owner != latest.owner:
            self._keep(replace(latest, owner=owner))

    def _begins_afresh(self, limit: Limit, latest: Deadline) -> bool:
        """Return whether the event begins a new round, so that the old one stays with the court that had it."""
        kind = self._moment.kind
        if self._plan.restarts[limit.name].get(kind) == limit.name:
            return True
        if self._causes[limit.name]:
            return self._cause_round(limit) != latest.cause
        return kind in limit.starts

    def _ends_pause(self, limit: Limit) -> bool:
        return self._moment.state not in limit.paused_in or self._moment.kind in limit.stops

    def _meet(self, limit: Limit) -> None:
        latest, moment = self._of(limit.name), self._moment
        if latest is None or not latest.is_open:
            return
        verdict = self._judge(latest)
        state = DeadlineState.MET if verdict is TimeVerdict.IN_TIME else DeadlineState.BREACHED
        self._keep(replace(latest, state=state, ended_at=moment.at, verdict=verdict))

    def _judge(self, deadline: Deadline) -> TimeVerdict:
        moment, due = self._moment, deadline.due_at
        if moment.at <= due:
            return TimeVerdict.IN_TIME
        if moment.claimed > due:
            return TimeVerdict.LATE
        times = Times(moment.claimed, self._setting.seen_at(moment.seen), moment.at)
        cut_off = self._setting.was_cut_off(moment.court, moment.claimed, due)
        return judge(due, times, was_cut_off=cut_off)

    def _extend(self, limit: Limit) -> None:
        """Take over the later end that was granted for the order's own period."""
        latest, moment = self._of(limit.name), self._moment
        if latest and latest.is_open:
            self._keep(replace(latest, adjustments=(*latest.adjustments, NotBefore(moment.stated_due))))

    # --- What begins -------------------------------------------------------------------------------------------------

    def _restart(self, limit: Limit, named: str) -> None:
        """Give the least time from the event on, or the whole period where the limit names itself."""
        latest, cause = self._of(limit.name), self._cause_round(limit)
        if named == limit.name or latest is None:
            self._begin(limit, self._moment.at, cause)
        elif latest.is_open:
            amount, unit = self._period(named)
            least = end_of_period(self._moment.at, amount, unit, self._setting.calendar)
            self._keep(replace(latest, adjustments=(*latest.adjustments, NotBefore(least))))
        else:
            self._begin(limit, self._moment.at, cause, named, NotBefore(latest.due_at))

    def _start(self, limit: Limit) -> None:
        causes = self._causes[limit.name]
        if not causes:
            self._begin(limit, self._moment.at, 0)
            return
        cause, start = self._cause_round(limit), self._cause_start(limit)
        if start is None or not cause:
            return
        latest = self._of(limit.name)
        if latest is None or latest.cause != cause:
            self._begin(limit, start, cause)
        elif latest.is_open and latest.started_at > self._moment.at:
            self._keep(replace(latest, started_at=start))

    def _cause_round(self, limit: Limit) -> int:
        """Return the round of the clock that starts this one; 0 where none does."""
        round_ = 0
        for name in self._causes[limit.name]:
            cause = self._of(name)
            if cause is not None and cause.round > round_:
                round_ = cause.round
        return round_

    def _cause_start(self, limit: Limit) -> int | None:
        """Return when the clock starts by another one that is met or runs out, or by an event before that."""
        earliest = self._moment.at if self._moment.kind in limit.starts else None
        for name in self._causes[limit.name]:
            end = self._end_of_cause(name)
            if end is not None and (earliest is None or end < earliest):
                earliest = end
        return earliest

    def _end_of_cause(self, name: str) -> int | None:
        cause, limit = self._of(name), self._plan.limits[name]
        if cause is None or cause.state in (DeadlineState.PAUSED, DeadlineState.CANCELLED):
            return None
        ends = [cause.ended_at] if cause.verdict is not None else []
        if not (limit.needs_call and self._moment.urgent):
            ends.append(cause.due_at)
        elif self._called_at:
            ends.append(max(cause.due_at, self._called_at))
        return min(ends, default=None)

    def _begin(self, limit: Limit, start: int, cause: int, basis: str = "", *least: NotBefore) -> None:
        """Begin a round; *basis* names the limit whose period it has, where that is another one."""
        latest, basis = self._of(limit.name), basis or limit.name
        if latest is not None and latest.is_open:
            self._keep(_ended(latest, self._moment.at))
        amount, unit = self._period(basis)
        if unit is Unit.PERCENT:
            return
        owner = self._setting.owner(limit.owner, self._moment)
        due = end_of_period(start, amount, unit, self._setting.calendar)
        begun = Deadline(
            limit.name,
            latest.round + 1 if latest else 1,
            owner,
            start,
            due,
            amount,
            unit,
            provisional=is_provisional(due, unit, self._setting.calendar),
            adjustments=least,
            cause=cause,
            basis=basis,
        )
        self._latest[limit.name] = len(self._rounds)
        self._rounds.append(begun)
        if least or self._setting.outages:
            self._keep(begun)

    def _period(self, basis: str) -> tuple[int, Unit]:
        amount, unit = self._plan.limits[basis].period(urgent=self._moment.urgent)
        own = basis == OWN_PERIOD and counts_days(unit)
        return (self._moment.limit_days, unit) if own else (amount, unit)

    # --- What stands -------------------------------------------------------------------------------------------------

    def _stand_still(self, limit: Limit) -> None:
        latest, moment = self._of(limit.name), self._moment
        if latest is not None and latest.state is DeadlineState.RUNNING:
            pauses = (*latest.adjustments, Pause(moment.at))
            self._keep(replace(latest, state=DeadlineState.PAUSED, adjustments=pauses))

    def _of(self, clock: str) -> Deadline | None:
        place = self._latest.get(clock)
        return None if place is None else self._rounds[place]

    def _keep(self, deadline: Deadline) -> None:
        """Keep the latest round of a clock; an open one with its end as it is now."""
        if deadline.is_open:
            deadline = due_of(deadline, self._setting)
        self._rounds[self._latest[deadline.clock]] = deadline


def _ended(deadline: Deadline, at: int) -> Deadline:
    """Return a deadline that nothing met: breached if it had run out before *at*, else of no account any more."""
    late = deadline.state is DeadlineState.RUNNING and at > deadline.due_at
    return replace(deadline, state=DeadlineState.BREACHED if late else DeadlineState.CANCELLED, ended_at=at)
