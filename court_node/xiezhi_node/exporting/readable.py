"""A matter in words, for people and for entering it again in another system."""

from collections.abc import Iterable, Iterator, Sequence

from xiezhi.v1 import event_pb2, instruction_pb2, item_pb2, party_pb2
from xiezhi_desk.terms import ACTS, OUTCOMES, PAPER_TYPES, STATES, SUBJECT_ROLES, NumberT, TermT, Vocabulary
from xiezhi_domain.court_time import to_text
from xiezhi_domain.terms import PaperType, State
from xiezhi_node.seat import Seat


def history_text(instruction: instruction_pb2.Instruction, entries: Sequence[event_pb2.TimelineEntry]) -> str:
    """Return the history of a matter as text, oldest step first."""
    summary = instruction.summary
    lines = [f"事项编号：{summary.matter_number}", f"当前状态：{word(STATES, summary.state)}", ""]
    for number, entry in enumerate(entries, 1):
        lines += [
            f"{number}. {to_text(entry.claimed_at.ToMilliseconds())}　{entry.words}",
            *_details(entry),
            "",
        ]
    return _joined(lines)


def field_sheet(instruction: instruction_pb2.Instruction, seat: Seat) -> str:
    """Return the fields of a matter one below the other, in the order in which other systems ask for them."""
    case, summary, contact = instruction.case_file, instruction.summary, instruction.sender_contact
    pairs = [
        ("事项类型", _kind_name(seat, summary.kind)),
        ("委托法院", _court(seat, summary.sender)),
        ("受托法院", _court(seat, summary.receiver)),
        ("本平台编号", summary.matter_number),
        ("案号", case.case_number),
        ("案由", case.cause),
        (PaperType.ENFORCEMENT_BASIS.zh, case.enforceable_document),
        ("申请标的（元）", _yuan(case.claimed_fen)),
        ("尚欠（元）", _yuan(case.outstanding_fen)),
        ("联系人", contact.name or case.judge.name),
        ("联系电话", contact.phone or contact.mobile or case.judge.phone),
        ("请求内容", instruction.request_text),
        ("期限（天）", str(instruction.limit_days or "")),
    ]
    lines = [f"{name}：{value}" for name, value in pairs if value]
    lines += ["", "事项对象：", *(_subject(subject) for subject in case.subjects)]
    lines += ["", "办理项：", *(_item(item) for item in instruction.items)]
    lines += [
        "",
        "文书：",
        *(f"  {word(PAPER_TYPES, paper.paper_type)}　{paper.name}" for paper in instruction.documents),
    ]
    return _joined(lines)


def word(vocabulary: Vocabulary[TermT, NumberT], number: int) -> str:
    """Return the Chinese word of a number of the contract; a newer one as its digits."""
    for term in vocabulary.terms:
        if vocabulary.to_proto(term) == number:
            return term.zh
    return str(number) if number else ""


def _details(entry: event_pb2.TimelineEntry) -> Iterator[str]:
    if entry.actor:
        yield f"   {entry.court}　{entry.actor}"
    for line in entry.text.splitlines():
        yield f"   {line}"
    for outcome in entry.outcomes:
        yield f"   {_outcome(outcome)}"
    for document in entry.documents:
        yield f"   附：{document.name}"
    if entry.refusal_reason:
        yield f"   {State.REFUSED_BY_HUB.zh}：{entry.refusal_reason}"


def _outcome(outcome: item_pb2.ItemOutcome) -> str:
    said = word(OUTCOMES, outcome.outcome)
    note = f"，{outcome.note}" if outcome.note else ""
    return f"办理项 {outcome.number}：{said}{note}"


def _subject(subject: party_pb2.Subject) -> str:
    role = word(SUBJECT_ROLES, subject.role)
    if subject.HasField("person"):
        person = subject.person
        parts = (role, person.name, person.identity_number, "、".join(person.phones), person.residence)
    else:
        organisation = subject.organisation
        parts = (role, organisation.name, organisation.credit_code, "、".join(organisation.phones), "")
    return f"  {subject.number}. {'　'.join(part for part in parts if part)}"


def _item(item: item_pb2.Item) -> str:
    parts = (word(ACTS, item.act), item.property.description, item.scope, item.clue)
    return f"  {item.number}. {'　'.join(part for part in parts if part)}"


def _kind_name(seat: Seat, kind: str) -> str:
    rules = seat.rulebook.kinds.get(kind)
    return rules.name if rules is not None else kind


def _court(seat: Seat, code: str) -> str:
    return f"{seat.courts.get(code).name}（{code}）" if code in seat.courts else code


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}" if fen else ""


def _joined(lines: Iterable[str]) -> str:
    # Windows' editor is what opens these files.
    return "\r\n".join(lines) + "\r\n"
