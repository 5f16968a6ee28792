"""The remedies and side paths of the ladder: which request makes which events, and what people have to write.

The rulebook's moves say which facts an event has and from which reasons people choose (`remedy_facts`);
`remedy_work` checks a request by this table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from xiezhi.v1 import document_pb2
from xiezhi_desk.terms import CASE_CHOICES, PAPER_TYPES
from xiezhi_domain.courts import CourtTree
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Action, CaseChoice, EventKind, State
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.fields import LONGEST_LINE, LONGEST_TEXT, Fields
from xiezhi_node.instructions.remedy_facts import needed_papers

Kinds = tuple[EventKind, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the table's rules see it: the matter, its rules, which court asks when (ms), the documents named.

    `courts` are all that the node knows.
    """

    request: Any
    view: Instruction
    rules: KindRules
    court: str
    documents: Mapping[bytes, document_pb2.Document]
    now: int
    courts: CourtTree


def _no_detail(_connection: Connection, _asked: Asked, _fields: Fields) -> Sequence[PartContent]:
    return ()


def _nothing_worked_out(_connection: Connection, _asked: Asked, _fields: Fields) -> JsonObject:
    return {}


@dataclass(frozen=True, slots=True)
class Remedy:
    """How one request becomes events.

    `kinds`: which, in order, from what is asked. `words`: what the text is called where people must write it, asked
    for where `needs_words` says so, at most `longest` characters. `papers`: what is said where no document is named
    and one must be. `contact`: the field of the person to call, `optional_contact` whether he may be left out.
    `detail`: checks what only this request says, and returns it as parts of the body. `worked_out`: facts that the node
    finds in the history, not in the request.
    """

    kinds: Callable[[Asked], Kinds]
    words: str = ""
    needs_words: Callable[[Asked], bool] = lambda _: True
    longest: int = LONGEST_TEXT
    papers: str = ""
    contact: str = ""
    optional_contact: bool = False
    detail: Callable[[Connection, Asked, Fields], Sequence[PartContent]] = _no_detail
    worked_out: Callable[[Connection, Asked, Fields], JsonObject] = _nothing_worked_out


# --- Where the state or the request chooses --------------------------------------------------------------------------


def _always(*kinds: EventKind) -> Callable[[Asked], Kinds]:
    return lambda _: kinds


def _asking_for_material(asked: Asked) -> Kinds:
    """Ask once; after that, only tell of defects."""
    return (
        EventKind.DEFECT_TOLD if EventKind.MATERIAL_ASKED in asked.view.times else EventKind.MATERIAL_ASKED,
    )


def _supplying(asked: Asked) -> Kinds:
    """Answer what waits for papers: a matter sent by telephone, a receiver who asked; otherwise only add them."""
    kinds: list[EventKind] = []
    if asked.court == asked.view.sender:
        move = asked.rules.moves.get(EventKind.URGENT_PAPERS_SUPPLIED)
        waits = move is not None and move.needs <= asked.view.open.keys()
        if waits and _names_needed(asked):
            kinds.append(EventKind.URGENT_PAPERS_SUPPLIED)
        if asked.view.state is State.AWAITING_SUPPLEMENT:
            kinds.append(EventKind.SUPPLEMENT_SUPPLIED)
    return tuple(kinds) or (EventKind.MATERIAL_SUPPLIED,)


def _names_needed(asked: Asked) -> bool:
    needed = {PAPER_TYPES.to_proto(paper) for paper in needed_papers(asked.view, asked.rules)}
    return any(document.paper_type in needed for document in asked.documents.values())


_BY_CHOICE: Final[Mapping[CaseChoice, Kinds]] = {
    CaseChoice.CONTINUE: (EventKind.CASE_CONTINUED,),
    CaseChoice.SUSPEND: (EventKind.SUSPENDED,),
    CaseChoice.STOP: (EventKind.STOPPED,),
    CaseChoice.TRANSFER: (EventKind.TRANSFER_ASKED,),
}


def _after_case_change(asked: Asked) -> Kinds:
    """Tell of the change, then do what is chosen; a transfer is asked for, and the superior's to order."""
    choice = asked.request.choice
    chosen = _BY_CHOICE[CASE_CHOICES.from_proto(choice, "choice")] if choice else ()
    return (EventKind.CASE_STATUS_CHANGED, *chosen)


def _choosing(asked: Asked) -> Kinds:
    """Do what is chosen; tell of the change before it unless one waits for a choice already."""
    told, *chosen = _after_case_change(asked)
    move = asked.rules.moves.get(told)
    return tuple(chosen) if move is not None and move.opens in asked.view.open else (told, *chosen)


def _continues(asked: Asked) -> bool:
    return EventKind.CASE_CONTINUED in _after_case_change(asked)


def _ruling_on_urgency(asked: Asked) -> Kinds:
    return (EventKind.URGENCY_LOWERED if asked.request.ordinary else EventKind.URGENCY_KEPT,)


REMEDIES: Final[Mapping[str, Remedy]] = {
    "AskForMaterial": Remedy(
        _asking_for_material,
        "需要补充的内容",
        lambda asked: not asked.request.papers,
        contact="contact",
        optional_contact=True,
    ),
    "SupplyMaterial": Remedy(_supplying, papers="请至少选择一份文书"),
    "ObjectToReturn": Remedy(_always(EventKind.RETURN_OBJECTED), "异议的理由"),
    "StopInstruction": Remedy(_always(EventKind.STOPPED)),
    "ReportStop": Remedy(_always(EventKind.STOP_REPORTED)),
    "SuspendInstruction": Remedy(_always(EventKind.SUSPENDED)),
    "ResumeInstruction": Remedy(_always(EventKind.RESUMED)),
    "ChangeCaseStatus": Remedy(_after_case_change, "继续办理的理由", _continues),
    "ContinueCase": Remedy(_always(EventKind.CASE_CONTINUED), "继续办理的理由"),
    "AskExtension": Remedy(_always(EventKind.EXTENSION_ASKED), "延期的理由"),
    "GrantExtension": Remedy(_always(EventKind.EXTENSION_GRANTED)),
    "RefuseExtension": Remedy(_always(EventKind.EXTENSION_REFUSED), "不同意延期的理由"),
    "Nudge": Remedy(_always(EventKind.NUDGED)),
    "AnswerNudge": Remedy(_always(EventKind.NUDGE_ANSWERED), "办理情况", longest=LONGEST_LINE),
    "NudgeConfirmation": Remedy(_always(EventKind.CONFIRMATION_NUDGED)),
    "ConfirmFor": Remedy(_always(EventKind.CONFIRMED_FOR)),
    "Evaluate": Remedy(_always(EventKind.EVALUATED)),
    "Complain": Remedy(_always(EventKind.COMPLAINED), "投诉的事实"),
    "ExplainComplaint": Remedy(_always(EventKind.COMPLAINT_EXPLAINED), Action.EXPLAIN.zh),
    "LogCall": Remedy(_always(EventKind.CALL_LOGGED), "通话内容和对方的承诺", contact="counterpart"),
    "AskForOrdinary": Remedy(_always(EventKind.URGENCY_QUESTIONED), "申请转普通的理由"),
    "RuleOnUrgency": Remedy(
        _ruling_on_urgency, "不同意转普通的理由", lambda asked: not asked.request.ordinary
    ),
    "ChangeOfficer": Remedy(_always(EventKind.OFFICER_CHANGED)),
    "Recuse": Remedy(_always(EventKind.RECUSED), "回避的理由"),
    "ReportWrongCourt": Remedy(
        _always(EventKind.WRONG_COURT_REPORTED), "不属于本院的理由", contact="contact"
    ),
    "ConfirmLetter": Remedy(_always(EventKind.LETTER_REISSUED), papers="请选择按新受托法院重新制作的函"),
    "Escalate": Remedy(_always(EventKind.ESCALATED), "争议的内容"),
}
"""By the contract's method."""

CASE_CHOICE: Final = Remedy(_choosing)
"""What is chosen for a matter after a change that the node knows of, asked for as `ChangeCaseStatus` is."""
