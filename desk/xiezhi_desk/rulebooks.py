"""Rulebooks as the contract shows them; hub and node hold them alike, and know from the log when each was published."""

from collections.abc import Iterable, Mapping

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.rulebook import Rulebook, rulebook_in_force
from xiezhi_journal.rulebooks import Publication


def rulebook_message(
    rulebook: Rulebook, published: Publication | None, *, in_force: bool
) -> pb.PublishedRulebook:
    """Return a rulebook without its content; *published* is None for one that is not published."""
    return pb.PublishedRulebook(
        hash=rulebook.hash,
        version=rulebook.version,
        valid_from=rulebook.valid_from.isoformat(),
        grace_days=rulebook.grace_days,
        published_at=to_timestamp(published.at) if published else None,
        event_id=published.event_id if published else "",
        in_force=in_force,
    )


def published_messages(
    publications: Iterable[Publication], rulebooks: Mapping[str, Rulebook], now: int
) -> list[pb.PublishedRulebook]:
    """Return the publications whose rulebooks this program reads, the last first, as they stand at *now* (ms)."""
    current = rulebook_in_force(list(rulebooks.values()), to_date(now)).hash
    found = [
        rulebook_message(rulebooks[each.hash], each, in_force=each.hash == current)
        for each in publications
        if each.hash in rulebooks
    ]
    return found[::-1]


def rulebook_content(
    rulebooks: Mapping[str, Rulebook], asked: pb.GetRulebookRequest, now: int
) -> pb.GetRulebookResponse:
    """Return the rulebook *asked* for, the one in force at *now* (ms) where none is named, without content if known.

    :raises NotFound: RULEBOOK_UNKNOWN.
    """
    held = list(rulebooks.values())
    found = rulebooks.get(asked.hash) if asked.hash else rulebook_in_force(held, to_date(now))
    if found is None:
        raise NotFound(Reason.RULEBOOK_UNKNOWN, "没有发布过该版本的规则库，请核对")
    known = found.hash == asked.known
    return pb.GetRulebookResponse(hash=found.hash, content=b"" if known else found.content)
