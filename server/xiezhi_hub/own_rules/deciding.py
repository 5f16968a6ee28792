"""Work for the writer: taking what a court proposes, and deciding on what waits for consent."""

from dataclasses import dataclass, replace

from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi_desk.own_rules import (
    NO_CHANGE,
    ProposedRules,
    add_proposed,
    find_proposed,
    keep_proposed,
    take_back_waiting,
)
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_domain.rulebook import Rulebook, newest_rulebook
from xiezhi_domain.rulebook.own_rules import needing_consent
from xiezhi_domain.terms import OwnRulesState
from xiezhi_hub.directory.rulebooks import publish, require_newest
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.ledger import Ledger, RequestKey

_REPLACED = "已由本院后来的申报取代"


@dataclass(frozen=True, slots=True)
class TakeProposed:
    """Take what a court proposes, once: *rulebook* was made of *newest* and changes *keys* of the court's rules.

    Answers with the proposal as it then stands: published, waiting for consent, or taken back where nothing changes.
    """

    seat: Seat
    proposed: ProposedRules
    newest: Rulebook
    rulebook: Rulebook
    keys: frozenset[str]

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> ProposedRules:
        """Publish it, or let it wait; what was taken before has the same answer, however it stands by now.

        :raises Conflict: STALE_BASE, another rulebook was published since.
        """
        known = find_proposed(ledger.connection, self.proposed.proposal)
        if known is not None:
            return known
        require_newest(newest_rulebook(ledger.rulebooks.values()), self.newest.hash)
        done = self._decided(ledger)
        take_back_waiting(ledger.connection, done.court, ledger.now, _REPLACED)
        add_proposed(ledger.connection, done)
        return done

    def _decided(self, ledger: Ledger) -> ProposedRules:
        if not self.keys:
            return replace(
                self.proposed, state=OwnRulesState.TAKEN_BACK, decided_at=ledger.now, reason=NO_CHANGE
            )
        consent = needing_consent(self.newest, self.rulebook, self.keys, to_date(ledger.now))
        if consent:
            return replace(self.proposed, state=OwnRulesState.AWAITING_CONSENT, consent=" ".join(consent))
        return _published(ledger, self.seat, self.proposed, self.rulebook)


@dataclass(frozen=True, slots=True)
class DecideProposed:
    """Consent to a proposal and publish *rulebook*, made of *newest*; without one, refuse it for a reason."""

    seat: Seat
    request: RequestKey
    proposal: str
    decided_by: str
    reason: str
    newest: Rulebook
    rulebook: Rulebook | None

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Decide; the same request again decides nothing and has the same answer.

        :raises WrongState: it does not wait any more.
        :raises Conflict: STALE_BASE, another rulebook was published since.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        waiting = require_waiting(find_proposed(ledger.connection, self.proposal))
        waiting = replace(waiting, decided_by=self.decided_by, reason=self.reason)
        if self.rulebook is None:
            decided = replace(waiting, state=OwnRulesState.REFUSED, decided_at=ledger.now)
        else:
            require_newest(newest_rulebook(ledger.rulebooks.values()), self.newest.hash)
            decided = _published(ledger, self.seat, waiting, self.rulebook)
        keep_proposed(ledger.connection, [decided])
        answer = pb.DecideProposedRulesResponse(proposal=decided.message()).SerializeToString()
        ledger.remember(self.request, answer)
        return answer


def require_waiting(proposed: ProposedRules | None) -> ProposedRules:
    """Let pass a proposal that waits for consent.

    :raises NotFound: there is none of this id.
    :raises WrongState: it does not wait.
    """
    if proposed is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "没有这份申报，请核对编号")
    if proposed.state is not OwnRulesState.AWAITING_CONSENT:
        raise WrongState(Reason.WRONG_STATE, f"该申报现为“{proposed.state.zh}”，无需处理")
    return proposed


def _published(ledger: Ledger, seat: Seat, proposed: ProposedRules, rulebook: Rulebook) -> ProposedRules:
    publish(ledger, seat, rulebook)
    return replace(
        proposed,
        state=OwnRulesState.PUBLISHED,
        decided_at=ledger.now,
        valid_from=rulebook.valid_from.isoformat(),
        rulebook=rulebook.hash,
        version=rulebook.version,
    )
