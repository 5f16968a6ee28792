"""Which papers the acts of a matter still need, by the rules between its two courts (practice.md §10)."""

from collections.abc import Iterable

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2, find_service_pb2, paper_service_pb2
from xiezhi_desk.bodies import documents_of, items_of
from xiezhi_desk.terms import ACTS, PAPER_TYPES
from xiezhi_domain.rulebook import KindRules, PaperRule
from xiezhi_domain.terms import Act, PaperType
from xiezhi_journal.matter import from_row
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.drafting.store import find_draft
from xiezhi_node.papers.matter_facts import order_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


def list_missing(
    connection: Connection, seat: Seat, caller: Caller, instruction: str
) -> paper_service_pb2.ListMissingPapersResponse:
    """Return what a matter lacks by the rulebook that it pins; a draft what its order does not name, by today's.

    :raises NotFound: UNKNOWN_INSTRUCTION; UNKNOWN_KIND.
    """
    row = find_visible(connection, caller, seat.rulebook, instruction)
    draft = find_draft(connection, instruction)
    order = draft.body if draft is not None else order_of(connection, instruction)
    view = from_row(row, ()).view
    rules = seat.rules_of(view) if view else seat.rulebook.rules(row.kind, row.sender, row.receiver)
    return _missing(rules, order)


def _missing(rules: KindRules, order: event_pb2.Body) -> paper_service_pb2.ListMissingPapersResponse:
    acts = [ACTS.from_proto(item.act, "act") for item in items_of(order) if item.act]
    named = documents_of(order)
    present = frozenset(PAPER_TYPES.from_proto(each.paper_type, "paper_type") for each in named)
    nation = [rule for rule in rules.papers if not rule.local]
    answer = paper_service_pb2.ListMissingPapersResponse()
    answer.acts.add(missing=_lacking((rule for rule in nation if not rule.acts), present))
    for act in dict.fromkeys(acts):
        lacking = _lacking((rule for rule in nation if act in rule.acts), present)
        answer.acts.add(act=ACTS.to_proto(act), missing=lacking)
    answer.receiver_additions.extend(_lacking(_additions(rules, acts), present))
    return answer


def _additions(rules: KindRules, acts: Iterable[Act]) -> Iterable[PaperRule]:
    wanted = frozenset(acts)
    return (rule for rule in rules.papers if rule.local and (not rule.acts or rule.acts & wanted))


def _lacking(
    rules: Iterable[PaperRule], present: frozenset[PaperType]
) -> list[find_service_pb2.MissingPaper]:
    return [
        find_service_pb2.MissingPaper(paper_type=PAPER_TYPES.to_proto(paper), reason=rule.reason)
        for rule in rules
        for paper in rule.missing(present)
    ]
