"""Requests filled in as the rulebook's moves ask for it, where the course does not say more."""

from typing import TYPE_CHECKING, Any, Final

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from tests.integration.moves.contract import methods
from tests.integration.moves.delegated import PAPERS, field_of_a_case
from tests.integration.moves.distributed import field_of_a_distribution
from tests.integration.moves.handovers import LETTERS, field_of_a_handover
from tests.integration.moves.orders import asks_for_proof, outcomes
from tests.integration.moves.steps import Call

from xiezhi.v1 import (
    case_pb2,
    court_pb2,
    delegation_service_pb2,
    document_pb2,
    event_pb2,
    find_service_pb2,
    item_pb2,
)
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import FactType, KindRules, Move
from xiezhi_domain.terms import Act, EventKind, Kind, Outcome, PaperType

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

DAY_MS: Final = 86_400_000
WORDS: Final = "情况属实"
CONTACT: Final = court_pb2.Officer(name="测试联系人", phone="0512-00000001")
APPROVAL: Final = event_pb2.ApprovalRecord(
    drafted_by={"officer": {"name": "测试judge"}},
    approved_by={"officer": {"name": "测试chief"}},
    external_reference="审批〔2026〕12号",
)
_SUPPLIES: Final = frozenset({"MaterialSupplied", "SupplementSupplied", "UrgentPapersSupplied"})


def enclosed_with(rules: KindRules, event: str) -> list[PaperType]:
    """The papers that may go with *event*, those that have to among them."""
    return list(
        dict.fromkeys(
            paper for each in rules.enclosures if event in each.moves for paper in each.papers.papers
        )
    )


async def filled_in(play: "Play", step: Call) -> Message:
    """The request of *step*."""
    descriptor = methods()[step.method].descriptor.input_type
    content, filling = {}, _Filling(play, step)
    for field in descriptor.fields:
        value = step.content.get(field.name, await filling.value(field.name))
        if value is not None:
            content[field.name] = value
    return GetMessageClass(descriptor)(**content)


class _Filling:
    """One request on its way."""

    def __init__(self, play: "Play", step: Call) -> None:
        self._play = play
        self._step = step
        self._moves = [play.rules.moves[event] for event in step.makes if event in play.rules.moves]

    async def value(self, name: str) -> Any:
        """What goes into the field *name*; None leaves it empty."""
        play = self._play
        if name in play.more:
            return play.more[name]
        simple = {
            "instruction_id": play.instruction,
            "instruction_ids": [play.instruction],
            "matter_ids": [play.instruction],
            "draft_id": play.draft,
            "seen": play.seen,
            "text": WORDS,
            "opinion": WORDS,
            "contact": CONTACT,
            "counterpart": CONTACT,
            "court": play.stand.third.code,
        }
        match name:
            case "request_id":
                return play.new_id()
            case "documents" if self._makes("DossierShared"):
                return [document.sha256 for document in await self._documents()]
            case "documents":
                return await self._documents()
            case "outcomes" if play.rules.max_items:
                return await self._outcomes()
            case "issues":
                return [await self._issue()]
            case _ if play.rules.ladder == "distribution" and (found := field_of_a_distribution(name, play)):
                return found
            case _ if name in simple:
                return simple[name]
            case _:
                return self._code(name) or self._of_the_matter(name)

    def _of_the_matter(self, name: str) -> Any:
        play = self._play
        match name:
            case "reason":
                return WORDS
            case _ if (mine := field_of_a_handover(play, name)) is not None:
                return mine
            case _ if (found := field_of_a_case(name, to_date(play.stand.clock.now))) is not None:
                return found
            case "change_id":
                return play.change
            case "change":
                return case_pb2.CaseChange(
                    case_number=play.case,
                    change=case_pb2.CASE_STATUS_CHANGE_TRANSFERRED,
                    court=play.stand.third.code,
                    happened_at=Timestamp(seconds=play.stand.clock.now // 1_000),
                )
            case "status":
                return case_pb2.CASE_STATUS_CHANGE_TRANSFERRED
            case "assignee_account_id" | "successor_id":
                return play.court("receiver").account("field")
            case "successor_account_id" | "account_id":
                return play.court("receiver").account("other_field")
            case "until_on":
                return self._last_day()
            case "called_at":
                return Timestamp(seconds=play.stand.clock.now // 1_000)
            case "rejections":
                return [
                    item_pb2.ItemRejection(number=1, reason=min(play.rules.rejection_reasons, default=""))
                ]
        return None

    def _last_day(self) -> str:
        """The last day that the step asks for, where it has one."""
        play = self._play
        if self._step.content.get("reason") == "DEFERRED":
            return str(to_date(play.stand.clock.now + 30 * DAY_MS))
        if self._makes("SuspensionExtended"):
            return str(to_date(play.view.suspended_until + 30 * DAY_MS))
        return str(to_date(play.view.due + 2 * DAY_MS)) if self._makes("ExtensionAsked") else ""

    def _makes(self, *events: str) -> bool:
        return bool({*events} & {*self._step.makes})

    def _code(self, name: str) -> str | None:
        """A code that the rulebook offers for the fact *name* of what is made."""
        for move in self._moves:
            for rule in move.facts:
                if rule.name == name and rule.table in self._play.rules.reasons:
                    return min(self._play.rules.reasons[rule.table].keys() - move.after_for.keys())
        return None

    async def _outcomes(self) -> list[item_pb2.ItemOutcome]:
        play, (party, _) = self._play, self._step.who.split("/")
        proof = [await play.document(party, PaperType.SITE_RECORD)] if asks_for_proof(play.rules) else []
        return outcomes(play.rules, play.view.times["Issued"], [document.sha256 for document in proof])

    async def _documents(self) -> list[document_pb2.Document]:
        """What the moves need: papers of the order to be supplied, the proof of what was done, a letter."""
        party, _ = self._step.who.split("/")
        papers = {paper: None for move in self._moves for paper in self._papers(move)}
        return [await self._play.document(party, paper) for paper in papers]

    def _papers(self, move: Move) -> list[PaperType]:
        play, rules = self._play, self._play.rules
        if move.reports:
            done = dict.fromkeys(play.view.items, (Outcome.DONE, ""))
            return [paper for paper, _ in rules.missing_feedback(play.view.items, done, ())]
        acts = frozenset(Act(act) for act in play.view.items.values())
        if move.kind in _SUPPLIES and acts:
            return [paper for paper, _ in rules.missing_papers(acts, frozenset())]
        if move.kind in LETTERS:
            return [LETTERS[move.kind]]
        if move.kind in PAPERS:
            return [PAPERS[EventKind(move.kind)]]
        if enclosed := enclosed_with(rules, move.kind):
            return enclosed
        wanted = move.kind in {*_SUPPLIES, "DossierShared"}
        wanted |= any(rule.type is FactType.PAPERS and rule.required for rule in move.facts)
        return [PaperType.ENTRUSTMENT_LETTER] if wanted else []

    async def _issue(self) -> Message:
        """A row of a program's batch: an order that its own case system has had approved."""
        play = self._play
        play.instruction = play.new_id()
        order = await play.order(play.stand.receiver.code)
        is_find = play.rules.kind == Kind.FIND
        issue = find_service_pb2.FindIssue if is_find else delegation_service_pb2.DelegationIssue
        return issue(row="1", instruction_id=play.instruction, order=order, approval=APPROVAL)
