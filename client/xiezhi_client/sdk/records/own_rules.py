"""The rules that a court lays over the rulebook itself, from the proposal to the decision."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.rulebook import RulebookDifference, RulebookDocument
from xiezhi_client.sdk.vocabulary import OwnRulesState


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRules(Record[pb.ProposedRules]):
    """A proposal; `consent` are the keys that the hub's court has to consent to, `reason` why it was not taken.

    `valid_from` is YYYY-MM-DD: the day wanted, and once published that of the rulebook `version`.
    """

    proposal_id: str = ""
    court: str = ""
    state: OwnRulesState = ""
    document: RulebookDocument | None = None
    valid_from: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    consent: tuple[str, ...] = ()
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    rulebook: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange(Record[pb.ProposeRulesResponse]):
    """A proposal and what it changes in the rulebook published last; `more_differences` are not shown."""

    proposal: ProposedRules | None = None
    differences: tuple[RulebookDifference, ...] = ()
    more_differences: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedChange(Record[pb.DecideProposedRulesResponse]):
    """A proposal as it was decided, or what consent to it would change in the rulebook with the hash `newest`."""

    proposal: ProposedRules | None = None
    differences: tuple[RulebookDifference, ...] = ()
    more_differences: int = 0
    newest: str = ""
