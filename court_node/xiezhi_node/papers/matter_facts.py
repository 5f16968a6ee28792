"""What a letter about a matter can say: its order, case, items, outcomes and papers, as they are printed."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import court_pb2, event_pb2, instruction_pb2, item_pb2, party_pb2
from xiezhi_desk.terms import ACTS, OUTCOMES, PAPER_TYPES, SUBJECT_ROLES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import KindRules, Unit
from xiezhi_domain.terms import EventKind, SubjectRole
from xiezhi_journal.reading import history
from xiezhi_node.papers.item_lines import item_line
from xiezhi_node.seat import Seat
from xiezhi_papers.letters.catalogue import LETTERS
from xiezhi_papers.letters.rows import OutcomeLine, Party
from xiezhi_papers.letters.words import chinese_date, listed, money, plain_date

Facts = Mapping[str, object]
_UNITS: Final = {Unit.DAYS: "日", Unit.WORKING_DAYS: "个工作日", Unit.HOURS: "小时"}
_OBLIGORS: Final = frozenset({SubjectRole.DEBTOR, SubjectRole.PRESERVATION_RESPONDENT})


def order_of(connection: Connection, instruction: str) -> event_pb2.Body:
    """Return the body of the event that began a matter; empty where there is none."""
    rows = history(connection, instruction, bodies=True)
    issued = [row.body for row in rows if row.kind == EventKind.ISSUED and row.accepted is not False]
    return event_pb2.Body.FromString(issued[-1] or b"") if issued else event_pb2.Body()


def matter_facts(instruction: instruction_pb2.Instruction, seat: Seat, now: int, caller_name: str) -> Facts:
    """Return what letters about a matter can say. *now* is in ms since 1970."""
    summary, case = instruction.summary, instruction.case_file
    is_sender = summary.sender == seat.court
    own = instruction.sender_contact if is_sender else instruction.receiver_contact
    rulebook = seat.rulebooks.pinned(instruction.rulebook)
    known = summary.kind in rulebook.kinds
    rules = rulebook.rules(summary.kind, summary.sender, summary.receiver) if known else None
    return {
        "court": seat.courts.get(seat.court).name,
        "addressee": _court_name(seat, summary.receiver if is_sender else summary.sender),
        "number": summary.matter_number,
        "date": chinese_date(to_date(now)),
        "officer": own.name or caller_name,
        "phone": _phone(own),
        "centre_phone": case.centre_phone if is_sender else "",
        "enclosures": _enclosures(instruction),
        "case_number": summary.case_number,
        "cause": case.cause,
        "applicants": named(case.subjects, frozenset({SubjectRole.APPLICANT})),
        "debtors": named(case.subjects, _OBLIGORS) or summary.subject_names,
        "matter_number": summary.matter_number,
        "kind": rules.name if rules else summary.kind,
        "sender": _court_name(seat, summary.sender),
        "receiver": _court_name(seat, summary.receiver),
        "arrived_on": _day(summary.issued_at.ToMilliseconds()) if summary.HasField("issued_at") else "",
        "deadline": _day(summary.due_at.ToMilliseconds()) if summary.HasField("due_at") else "",
        "limit": _limit(instruction, rules),
        **_request_facts(instruction),
    }


def _request_facts(instruction: instruction_pb2.Instruction) -> Facts:
    case = instruction.case_file
    subjects = {subject.number: party_name(subject) for subject in case.subjects}
    has_sum = case.claimed_fen or case.outstanding_fen
    return {
        "enforceable_document": case.enforceable_document,
        "claimed": money(case.claimed_fen) if has_sum else "",
        "received": money(case.received_fen) if has_sum else "",
        "outstanding": money(case.outstanding_fen) if has_sum else "",
        "request": instruction.request_text,
        "urgency": instruction.urgency_reason,
        "parties": tuple(map(_party, case.subjects)),
        "items": tuple(item_line(item, subjects) for item in instruction.items),
        "outcomes": _outcomes(instruction),
    }


def _limit(instruction: instruction_pb2.Instruction, rules: KindRules | None) -> str:
    """Return the period as ordered; the urgent class has the rulebook's own."""
    handle = rules.limits.get("handle") if rules else None
    if instruction.urgency == instruction_pb2.URGENCY_URGENT and handle is not None:
        amount, unit = handle.period(urgent=True)
        return f"{amount}{_UNITS[unit]}"
    return f"{instruction.limit_days}日"


def party_name(subject: party_pb2.Subject) -> str:
    """Return what a party is called."""
    return subject.person.name or subject.organisation.name


def named(subjects: Iterable[party_pb2.Subject], roles: frozenset[SubjectRole]) -> str:
    """Return the names of those who have one of *roles* in the case."""
    return listed(
        party_name(each)
        for each in subjects
        if each.role and SUBJECT_ROLES.from_proto(each.role, "role") in roles
    )


def _party(subject: party_pb2.Subject) -> Party:
    person, body = subject.person, subject.organisation
    return Party(
        role=SUBJECT_ROLES.from_proto(subject.role, "role").zh if subject.role else "",
        name=party_name(subject),
        number=person.identity_number or body.credit_code,
        address=person.residence
        or person.registered_address
        or body.business_address
        or body.registered_address,
        phone=listed([*person.phones, *body.phones]),
    )


def _outcomes(instruction: instruction_pb2.Instruction) -> tuple[OutcomeLine, ...]:
    acts = {item.number: ACTS.from_proto(item.act, "act").zh for item in instruction.items if item.act}
    return tuple(_outcome(each, acts) for each in instruction.outcomes)


def _outcome(outcome: item_pb2.ItemOutcome, acts: Mapping[int, str]) -> OutcomeLine:
    obtained = money(outcome.amount_obtained_fen) if outcome.amount_obtained_fen else ""
    return OutcomeLine(
        number=str(outcome.number),
        act=acts.get(outcome.number, ""),
        outcome=OUTCOMES.from_proto(outcome.outcome, "outcome").zh if outcome.outcome else "",
        done_on=_day(outcome.done_at.ToMilliseconds()) if outcome.HasField("done_at") else "",
        obtained=listed([obtained, outcome.rank_obtained]),
        expires=outcome.expires_on,
        note=listed([outcome.note, outcome.deviation]),
    )


def _enclosures(instruction: instruction_pb2.Instruction) -> tuple[str, ...]:
    """Return the papers that go with a letter: all but letters themselves, each type once."""
    papers = (PAPER_TYPES.from_proto(each.paper_type, "paper_type") for each in instruction.documents)
    return tuple(dict.fromkeys(paper.zh for paper in papers if paper not in LETTERS))


def _court_name(seat: Seat, code: str) -> str:
    return seat.courts.get(code).name if code in seat.courts else code


def _phone(officer: court_pb2.Officer) -> str:
    return officer.phone or officer.mobile


def _day(ms: int) -> str:
    return plain_date(to_date(ms))
