"""Remedies as work for the writer: one request checked against the table and the rulebook, every field at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from xiezhi.v1 import court_pb2, document_pb2, event_pb2
from xiezhi_desk import bodies
from xiezhi_desk.accounts.store import list_accounts
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.rulebook import Move
from xiezhi_domain.terms import EventKind, Role
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import check_contact, check_documents
from xiezhi_node.instructions.parts import part, prose
from xiezhi_node.instructions.remedies import Asked, Remedy
from xiezhi_node.instructions.remedy_facts import FactReader
from xiezhi_node.instructions.reporting import Report, Reporting
from xiezhi_node.people import assignee_of

_SUCCESSOR = "successor_account_id"


def prepare(connection: Connection, acting: Acting, request: Any, remedy: Remedy) -> Act:
    """Return the work of *request*, one of the contract's for *remedy*.

    :raises InvalidInput: with every field that is wrong.
    :raises NotFound: UNKNOWN_INSTRUCTION; RULEBOOK_UNKNOWN.
    :raises WrongState: it was never issued, or its ladder has no such step.
    """
    view, rules = acting.history(connection)
    present = documents_by_matter(connection, [acting.instruction])[acting.instruction]
    named = [document.sha256 for document in getattr(request, "documents", ())]
    documents = {sha256: present[sha256] for sha256 in named if sha256 in present}
    seat = acting.seat
    asked = Asked(request, view, rules, seat.court, documents, acting.now, seat.courts)
    return _Preparing(connection, acting, asked, remedy, present).work()


class _Preparing:
    """One request on its way to be work."""

    def __init__(
        self,
        connection: Connection,
        acting: Acting,
        asked: Asked,
        remedy: Remedy,
        present: Mapping[bytes, document_pb2.Document],
    ) -> None:
        self._connection = connection
        self._acting = acting
        self._asked = asked
        self._remedy = remedy
        self._present = present
        self._fields = Fields()
        self._reader = FactReader(
            asked.request,
            self._fields,
            asked.view,
            asked.rules,
            acting.seat.calendar,
            acting.now,
            asked.documents,
        )

    def work(self) -> Act:
        """Check everything, then return the moves; what people wrote goes with the last."""
        moves = [self._move(kind) for kind in self._remedy.kinds(self._asked)]
        reports = any(move.reports for move in moves)
        if not reports:
            self._check_words()
            self._check_documents()
        self._check_contact()
        detail = self._remedy.detail(self._connection, self._asked, self._fields)
        facts = [self._facts(move) for move in moves]
        successor = self._successor()
        self._fields.require_none()
        first = [MoveTaken(EventKind(move.kind), each) for move, each in zip(moves, facts, strict=True)][:-1]
        last = MoveTaken(
            EventKind(moves[-1].kind),
            facts=facts[-1],
            parts=[*self._parts(successor), *detail],
            documents=list(dict.fromkeys(self._asked.documents)),
            assignee=(successor.account_id, successor.officer.name) if successor else None,
        )
        return self._acting.work(self._connection, *first, last)

    def _move(self, kind: EventKind) -> Move:
        move = self._asked.rules.moves.get(kind)
        if move is None:
            raise WrongState(Reason.WRONG_STATE, f"{self._asked.rules.name}没有“{kind.zh}”这一步骤")
        return move

    # --- What people entered -----------------------------------------------------------------------------------------

    def _check_words(self) -> None:
        remedy, text = self._remedy, self._asked.request.text
        if remedy.words and remedy.needs_words(self._asked):
            self._fields.require_text("text", text, remedy.words, remedy.longest)
        else:
            self._fields.limit_text("text", text, remedy.longest)
        for at, paper in enumerate(getattr(self._asked.request, "papers", ())):
            self._fields.limit_text(f"papers[{at}].note", paper.note, LONGEST_TEXT)

    def _check_documents(self) -> None:
        hashes = check_documents(self._fields, getattr(self._asked.request, "documents", ()), self._present)
        if self._remedy.papers and not hashes:
            self._fields.add("documents", self._remedy.papers)

    def _check_contact(self) -> None:
        field = self._remedy.contact
        if field and (not self._remedy.optional_contact or self._asked.request.HasField(field)):
            check_contact(self._fields, field, getattr(self._asked.request, field))

    def _facts(self, move: Move) -> JsonObject:
        if not move.reports:
            worked_out = self._remedy.worked_out(self._connection, self._asked, self._fields)
            return {**self._reader.facts(move), **worked_out}
        request, asked = self._asked.request, self._asked
        report = Report(request.text, request.outcomes, request.documents)
        reporting = Reporting(self._connection, asked.view, asked.rules, self._acting.now)
        with self._fields.collecting():
            reported = reporting.check(report, final=move.completes).facts
            return {**self._reader.facts(move), **reported}
        return {}

    def _successor(self) -> event_pb2.Actor | None:
        """Return to whom the matter goes; without a name, from who withdraws to the director (practice.md §15)."""
        request = self._asked.request
        if _SUCCESSOR not in request.DESCRIPTOR.fields_by_name:
            return None
        caller, seat = self._acting.caller, self._acting.seat
        named = getattr(request, _SUCCESSOR)
        row = find_visible(self._connection, caller, seat.rulebook, self._acting.instruction)
        withdraws = "reason" not in request.DESCRIPTOR.fields_by_name
        if named or not withdraws:
            with self._fields.collecting():
                successor = assignee_of(self._connection, named, _SUCCESSOR)
                if successor.account_id == (caller.account_id if withdraws else row.officer):
                    self._fields.add(_SUCCESSOR, "接手人不能是原承办人")
                return successor
            return None
        return self._director() if row.officer in caller.accounts else None

    def _director(self) -> event_pb2.Actor:
        for account in list_accounts(self._connection, Role.CENTRE_DIRECTOR):
            if not account.disabled and account.account_id != self._acting.caller.account_id:
                return event_pb2.Actor(account_id=account.account_id, officer=account.officer)
        self._fields.add(_SUCCESSOR, "请选择接手的承办人")
        return event_pb2.Actor()

    # --- What the event says -----------------------------------------------------------------------------------------

    def _parts(self, successor: event_pb2.Actor | None) -> list[PartContent]:
        request = self._asked.request
        parts = prose(request.text, self._contact())
        if successor is not None:
            parts.append(part("assignment", event_pb2.Assignment(assignee=successor)))
        if getattr(request, "outcomes", ()):
            parts.append(part("outcomes", event_pb2.OutcomeList(outcomes=request.outcomes)))
        if getattr(request, "papers", ()):
            parts.append(part(bodies.ASKED_PAPERS, event_pb2.AskedPaperList(papers=request.papers)))
        return parts

    def _contact(self) -> court_pb2.Officer | None:
        field, request = self._remedy.contact, self._asked.request
        return getattr(request, field) if field and request.HasField(field) else None
