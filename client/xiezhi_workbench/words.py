"""What templates write: Chinese for identifiers, from the one table of terms; times of China; what is left."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.ranks import rank_word
from xiezhi_domain.court_time import SHANGHAI, to_datetime
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.ladder.instruction import FINAL_STATES
from xiezhi_domain.terms import (
    AccountEventKind,
    Act,
    Action,
    AnswerState,
    Appeal,
    Channel,
    ControlAction,
    DeadlineState,
    DisposalDecision,
    EventKind,
    Kind,
    LogStanding,
    Mark,
    Outcome,
    PaperType,
    PropertyCategory,
    Role,
    SealState,
    SeizureKind,
    SeizurePurpose,
    State,
    SubjectRole,
    Term,
)

NONE: Final = "—"
_SOON_DAYS: Final = 3
_STEP: Final = 1024

VOCABULARIES: Final[dict[str, type[Term]]] = {
    "state": State,
    "kind": Kind,
    "action": Action,
    "mark": Mark,
    "log_standing": LogStanding,
    "role": Role,
    "event": EventKind,
    "act": Act,
    "outcome": Outcome,
    "paper": PaperType,
    "subject_role": SubjectRole,
    "seal_state": SealState,
    "answer_state": AnswerState,
    "deadline_state": DeadlineState,
    "channel": Channel,
    "appeal": Appeal,
    "control": ControlAction,
    "seizure": SeizureKind,
    "seizure_purpose": SeizurePurpose,
    "decision": DisposalDecision,
    "property_category": PropertyCategory,
    "account_event": AccountEventKind,
}
"""The filters of this name, each of one vocabulary: `{{ matter.state | state }}`."""

_WAITING: Final = frozenset(
    {State.AWAITING_SIGNATURE, State.SIGNED, State.AWAITING_APPROVAL, State.AWAITING_SEAL}
    | {State.AWAITING_SUPPLEMENT, State.REPORTED, State.UNDER_REVIEW, State.RETURN_PROPOSED}
    | {State.AWAITING_FILING, State.AWAITING_DECISION, State.HANDOVER_DUE, State.ISSUED, State.REQUESTED}
)
_WRONG: Final = frozenset(
    {State.REFUSED_BY_HUB, State.APPROVAL_REJECTED, State.REWORK, State.RETURNED}
    | {State.HANDOVER_REFUSED, State.PARTICIPATION_REFUSED, State.PLAN_DISPUTED, State.SUSPENDED}
    | {State.STOPPED_AWAITING_REPORT}
)
_DONE: Final = frozenset(
    {State.CONFIRMED, State.CLOSED, State.SUPERVISION_DONE, State.DECIDED, State.CASE_CLOSED}
)
_OVER: Final = frozenset(
    {State.DRAFT, State.DISCARDED, State.WITHDRAWN, State.TERMINATED, State.REVOKED, State.REROUTED}
)
_ALARMING: Final = frozenset(
    {Mark.URGENT, Mark.OVERDUE, Mark.SUPERVISED, Mark.COMPLAINT_OPEN, Mark.UNDELIVERED}
)


def word(vocabulary: type[Term], identifier: str) -> str:
    """Give the Chinese word; an identifier that the table does not have stays as it is."""
    try:
        return vocabulary(identifier).zh
    except ValueError:
        return identifier or NONE


def known(vocabulary: type[Term], identifier: str) -> str:
    """Give *identifier* if it is one of the vocabulary; nothing for what an address may hold instead."""
    return identifier if identifier in vocabulary.__members__ else ""


def tone(state: str) -> str:
    """Give the colour of a state: whether it waits for somebody, went wrong, is done, is over, or goes on."""
    for states, name in ((_WAITING, "wait"), (_WRONG, "wrong"), (_DONE, "done"), (_OVER, "over")):
        if state in states:
            return name
    return "work"


def is_final(state: str) -> bool:
    """Say whether nothing more happens in a state; what has no period any more."""
    return state in FINAL_STATES


def mark_tone(mark: str) -> str:
    """Give the colour of a mark."""
    return "wrong" if mark in _ALARMING else "over"


def court(code: str) -> str:
    """Give the full name of a court; an unknown code stays as it is."""
    tree = shipped_courts()
    return tree.get(code).name if code in tree else code or NONE


def court_short(code: str) -> str:
    """Give the name of a court as tables have room for it."""
    return court(code).replace("人民法院", "法院")


def moment(when: datetime | None) -> str:
    """Give a moment in China: `2026-11-30 09:12`."""
    return NONE if when is None else when.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day(when: datetime | None) -> str:
    """Give a day in China: `2026-11-30`."""
    return NONE if when is None else when.astimezone(SHANGHAI).strftime("%Y-%m-%d")


def now() -> datetime:
    """Give the time in China."""
    return to_datetime(time.time_ns() // 1_000_000)


def days_left(due: datetime) -> int:
    """Give the days from today up to the day of *due*, in China; less than none once that day is over."""
    return (due.astimezone(SHANGHAI).date() - now().date()).days


def left(due: datetime | None) -> str:
    """Say what is left: 剩 3 天, 今日到期, 超期 2 天."""
    if due is None:
        return ""
    days = days_left(due)
    if days < 0:
        return f"超期 {-days} 天"
    if days == 0:
        return "今日已过时限" if due < now() else "今日到期"
    return f"剩 {days} 天"


def left_tone(due: datetime | None) -> str:
    """Give the colour of what is left."""
    if due is None:
        return "over"
    if due < now():
        return "wrong"
    return "wait" if days_left(due) <= _SOON_DAYS else "over"


def size(count: int) -> str:
    """Give a number of bytes for people: 812 B, 1.2 MB."""
    amount = float(count)
    for unit in ("B", "KB", "MB"):
        if amount < _STEP:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= _STEP
    return f"{amount:.1f} GB"


def joined(words: Iterable[str]) -> str:
    """Give words in a row, with the Chinese comma of lists."""
    return "、".join(words) or NONE


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    **{
        name: (lambda identifier, vocabulary=vocabulary: word(vocabulary, identifier))
        for name, vocabulary in VOCABULARIES.items()
    },
    "tone": tone,
    "mark_tone": mark_tone,
    "is_final": is_final,
    "court": court,
    "court_short": court_short,
    "moment": moment,
    "day": day,
    "left": left,
    "left_tone": left_tone,
    "size": size,
    "yuan": yuan,
    "rank": rank_word,
    "joined": joined,
}
"""What templates may pipe values through."""

TABLES: Final[dict[str, type[Term]]] = {
    vocabulary.__name__: vocabulary for vocabulary in VOCABULARIES.values()
}
"""The vocabularies themselves, for fixed words of templates: `{{ Action.ASSIGN.zh }}`."""
