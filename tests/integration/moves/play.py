"""Playing a course: every step through the real services, and what it made compared with what it has to make."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from google.protobuf.message import Message
from sqlalchemy import select
from tests.integration.journal.scene import RULES
from tests.integration.moves.contract import Method, Program, methods
from tests.integration.moves.delegated import draft_case
from tests.integration.moves.distributed import draft_application
from tests.integration.moves.handovers import draft_decision, draft_handover
from tests.integration.moves.orders import act_of, an_order
from tests.integration.moves.requests import APPROVAL, filled_in
from tests.integration.moves.stand import Stand
from tests.integration.moves.steps import (
    ApplicationDrafted,
    Call,
    CaseDrafted,
    Cut,
    DecisionDrafted,
    Doing,
    Drafted,
    HandoverDrafted,
    Prepared,
    ReplyDrafted,
    Step,
    UrgeDrafted,
    Wait,
)
from tests.integration.node.pair import Court, a_case, new_id

from xiezhi.v1 import (
    case_service_pb2,
    delegation_service_pb2,
    document_pb2,
    find_service_pb2,
    instruction_pb2,
    instruction_service_pb2,
    urge_pb2,
    urge_service_pb2,
    urged_service_pb2,
)
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceStub
from xiezhi.v1.urged_service_pb2_grpc import UrgedServiceStub
from xiezhi_desk.terms import ACTS
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act, Kind, PaperType, Role, State
from xiezhi_journal import tables
from xiezhi_journal.reading import history, read_summary

DAY_MS = 86_400_000


@dataclass
class Play:
    """One matter of the kind of *rules* on its course."""

    stand: Stand
    rules: KindRules
    instruction: str = ""
    draft: str = ""
    seen: str = ""
    case: str = ""
    change: str = ""
    state: State | None = None
    """Where the matter has to be, by the rulebook's words on each event."""
    left: list[State] = field(default_factory=list)
    """States that were left and are to be taken up again, the last one at the end."""
    urge: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    """What the next call says in fields of its own."""
    distribution: str = ""
    objection: str = ""

    async def step(self, step: Step) -> None:
        """Take one step of the course."""
        match step:
            case Call():
                await self._call(step)
            case Doing():
                known = len(self.kinds)
                await getattr(self, step.what)()
                await self.stand.exchange()
                self._made(step.what, known, step.makes)
            case Drafted():
                await self._draft(step)
            case CaseDrafted():
                await draft_case(self)
            case ApplicationDrafted():
                await draft_application(self)
            case HandoverDrafted():
                await draft_handover(self)
            case DecisionDrafted():
                await draft_decision(self, step.decision, step.days)
            case UrgeDrafted():
                self.draft = await self._draft_urge(urge_pb2.UrgeTarget(court=self.stand.receiver.code))
            case ReplyDrafted():
                request = urged_service_pb2.DraftReplyRequest(
                    request_id=self.new_id(), instruction_id=self.instruction, text="正在办理"
                )
                urges = self.court("receiver").stub(UrgedServiceStub, "centre")
                await urges.DraftReply(request)
                wanted = urged_service_pb2.GetReceivedUrgeRequest(instruction_id=self.instruction)
                self.seen = (await urges.GetReceivedUrge(wanted)).urge.reply_draft_hash
            case Prepared():
                await step.what(self)
            case Wait():
                self.stand.clock.now += step.days * DAY_MS
            case Cut():
                self.stand.cut.add(self.court(step.party).code)

    # --- Where the matter stands -------------------------------------------------------------------------------------

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events that the hub has accepted, in their order."""
        rows = self.stand.hub.journal.read_now(lambda connection: history(connection, self.instruction))
        return [row.kind for row in rows if row.accepted]

    @property
    def view(self) -> Instruction:
        """The matter as the hub's history has made it."""
        row = tables.instruction.c
        query = tables.instruction.select().where(row.instruction == self.instruction)
        found = self.stand.hub.journal.read_now(lambda connection: connection.execute(query).one())
        return decode_instruction(found.accepted)

    def court(self, party: str) -> Court:
        """The node of a party as it is now, of the third court, or of the superior."""
        stand = self.stand
        if party == "superior":
            return stand.own
        if party == "third":
            return stand.third
        if not self.instruction or not self.kinds:
            return {"sender": stand.sender, "receiver": stand.receiver}[party]
        return stand.courts[getattr(self.view, party)]

    def new_id(self) -> str:
        return new_id(self.stand.clock)

    # --- Calls -------------------------------------------------------------------------------------------------------

    async def _call(self, step: Call) -> None:
        method, known = methods()[step.method], len(self.kinds) if self.instruction else 0
        assert method.makes >= set(step.makes), (
            f"the contract does not say that {step.method} makes all of it"
        )
        answer = await self.call(step)
        self.more = {}
        _require_done(answer)
        self.change = getattr(answer, "change_id", self.change)
        self.distribution = getattr(answer, "distribution_id", self.distribution)
        self.objection = getattr(answer, "objection_id", self.objection)
        if not self.instruction:
            self.instruction = self._received(answer.receipts)
        await self.stand.exchange()
        self._made(step.method, known, (*step.makes, *step.then))

    def _received(self, receipts: Sequence[instruction_pb2.ActionReceipt]) -> str:
        """The matter of this course among those that were issued: the receiver's, or the only one."""
        ids = [receipt.instruction_id for receipt in receipts]
        row = tables.instruction.c
        mine = select(row.instruction).where(
            row.instruction.in_(ids), row.receiver == self.stand.receiver.code
        )
        found = self.stand.hub.journal.read_now(lambda connection: list(connection.scalars(mine)))
        return found[0] if len(ids) > 1 else ids[0]

    async def call(self, step: Call) -> Any:
        """Make the call of *step* and nothing else; its answer."""
        method, (party, name) = methods()[step.method], step.who.split("/")
        assert (method.program is Program.HUB) == (party == "hub")
        desk = self.stand.desk if party == "hub" else self.court(party)
        request = await filled_in(self, step)
        return await getattr(desk.stub(_stub(method), name), method.descriptor.name)(request)

    def _made(self, by: str, known: int, expected: Sequence[str]) -> None:
        """Compare what was added to the history with what has to be, and the state with the rulebook's."""
        made = self.kinds[known:]
        assert made == list(expected), f"{by} made {made}"
        for kind in made:
            move = self.rules.moves[kind]
            if move.resumes:
                self.state = self.left.pop()
            elif move.to is not None:
                self.left += [self.state] if move.remembers and self.state else []
                self.state = move.to
        for party in (self.view.sender, self.view.receiver):
            row = self._row(party)
            if party not in self.stand.cut:
                assert row is not None
                assert row.state is self.state, f"after {by} at {party}"
                assert row.pending == 0

    def _row(self, court: str) -> Any:
        journal = self.stand.courts[court].node.journal
        return journal.read_now(lambda connection: read_summary(connection, self.instruction))

    # --- Drafts ------------------------------------------------------------------------------------------------------

    async def _draft(self, step: Drafted) -> None:
        self.instruction = self.new_id()
        stand, judge = self.stand, self.stand.sender.as_("judge")
        order = await self.order(
            self.court_of_draft(step.receiver),
            act_of(self.rules, approved=step.orally),
            with_papers="phone_first" not in step.content,
        )
        order.MergeFrom(type(order)(**step.content))
        if self.rules.kind == Kind.FIND:
            draft = find_service_pb2.DraftFindRequest(
                request_id=self.new_id(), instruction_id=self.instruction, order=order
            )
            await judge.finds.DraftFind(draft)
        else:
            draft = delegation_service_pb2.DraftDelegationRequest(
                request_id=self.new_id(), instruction_id=self.instruction, order=order
            )
            await judge.delegations.DraftDelegation(draft)
        submit = instruction_service_pb2.SubmitInstructionRequest
        await judge.matters.SubmitInstruction(
            submit(request_id=self.new_id(), instruction_id=self.instruction)
        )
        for at, roles in enumerate(self.rules.approval_chain([self._act(order)], 200)):
            approve = instruction_service_pb2.ApproveInstructionRequest(
                request_id=self.new_id(), instruction_id=self.instruction, opinion="同意"
            )
            name = next(name for name, role in _APPROVERS.items() if role in roles)
            if step.orally and at == 0:
                await self._consent(name)
                continue
            await stand.sender.as_(name).matters.ApproveInstruction(approve)

    async def _consent(self, name: str) -> None:
        """Somebody of the command centre notes down what the approver said by telephone."""
        sender = self.stand.sender
        consent = instruction_service_pb2.RecordConsentRequest(
            request_id=self.new_id(),
            instruction_id=self.instruction,
            approver_account_id=sender.account(name),
            manner="电话",
        )
        await sender.as_("centre").matters.RecordConsent(consent)

    def court_of_draft(self, party: str) -> str:
        return self.stand.own.code if party == "superior" else self.stand.receiver.code

    async def order(self, receiver: str, act: Act | None = None, *, with_papers: bool = True) -> Message:
        """A complete order; its case is known and its papers lie at the sender."""
        self.case = f"（2026）苏0505执{next(self.stand.cases)}号"
        put = case_service_pb2.PutCaseRequest(
            request_id=self.new_id(), case_file=a_case(case_number=self.case)
        )
        await self.stand.sender.as_("judge").cases.PutCase(put)
        order = an_order(self.rules, self.case, receiver, self.stand.clock.now, act)
        if with_papers:
            acts = frozenset({self._act(order)})
            papers = [paper for paper, _ in self.rules.missing_papers(acts, frozenset())]
            order.documents.extend([await self.document("sender", paper) for paper in papers])
        return order

    async def document(self, party: str, paper: PaperType) -> document_pb2.Document:
        """A paper that lies at a court for this matter."""
        return await self.court(party).has_document(self.instruction, f"{paper}{self.new_id()}", paper)

    def _act(self, order: Any) -> Act:
        return ACTS.from_proto(order.items[0].act, "act")

    # --- 督办, and what machines do ----------------------------------------------------------------------------------

    async def _draft_urge(self, target: urge_pb2.UrgeTarget) -> str:
        order = urge_pb2.UrgeOrder(
            subject="关于逾期未签收事项的督办",
            about="SIGNING",
            requirement="请于期限内签收",
            ground="已超过签收期限",
            targets=[target],
        )
        request = urge_service_pb2.DraftUrgeRequest(request_id=self.new_id(), order=order)
        draft = (await self.stand.desk.stub(UrgeServiceStub, "supervisor").DraftUrge(request)).draft
        self.seen = draft.content_hash
        return draft.draft_id

    async def send_for_case(self, case: str) -> None:
        """The receiver has sent a matter of its own for *case*, to the sender of other matters; it is on its way."""
        stand = self.stand
        rules, sender = RULES.kind(Kind.FIND), stand.receiver
        put = case_service_pb2.PutCaseRequest(request_id=self.new_id(), case_file=a_case(case_number=case))
        await sender.as_("judge").cases.PutCase(put)
        instruction = self.new_id()
        order = an_order(rules, case, stand.sender.code, stand.clock.now)
        papers = [paper for paper, _ in rules.missing_papers(frozenset({self._act(order)}), frozenset())]
        order.documents.extend(
            [await sender.has_document(instruction, f"{paper}{self.new_id()}", paper) for paper in papers]
        )
        issue = find_service_pb2.IssueFindsRequest(
            request_id=self.new_id(),
            issues=[
                find_service_pb2.FindIssue(
                    row="1", instruction_id=instruction, order=order, approval=APPROVAL
                )
            ],
        )
        answer = await sender.as_("program").finds.IssueFinds(issue)
        _require_done(answer)
        await stand.exchange()

    async def urge_about_it(self) -> None:
        """A 督办 is issued to the receiver about this matter."""
        target = urge_pb2.UrgeTarget(court=self.view.receiver, instruction_ids=[self.view.number])
        draft_id = await self._draft_urge(target)
        request = urge_service_pb2.ApproveUrgeRequest(
            request_id=self.new_id(), draft_id=draft_id, opinion="同意", seen=self.seen
        )
        [receipt] = (await self.stand.desk.stub(UrgeServiceStub, "chief").ApproveUrge(request)).receipts
        self.urge = receipt.instruction_id

    async def revoke_that_urge(self) -> None:
        request = urge_service_pb2.RevokeUrgeRequest(
            request_id=self.new_id(), instruction_id=self.urge, text="已签收"
        )
        await self.stand.desk.stub(UrgeServiceStub, "supervisor").RevokeUrge(request)

    async def let_limits_run_out(self) -> None:
        await self.stand.let_limits_run_out()

    async def mend_lines(self) -> None:
        self.stand.cut.clear()


_APPROVERS: Final = {
    "chief": Role.BUREAU_CHIEF,
    "director": Role.CENTRE_DIRECTOR,
    "leader": Role.COURT_LEADER,
}


def _stub(method: Method) -> Any:
    file = method.descriptor.containing_service.file.name
    module = import_module(file.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")
    return getattr(module, f"{method.descriptor.containing_service.name}Stub")


def _require_done(answer: Message) -> None:
    """Where a method answers row by row, let pass only an answer in which nothing failed."""
    for row in getattr(answer, "results", ()):
        assert not getattr(row, "message", ""), row
