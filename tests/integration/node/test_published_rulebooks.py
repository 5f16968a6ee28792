"""A rulebook put in force by the hub: what people at the courts meet, at once, from a day on, and without the line."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.journal.scene import DAY, RECEIVER, RULES, THIRD
from tests.integration.node.pair import Pair, a_case, an_order, new_id, open_pair
from tests.integration.node.remedies import offered, seen_by

from xiezhi.v1 import case_service_pb2, document_pb2, find_service_pb2
from xiezhi.v1 import directory_service_pb2 as directory
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import Rulebook, newest_rulebook
from xiezhi_domain.rulebook.publishing import next_rulebook
from xiezhi_domain.terms import PaperType
from xiezhi_hub.directory.rulebooks import PublishRulebook
from xiezhi_journal.journal import request_key
from xiezhi_journal.rulebooks import read_publications, read_rulebooks
from xiezhi_node.papers.missing import list_missing
from xiezhi_node.rulebooks_in_force import RulebooksInForce

PHOTO = document_pb2.PAPER_TYPE_PHOTO


def wants_a_photo(court: str) -> tuple[str, str]:
    """The overlay of a court that asks for a photo of who is to be found."""
    return f"{court}.toml", (
        f'court = "{court}"\n[[kind.FIND.papers]]\nacts = ["LOCATE_PERSON"]\npapers = ["PHOTO"]\n'
        'reason = "本院要求附照片"\nsource = "本地要求"\nconfirmed = false\nlocal = true\n'
    )


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts; the sender's node stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls) as pair:
        yield pair


async def publish(pair: Pair, court: str = RECEIVER, *, ahead: int = 0, request: str = "") -> Rulebook:
    """Put a court's overlay in force so many days *ahead*; the courts have not heard of it yet."""
    hub = pair.hub
    newest = newest_rulebook(hub.journal.rulebooks.values())
    valid_from = to_date(pair.clock.now) + timedelta(days=ahead)
    rulebook = next_rulebook(newest, [wants_a_photo(court)], valid_from)
    key = request_key("a-hub", "PublishRulebook", request or new_id(pair.clock), b"")
    await hub.journal.submit(PublishRulebook(hub.seat, key, newest, rulebook))
    return rulebook


async def draft(
    pair: Pair, identifier: str, *more: document_pb2.Document, **changes: object
) -> list[document_pb2.PaperType.ValueType]:
    """Draft an order; returns the papers that it lacks."""
    judge = pair.sender.as_("judge")
    await judge.cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id=new_id(pair.clock), case_file=a_case())
    )
    letter = await pair.sender.has_document(identifier, f"委托函{identifier}")
    drafted = await judge.finds.DraftFind(
        find_service_pb2.DraftFindRequest(
            request_id=new_id(pair.clock),
            instruction_id=identifier,
            order=an_order(letter, *more, **changes),
        )
    )
    return [paper.paper_type for paper in drafted.missing_papers]


async def submit(pair: Pair, identifier: str) -> None:
    request = pb.SubmitInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    await pair.sender.as_("judge").matters.SubmitInstruction(request)


def additions(pair: Pair, identifier: str) -> list[str]:
    """What the receiver wants beside, as the sender's list of papers says it."""
    node = pair.sender.node
    missing = node.journal.read_now(
        lambda connection: list_missing(connection, node.seat, pair.sender.callers["judge"], identifier)
    )
    return [paper.reason for paper in missing.receiver_additions]


async def pinned(pair: Pair, identifier: str) -> str:
    return (await seen_by(pair.sender, "judge", identifier)).rulebook


async def test_what_the_receiver_wants_is_asked_for_before_sending(pair: Pair) -> None:
    before = await pair.issued()
    rulebook = await publish(pair)
    await pair.exchange()
    assert pair.sender.node.seat.rulebook == pair.receiver.node.seat.rulebook == rulebook
    identifier = new_id(pair.clock)
    assert await draft(pair, identifier) == [PHOTO]
    assert additions(pair, identifier) == ["本院要求附照片"]
    assert (await refusal(submit(pair, identifier))).reason == "PAPERS_MISSING"
    photo = await pair.sender.has_document(identifier, "照片", PaperType.PHOTO)
    assert not await draft(pair, identifier, photo)
    await pair.send(identifier)
    assert await pinned(pair, identifier) == rulebook.hash
    assert (await seen_by(pair.receiver, "centre", identifier)).rulebook == rulebook.hash
    # What was sent before stays under its own.
    assert (await pinned(pair, before), additions(pair, before)) == (RULES.hash, [])
    await pair.assigned(before)
    assert not await draft(pair, new_id(pair.clock), receiver=THIRD)


async def test_what_another_court_wants_does_not_concern_this_one(pair: Pair) -> None:
    await publish(pair, THIRD)
    await pair.exchange()
    assert not await draft(pair, new_id(pair.clock))
    assert await draft(pair, new_id(pair.clock), receiver=THIRD) == [PHOTO]


async def test_a_draft_of_before_is_told_that_the_rules_have_changed(pair: Pair) -> None:
    drafted, approved = new_id(pair.clock), new_id(pair.clock)
    for identifier in (drafted, approved):
        assert not await draft(pair, identifier)
    await submit(pair, approved)
    approve = pb.ApproveInstructionRequest(request_id="a", instruction_id=approved, opinion="同意")
    await pair.sender.as_("chief").matters.ApproveInstruction(approve)
    rulebook = await publish(pair)
    await pair.exchange()
    seal = pb.AffixSealRequest(request_id="s", instruction_id=approved)
    for call in (submit(pair, drafted), pair.sender.as_("centre").matters.AffixSeal(seal)):
        refused = await refusal(call)
        assert refused.reason == "PAPERS_MISSING"
        assert f"适用规则库 {rulebook.version}" in refused.message
    # The approval is taken back, the paper added, and it goes its way.
    assert "REJECT_APPROVAL" in await offered(pair.sender, "chief", approved)
    back = pb.RejectApprovalRequest(request_id="r", instruction_id=approved, opinion="请补照片")
    await pair.sender.as_("chief").matters.RejectApproval(back)
    photo = await pair.sender.has_document(approved, "照片", PaperType.PHOTO)
    assert not await draft(pair, approved, photo)
    await pair.send(approved)
    assert await pinned(pair, approved) == rulebook.hash


async def test_what_is_published_for_tomorrow_holds_tomorrow_without_the_line(pair: Pair) -> None:
    rulebook = await publish(pair, ahead=1)
    await pair.exchange()
    assert not await draft(pair, new_id(pair.clock))
    pair.clock.now += DAY
    assert await draft(pair, new_id(pair.clock)) == [PHOTO]
    # A node that starts again reads the same.
    held = pair.sender.node.journal.read_now(read_rulebooks)
    in_force = RulebooksInForce({RULES.hash: RULES, **held}, pair.clock)
    assert in_force.now() == rulebook
    pair.clock.now -= DAY
    assert in_force.now() == RULES


async def test_an_order_under_the_rules_of_before_is_taken_while_its_court_cannot_know(pair: Pair) -> None:
    rulebook = await publish(pair)
    identifier = await pair.issued()
    assert pair.sender.node.seat.rulebook == rulebook
    seen = await seen_by(pair.receiver, "centre", identifier)
    assert seen.rulebook == RULES.hash


async def test_an_order_under_rules_long_replaced_comes_back(pair: Pair) -> None:
    rulebook = await publish(pair)
    pair.clock.now += rulebook.grace_days * DAY
    identifier = await pair.issued()
    centre = pair.sender.as_("centre").matters
    [returned] = (await centre.ListReturnedWork(pb.ListReturnedWorkRequest())).returned
    assert (returned.instruction_id, returned.reason) == (identifier, "RULEBOOK_NOT_IN_FORCE")
    assert await draft(pair, identifier) == [PHOTO]


async def test_the_same_request_publishes_once(pair: Pair) -> None:
    before = await publish(pair, request="once")
    again = await publish(pair, request="once")
    assert again.version != before.version
    await pair.exchange()
    for journal, court in ((pair.hub.journal, pair.hub), (pair.sender.node.journal, pair.sender.node)):
        hub_court = court.seat.court if court is pair.hub else court.seat.hub_court
        published = journal.read_now(
            lambda connection, hub_court=hub_court: read_publications(connection, hub_court)
        )
        assert [each.hash for each in published] == [before.hash]
        assert again.hash not in journal.rulebooks


async def test_what_was_published_is_listed_at_a_court(pair: Pair) -> None:
    today = await publish(pair)
    later = await publish(pair, ahead=3)
    await pair.exchange()
    desk = pair.receiver.as_("judge").directory
    listed = (await desk.ListRulebooks(directory.ListRulebooksRequest())).rulebooks
    assert [(each.version, each.in_force) for each in listed] == [
        (later.version, False),
        (today.version, True),
    ]
    assert date.fromisoformat(listed[0].valid_from) == later.valid_from
    assert (await desk.GetRulebook(directory.GetRulebookRequest())).hash == today.hash
    assert (await desk.GetRulebook(directory.GetRulebookRequest(hash=later.hash))).content == later.content
