"""Publishing a rulebook: made of what holds and what somebody brings; one entry of the log for all courts."""

from dataclasses import dataclass

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi_desk.own_rules import changes_between
from xiezhi_desk.rulebooks import rulebook_message
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Conflict, InvalidInput, Reason
from xiezhi_domain.rulebook import Rulebook, newest_rulebook
from xiezhi_domain.terms import EventKind
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.rulebooks import Publication, published_body, published_facts


@dataclass(frozen=True, slots=True)
class PublishRulebook:
    """Work for the writer: publish *rulebook*, which was made of *newest*. Answers with a `PublishRulebookResponse`."""

    seat: Seat
    request: RequestKey
    newest: Rulebook
    rulebook: Rulebook

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Publish it; the same request again publishes nothing and has the same answer.

        :raises Conflict: STALE_BASE, another was published since.
        :raises InvalidInput: its day has passed.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        require_newest(newest_rulebook(ledger.rulebooks.values()), self.newest.hash)
        require_not_past(self.rulebook, ledger.now)
        published = publish(ledger, self.seat, self.rulebook)
        response = told(self.newest, self.rulebook)
        response.rulebook.CopyFrom(rulebook_message(self.rulebook, published, in_force=False))
        answer = response.SerializeToString()
        ledger.remember(self.request, answer)
        return answer


def publish(ledger: Ledger, seat: Seat, rulebook: Rulebook) -> Publication:
    """Enter *rulebook* in the log, for the feeds of all courts."""
    facts, body = published_facts(rulebook), published_body(rulebook)
    event = own_directory_event(ledger, seat, EventKind.RULEBOOK_PUBLISHED, facts, body)
    ruling = rule_on_directory_event(ledger, event, seat)
    return Publication(rulebook.hash, ruling.at, event.header.id)


def require_newest(newest: Rulebook, seen: str) -> None:
    """Let pass who has seen the rulebook that was published last.

    :raises Conflict: STALE_BASE.
    """
    if newest.hash != seen:
        message = f"刚刚发布了规则库 {newest.version}，请重新预览差异后发布"
        raise Conflict(Reason.STALE_BASE, message)


def require_not_past(rulebook: Rulebook, now: int) -> None:
    """Let pass a rulebook that is valid from the day of *now* (ms) at the earliest: nothing holds for days gone by.

    :raises InvalidInput: it is valid from an earlier day.
    """
    today = to_date(now)
    if rulebook.valid_from < today:
        raise InvalidInput.in_field("valid_from", f"生效日期不能早于今天（{today}）")


def told(before: Rulebook, after: Rulebook) -> pb.PublishRulebookResponse:
    """Return what would be published, and what it changes."""
    shown, more = changes_between(before, after)
    return pb.PublishRulebookResponse(
        rulebook=rulebook_message(after, None, in_force=False),
        newest=before.hash,
        differences=shown,
        more_differences=more,
    )
