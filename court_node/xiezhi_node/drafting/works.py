"""What the writer does with drafts. Each work takes one step, decided by `xiezhi_domain.ladder.drafting`."""

from dataclasses import dataclass, replace

import msgspec

from xiezhi.v1 import event_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Conflict, NotFound, Reason, WrongState
from xiezhi_domain.ladder.drafting import Consenter, draft_step
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Action, State
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.matter import Matter
from xiezhi_node.acting.act import Person, receipt
from xiezhi_node.acting.channel import require_platform
from xiezhi_node.acting.issue import Issue, Order, draft_matter
from xiezhi_node.acting.numbers import next_number
from xiezhi_node.drafting.chain import NOTHING, Asked, asked_by
from xiezhi_node.drafting.store import Draft, DraftStep, add_step, draft_content, find_draft, put_draft
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Who wants a step taken on which draft."""

    seat: Seat
    request: RequestKey
    person: Person
    instruction: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter and whether the request was answered before."""
        ledger.want_matter(self.instruction)
        ledger.want_request(self.request)

    def advance(
        self,
        ledger: Ledger,
        matter: Matter,
        action: Action,
        author: str,
        asked: Asked = NOTHING,
        consenter: Consenter | None = None,
        stands_in_for: frozenset[str] = frozenset(),
    ) -> Matter:
        """Return *matter* after *action*; what is *asked* for decides who has to approve, or to consent.

        :raises NotAllowed: WRONG_ROLE, SAME_PERSON or FORBIDDEN.
        :raises WrongState: the draft is not where this step is possible.
        """
        state = draft_step(
            matter.local_state,
            action,
            self.person.roles,
            self.rules(matter.kind, matter.receiver),
            actor=self.person.account_id,
            author=author,
            acts=asked.acts,
            amount=asked.amount,
            approved=asked.approved,
            urgent=asked.urgent,
            consenter=consenter,
            stands_in_for=stands_in_for,
        )
        return msgspec.structs.replace(matter, local_state=state, updated_at=ledger.now)

    def rules(self, kind: str, receiver: str) -> KindRules:
        """Return the rules in force for *kind* with *receiver*: a draft pins none before it is issued."""
        return self.seat.rulebook.rules(kind, self.seat.court, receiver)

    def step(self, ledger: Ledger, action: Action, remark: str = "") -> DraftStep:
        """Return the line of the draft's history that says what this person did now."""
        person = self.person
        return DraftStep(
            self.instruction, action, person.account_id, person.actor.officer.name, remark, ledger.now
        )

    def store(self, ledger: Ledger, matter: Matter, draft: Draft, step: DraftStep) -> bytes:
        """Keep what the step did and return the receipt, serialised. Comes last: rows are not taken back."""
        ledger.save(matter)
        put_draft(ledger.connection, draft)
        add_step(ledger.connection, step)
        response = receipt(matter).SerializeToString()
        ledger.remember(self.request, response)
        return response


@dataclass(frozen=True, slots=True)
class CreateOrChangeDraft:
    """Work for the writer: a new draft, or other content for a draft. Who writes it last is its author."""

    request: DraftRequest
    order: Order

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Write the draft anew; an approval given to other content is void."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        require_platform(ledger, self.order.kind, request.seat.court, self.order.receiver)
        matter = self._matter(ledger)
        person = request.person
        approval = event_pb2.ApprovalRecord(drafted_by=person.actor, drafted_at=to_timestamp(ledger.now))
        draft = Draft(
            request.instruction,
            person.account_id,
            draft_content(self.order),
            approval.SerializeToString(),
            rulebook=request.seat.rulebook.hash,
        )
        return request.store(ledger, matter, draft, request.step(ledger, Action.CREATE))

    def _matter(self, ledger: Ledger) -> Matter:
        request, order = self.request, self.order
        before = ledger.matter(request.instruction)
        if before is None:
            return self._new_matter(ledger)
        if before.sender != request.seat.court:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        if before.local_state is None or before.kind != order.kind:
            raise WrongState(Reason.WRONG_STATE, "事项已不是草稿，不能修改")
        changed = request.advance(ledger, before, Action.CREATE, request.person.account_id)
        return msgspec.structs.replace(
            changed, receiver=order.receiver, item_count=len(order.items), labels=order.labels
        )

    def _new_matter(self, ledger: Ledger) -> Matter:
        request, order = self.request, self.order
        rules = request.rules(order.kind, order.receiver)
        account = request.person.account_id
        # Asked before a number is given away.
        draft_step(None, Action.CREATE, request.person.roles, rules, actor=account, author=account)
        number = next_number(ledger, request.seat, rules)
        return draft_matter(request.instruction, number, request.seat.court, order, ledger.now)


@dataclass(frozen=True, slots=True)
class Submit:
    """Work for the writer: a draft is handed in for approval. `order` is the draft with the case as it is now.

    `checked` is the content that was checked before; nothing unchecked is handed in.
    """

    request: DraftRequest
    order: Order
    checked: bytes

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Hand it in; from now on its content stands still."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        if draft.order != self.checked:
            raise Conflict(Reason.STALE_BASE, "草稿刚刚被修改，请刷新后重新提交")
        asked = Asked(frozenset(self.order.items.values()), sum(self.order.sums.values()))
        after = request.advance(ledger, matter, Action.SUBMIT, draft.author, asked)
        after = msgspec.structs.replace(after, labels=self.order.labels)
        submitted = replace(
            draft, order=draft_content(self.order), remark="", rulebook=request.seat.rulebook.hash
        )
        return request.store(ledger, after, submitted, request.step(ledger, Action.SUBMIT))


@dataclass(frozen=True, slots=True)
class Approve:
    """Work for the writer: what was handed in is approved, never by its author; by several where the rules say so."""

    request: DraftRequest
    opinion: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Approve it."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        after = request.advance(ledger, matter, Action.APPROVE, draft.author, asked_by(draft))
        approval = draft.approval_record
        add_approval(approval, request.person.actor, ledger.now, self.opinion)
        approved = replace(draft, approval=approval.SerializeToString())
        return request.store(ledger, after, approved, request.step(ledger, Action.APPROVE, self.opinion))


@dataclass(frozen=True, slots=True)
class RejectApproval:
    """Work for the writer: what was handed in goes back to its author, who is told why."""

    request: DraftRequest
    opinion: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Send it back."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        after = request.advance(ledger, matter, Action.REJECT_APPROVAL, draft.author, asked_by(draft))
        step = request.step(ledger, Action.REJECT_APPROVAL, self.opinion)
        return request.store(ledger, after, replace(draft, remark=self.opinion), step)


@dataclass(frozen=True, slots=True)
class AffixSeal:
    """Work for the writer: papers checked, seal affixed, sent. `order` was made from the draft `checked`."""

    request: DraftRequest
    order: Order
    checked: Draft

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Issue it with the completed approval record."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        request.advance(ledger, matter, Action.AFFIX_SEAL, draft.author)
        if draft != self.checked:
            raise Conflict(Reason.STALE_BASE)
        approval = draft.approval_record
        approval.sealed_by.CopyFrom(request.person.actor)
        approval.sealed_at.CopyFrom(to_timestamp(ledger.now))
        parts = [*self.order.parts, ("approval", approval.SerializeToString())]
        issue = Issue(
            request.seat,
            request.request,
            request.person,
            request.instruction,
            replace(self.order, parts=parts),
            from_draft=True,
        )
        response = issue.run(ledger)
        put_draft(ledger.connection, replace(draft, approval=approval.SerializeToString()))
        add_step(ledger.connection, request.step(ledger, Action.AFFIX_SEAL))
        return response


def add_approval(
    record: event_pb2.ApprovalRecord,
    approver: event_pb2.Actor,
    at: int,
    opinion: str,
    oral: event_pb2.OralConsent | None = None,
) -> None:
    """Add an approval given at *at* (ms since 1970) to *record*; `oral` says how, where it was by word of mouth."""
    if record.HasField("approved_by"):
        record.earlier_approvals.add(
            approved_by=record.approved_by,
            approved_at=record.approved_at,
            opinion=record.opinion,
            oral=record.oral if record.HasField("oral") else None,
        )
    record.approved_by.CopyFrom(approver)
    record.approved_at.CopyFrom(to_timestamp(at))
    record.opinion = opinion
    record.ClearField("oral")
    if oral is not None:
        record.oral.CopyFrom(oral)


def drafted(ledger: Ledger, request: DraftRequest) -> tuple[Matter, Draft]:
    """Return matter and draft.

    :raises NotFound: UNKNOWN_INSTRUCTION, this court has no such matter.
    :raises WrongState: it is no draft any more.
    """
    matter = ledger.matter(request.instruction)
    if matter is None or matter.sender != request.seat.court:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    draft = find_draft(ledger.connection, request.instruction)
    if draft is None or matter.local_state is None:
        raise WrongState(Reason.WRONG_STATE, _issued_already(matter.state))
    return matter, draft


def _issued_already(state: State) -> str:
    return f"事项当前为“{state.zh}”，不能进行此操作，请刷新后查看"
