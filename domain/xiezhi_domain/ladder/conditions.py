"""The conditions of a move beyond court, role and state: what must have happened, when, and which facts fit.

Windows and gaps are judged on the claimed time of the event against the accepted times of the history: a time in the
future is refused elsewhere (CLOCK_SKEW), and one that was accepted late is shown as such by the clocks.
"""

from collections.abc import Sequence
from datetime import timedelta

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.events.kinds import words
from xiezhi_domain.ladder.due import wrong_due
from xiezhi_domain.ladder.facts import item_sums, reported_outcomes, text_fact
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.ladder.periods import add_period, ends_at, is_breached
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.ladder.suspension import wrong_until
from xiezhi_domain.rulebook.model import KindRules, Move, PaperRule
from xiezhi_domain.terms import Act, Outcome, PaperType, State


def unmet(
    before: Instruction,
    header: Header,
    move: Move,
    rules: KindRules,
    hub_court: str,
    calendar: WorkingCalendar,
) -> Refusal | None:
    """Return the first condition of *move* that is not met, or None."""
    return (
        _wrong_history(before, header, move)
        or _wrong_overlay(before, move, rules)
        or _wrong_hand(before, header, move, hub_court)
        or _wrong_time(before, header, move, rules, calendar)
        or wrong_due(before, header, move, rules)
        or _wrong_content(before, header, move, rules)
        or _wrong_days(header, move, rules)
        or _wrong_balance(header, move)
        or _wrong_repetition(before, header, move)
        or (wrong_until(before, header, move, rules, hub_court, calendar) if move.lasts else None)
    )


def _wrong_history(before: Instruction, header: Header, move: Move) -> Refusal | None:
    if move.once and move.kind in before.times:
        return Refusal(Reason.WRONG_STATE, detail="once", text="该操作只能进行一次")
    if before.reworks < move.reworks:
        return Refusal(
            Reason.WRONG_STATE, detail="reworks", text=f"“{State.REWORK.zh}”{move.reworks} 次后才能进行此操作"
        )
    if move.urgent_only and not before.urgent:
        return Refusal(Reason.WRONG_STATE, detail="urgent", text="该事项不是紧急事项")
    earlier = move.after_for.get(text_fact(header.facts, "reason"))
    if earlier and earlier not in before.times:
        return not_after(earlier)
    return None


def not_after(kind: str) -> Refusal:
    """Return the refusal of a move that an event of *kind* has to come before."""
    return Refusal(Reason.WRONG_STATE, detail="after", text=f"此前应先进行“{words(kind)}”")


def _wrong_overlay(before: Instruction, move: Move, rules: KindRules) -> Refusal | None:
    for overlay in move.needs:
        if overlay not in before.open:
            return Refusal(Reason.WRONG_STATE, detail=overlay, text=f"没有{rules.overlays[overlay].words}")
    for overlay in move.forbids:
        if overlay in before.open:
            return Refusal(Reason.WRONG_STATE, detail=overlay, text=f"已有{rules.overlays[overlay].words}")
    return None


def _wrong_hand(before: Instruction, header: Header, move: Move, hub_court: str) -> Refusal | None:
    """Refuse a court that lifts what its superior has suspended, until the end that it was given."""
    if not move.unpauses or header.sender in (before.suspended_by, hub_court):
        return None
    if 0 < before.suspended_until < header.at:
        return None
    return Refusal(Reason.WRONG_COURT, text="暂停由上级法院决定的，在其确定的期限届满前应由上级法院恢复")


def _wrong_time(
    before: Instruction, header: Header, move: Move, rules: KindRules, calendar: WorkingCalendar
) -> Refusal | None:
    wait = move.waits.get(before.state)
    if wait and header.at <= ends_at(wait, before, rules, calendar):
        return _too_early(rules, wait)
    end = ends_at(move.window, before, rules, calendar) if move.window else 0
    if end and header.at > end:
        window = rules.limits[move.window]
        text, source = f"已超过{window.title}", window.citation.source
        return Refusal(Reason.TOO_LATE, detail=move.window, text=text, source=source)
    last = before.times.get(move.kind)
    if move.gap and last is not None:
        amount, unit = rules.limits[move.gap].period(urgent=before.urgent)
        if header.at <= add_period(last, amount, unit, calendar):
            return _too_early(rules, move.gap)
    for kind, limit in move.awaits.items():
        opened = max((before.open[overlay] for overlay in move.needs), default=0)
        answered = before.times.get(kind, -1) >= opened
        if not answered and header.at <= ends_at(limit, before, rules, calendar):
            return _too_early(rules, limit)
    if move.breaches and not any(
        is_breached(name, before, rules, calendar, header.at) for name in move.breaches
    ):
        titles = "、".join(sorted(rules.limits[name].title for name in move.breaches))
        return Refusal(Reason.TOO_EARLY, detail="breaches", text=f"对方没有超过{titles}")
    return None


def _too_early(rules: KindRules, name: str) -> Refusal:
    limit = rules.limits[name]
    return Refusal(Reason.TOO_EARLY, detail=name, text=f"{limit.title}尚未届满", source=limit.citation.source)


def _wrong_content(before: Instruction, header: Header, move: Move, rules: KindRules) -> Refusal | None:
    if move.done_before and _is_done_late(before, header, before.times[move.done_before]):
        return Refusal(
            Reason.INVALID_FIELD,
            detail="done",
            text="停止到达后不得再采取措施；请逐项填写停止到达之前的办理时间",
        )
    if move.supplies and rules.complete_papers:
        acts, papers = frozenset(Act(act) for act in before.items.values()), header.facts["papers"]
        assert isinstance(papers, dict), "a fact of the type papers"
        return missing(rules.missing_papers(acts, frozenset(PaperType(paper) for paper in papers)))
    return None


def _wrong_days(header: Header, move: Move, rules: KindRules) -> Refusal | None:
    """Refuse a day that is too near: a measure about to end is renewed first."""
    for name, limit in move.beyond.items():
        period = rules.limits[limit]
        if str(header.facts[name]) < (to_date(header.at) + timedelta(days=period.amount)).isoformat():
            text = f"查封将于{header.facts[name]}到期，不足{period.amount}日，应先续封"
            return Refusal(Reason.TOO_LATE, detail=limit, text=text, source=period.citation.source)
    return None


def _wrong_balance(header: Header, move: Move) -> Refusal | None:
    """Refuse sums that do not make up what they have to, to the fen."""
    for total, parts in move.balances.items():
        made = sum(_sum(header, part) for part in parts)
        if _sum(header, total) != made:
            text = f"各项金额合计 {made} 分，与总额 {_sum(header, total)} 分不符，请核对"
            return Refusal(Reason.INVALID_FIELD, detail=total, text=text)
    return None


def _sum(header: Header, name: str) -> int:
    value = header.facts[name]
    return value if isinstance(value, int) else sum(item_sums(header.facts, name).values())


def _wrong_repetition(before: Instruction, header: Header, move: Move) -> Refusal | None:
    """Refuse what an earlier event said otherwise."""
    for name, told in move.same.items():
        if header.facts[name] != before.told.get(told):
            text = f"与“{words(told.partition('.')[0])}”的记载不符，请核对"
            return Refusal(Reason.INVALID_FIELD, detail=name, text=text)
    return None


def _is_done_late(before: Instruction, header: Header, bound: int) -> bool:
    """Return whether something is newly reported as done without a time before *bound*."""
    done = item_sums(header.facts, "done")
    return any(
        outcome in (Outcome.DONE, Outcome.PARTLY_DONE)
        and before.outcomes.get(number) != (outcome, reason)
        and done.get(number, bound + 1) > bound
        for number, (outcome, reason) in reported_outcomes(header.facts).items()
    )


def missing(lacking: Sequence[tuple[PaperType, PaperRule]]) -> Refusal | None:
    """Return the refusal that names the papers that lack and the rules that ask for them, if any do."""
    if not lacking:
        return None
    names = "、".join(dict.fromkeys(paper.zh for paper, _ in lacking))
    sources = "；".join(dict.fromkeys(rule.citation.source for _, rule in lacking))
    return Refusal(Reason.PAPERS_MISSING, detail=lacking[0][0], text=f"缺少：{names}", source=sources)
