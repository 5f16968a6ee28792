"""What people decide about the ladder: a proposal, a new version of the rules. Work for the writer."""

from dataclasses import dataclass

from sqlalchemy import update

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.escalation import load_rules
from xiezhi_domain.terms import ProposalDecision
from xiezhi_journal import tables
from xiezhi_journal.clockwork import change_clockwork, clockwork_of
from xiezhi_journal.ledger import Ledger, RequestKey

_FIRING = tables.firing


@dataclass(frozen=True, slots=True)
class ProposalKey:
    """Which proposal: its deadline as it was due, and the step."""

    instruction: str
    clock: str
    round: int
    due_at: int
    step: str


@dataclass(frozen=True, slots=True)
class DecideProposal:
    """Note what *account* made of a proposal; a later decision replaces an earlier one."""

    key: ProposalKey
    decision: ProposalDecision
    account: str
    request: RequestKey

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> None:
        """Note it; the same request again does not, whatever was decided since.

        :raises NotFound: no such proposal.
        :raises Conflict: REQUEST_ID_REUSED.
        """
        if ledger.answered(self.request) is not None:
            return
        key = self.key
        statement = update(_FIRING).where(
            _FIRING.c.instruction == key.instruction,
            _FIRING.c.clock == key.clock,
            _FIRING.c.round == key.round,
            _FIRING.c.due_at == key.due_at,
            _FIRING.c.step == key.step,
            ~_FIRING.c.automatic,
        )
        values = {"decided_at": ledger.now, "decision": str(self.decision), "account": self.account}
        if not ledger.connection.execute(statement.values(values)).rowcount:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION, "没有这项建议，请刷新列表")
        ledger.remember(self.request, b"")


@dataclass(frozen=True, slots=True)
class SetRules:
    """Put a new version of the rules in force; every open deadline is looked at again under it."""

    content: str
    account: str
    request: RequestKey

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> int:
        """Return the version.

        :raises FormatError: the rules are no rules.
        :raises Conflict: REQUEST_ID_REUSED.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return int(answered)
        before = clockwork_of(ledger)
        rules = load_rules(self.content, before.rules.version + 1)
        row = (rules.version, self.content, ledger.now, self.account)
        ledger.add_row(tables.escalation_rules.name, row)
        change_clockwork(ledger, before._replace(rules=rules))
        # The scheduler works out anew when each has to be looked at, a bounded number at a time.
        with ledger.connection.begin_nested():
            table = tables.deadline
            ledger.connection.execute(update(table).where(table.c.open).values(next_at=0))
        ledger.remember(self.request, str(rules.version).encode())
        return rules.version
