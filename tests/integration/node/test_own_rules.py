"""A court's own rules: proposed at its node, with or without the line, and taken into the rulebook by the hub."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from prometheus_client import CollectorRegistry
from tests.integration.journal.scene import HUB_COURT, RECEIVER, RULES, SENDER, THIRD
from tests.integration.node.pair import Court, Pair, new_id, open_pair
from tests.integration.node.test_evidence import Line, node
from tests.integration.node.test_published_rulebooks import PHOTO, draft, publish, wants_a_photo

from xiezhi.v1 import directory_service_pb2, own_rules_service_pb2_grpc
from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi_desk.own_rules import MOST_ROWS, ProposedRules, find_proposed, keep_proposed
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import (
    Conflict,
    DomainError,
    FormatError,
    InvalidInput,
    NotFound,
    Reason,
    WrongState,
)
from xiezhi_domain.rulebook import newest_rulebook
from xiezhi_domain.rulebook.own_rules import MOST_BYTES
from xiezhi_domain.terms import OwnRulesState, Role
from xiezhi_hub.own_rules.service import OwnRulesService as HubService
from xiezhi_hub.recovery.gate import Gate
from xiezhi_journal.rulebooks import read_publications
from xiezhi_link.signal import Signal
from xiezhi_node.directory.standing import Standing
from xiezhi_node.own_rules.service import OwnRulesService
from xiezhi_node.own_rules.telling import RulesTelling
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.caller import Caller, acting
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

POLICY = '["xiezhi.v1.OwnRulesService"]\nProposeRules = "node"\nListProposedRules = "node"\n'
HUB_DIRECTOR = Caller(
    "hub-director", "中院主任", HUB_COURT, frozenset({Role.CENTRE_DIRECTOR}), session_id="s"
)
PAPERS = wants_a_photo(RECEIVER)[1]
APPROVAL = (
    f'court = "{RECEIVER}"\n[kind.FIND.approval.leader]\norder = 2\nroles = ["COURT_LEADER"]\n'
    'source = "本院规定"\nconfirmed = true\n'
)
QUEUED, AWAITING, PUBLISHED, REFUSED, TAKEN_BACK = OwnRulesState


@dataclass
class Place:
    """A court that proposes, the hub that it proposes to, and the line between them."""

    pair: Pair
    court: Court
    hub: HubService
    line: Line
    told: list[str] = field(default_factory=list)
    """The courts that the hub told of a decision."""

    @property
    def telling(self) -> RulesTelling:
        return RulesTelling(self.court.node.journal, self.line)

    async def propose(
        self, content: str, *, ahead: int = 0, name: str = "gusu.toml", **values: object
    ) -> pb.ProposeRulesResponse:
        day = to_date(self.pair.clock.now) + timedelta(days=ahead)
        request = pb.ProposeRulesRequest(
            request_id=new_id(self.pair.clock),
            document=directory_service_pb2.RulebookDocument(name=name, content=content),
            valid_from=day.isoformat(),
        )
        request.MergeFrom(pb.ProposeRulesRequest(**values))
        service = OwnRulesService(self.court.node.journal, self.court.node.seat, lambda: None)
        with acting(self.court.callers["administrator"]):
            return await service.ProposeRules(request, None)

    async def decide(
        self, proposal: str, *, consent: bool, reason: str = "", **values: object
    ) -> pb.DecideProposedRulesResponse:
        request = pb.DecideProposedRulesRequest(
            request_id=new_id(self.pair.clock), proposal_id=proposal, consent=consent, reason=reason
        )
        request.MergeFrom(pb.DecideProposedRulesRequest(**values))
        with acting(HUB_DIRECTOR):
            return await self.hub.DecideProposedRules(request, None)

    async def states(self) -> tuple[list[OwnRulesState], list[OwnRulesState]]:
        """How the proposals stand at node and hub, the last first."""
        own = OwnRulesService(self.court.node.journal, self.court.node.seat, lambda: None)
        both = []
        for service, caller in ((own, self.court.callers["administrator"]), (self.hub, HUB_DIRECTOR)):
            with acting(caller):
                answer = await service.ListProposedRules(pb.ListProposedRulesRequest(), None)
            both.append([list(OwnRulesState)[each.state - 1] for each in answer.proposals])
        return both[0], both[1]

    def published(self) -> list[str]:
        """The hashes of what the hub has published, the first one not."""
        seat = self.pair.hub.seat
        found = self.pair.hub.journal.read_now(lambda connection: read_publications(connection, seat.court))
        return [each.hash for each in found]

    async def stored(self, proposal: str):
        return await self.court.node.journal.read(lambda connection: find_proposed(connection, proposal))


@pytest.fixture
async def pair(journal_urls: tuple[str, str], tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts; the hub and the node that proposes stand on databases under test."""
    hub, proposing = journal_urls
    async with open_pair([hub, f"sqlite:///{tmp_path / 'sender.db'}", proposing]) as pair:
        yield pair


@asynccontextmanager
async def serving(pair: Pair, service: HubService, court: str) -> AsyncIterator[Line]:
    """The hub's link listener, to which every caller is the node of *court*."""
    parts = ChainParts(
        Accounting(CollectorRegistry()),
        (node(court),),
        MethodPolicy.load(POLICY),
        RateLimiter(1_000, 1_000, pair.clock),
        LiveStreams(),
    )
    server = grpc.aio.server(interceptors=[standard_chain(parts)])
    own_rules_service_pb2_grpc.add_OwnRulesServiceServicer_to_server(service, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = [("grpc.use_local_subchannel_pool", 1)]
    credentials = grpc.local_channel_credentials()
    try:
        async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
            yield Line(channel)
    finally:
        await server.stop(0)


@pytest.fixture
async def place(pair: Pair) -> AsyncIterator[Place]:
    gate, told = Gate(), []
    gate.open()
    hub = HubService(pair.hub.journal, pair.hub.seat, gate, told.append)
    async with serving(pair, hub, RECEIVER) as line:
        yield Place(pair, pair.receiver, hub, line, told)


async def test_what_concerns_the_court_alone_is_published_at_once(pair: Pair, place: Place) -> None:
    told = await place.propose(APPROVAL)
    assert (list(told.proposal.consent), await place.states()) == ([], ([QUEUED], []))
    await place.telling.exchange()
    assert await place.states() == ([PUBLISHED], [PUBLISHED])
    await pair.exchange()
    newest = newest_rulebook(pair.sender.node.journal.rulebooks.values())
    stored = await place.stored(told.proposal.proposal_id)
    assert (stored.rulebook, stored.version, stored.decided_by) == (newest.hash, newest.version, "")
    steps = [newest.rules("FIND", *courts).approval for courts in ((RECEIVER, SENDER), (SENDER, RECEIVER))]
    assert [[set(step.roles) for step in each][1:] for each in steps] == [[{Role.COURT_LEADER}], []]


async def test_what_others_must_bring_waits_for_consent(pair: Pair, place: Place) -> None:
    told = await place.propose(PAPERS)
    proposal = told.proposal.proposal_id
    assert list(told.proposal.consent) == ["papers"]
    assert f"{RECEIVER}:kind.FIND.papers[1].reason" in {each.path for each in told.differences}
    await place.telling.exchange()
    assert (await place.states(), place.published()) == (([AWAITING], [AWAITING]), [])
    shown = await place.decide(proposal, consent=True, dry_run=True)
    assert {each.path for each in shown.differences} == {each.path for each in told.differences}
    done = await place.decide(proposal, consent=True, seen=shown.newest)
    assert (done.proposal.decided_by, place.told) == ("中院主任", [RECEIVER])
    assert await place.states() == ([AWAITING], [PUBLISHED])
    await place.telling.exchange()
    await pair.exchange()
    assert await place.states() == ([PUBLISHED], [PUBLISHED])
    assert await draft(pair, new_id(pair.clock)) == [PHOTO]
    with pytest.raises(WrongState, match="已纳入规则库"):
        await place.decide(proposal, consent=False, reason="不同意")


async def test_a_late_day_holds_up_nobody_without_consent(pair: Pair, place: Place) -> None:
    told = await place.propose(APPROVAL, ahead=RULES.own_rules.alone_days + 1)
    assert list(told.proposal.consent) == ["valid_from"]
    await place.telling.exchange()
    assert (await place.states(), place.published()) == (([AWAITING], [AWAITING]), [])
    done = await place.decide(told.proposal.proposal_id, consent=True, seen=RULES.hash)
    assert (done.proposal.valid_from, len(place.published())) == (told.proposal.valid_from, 1)


async def test_a_refusal_comes_with_its_reason(place: Place) -> None:
    proposal = (await place.propose(PAPERS)).proposal.proposal_id
    await place.telling.exchange()
    with pytest.raises(InvalidInput):
        await place.decide(proposal, consent=False)
    with pytest.raises(NotFound, match="没有这份申报"):
        await place.decide(new_id(place.pair.clock), consent=True, seen=RULES.hash)
    await place.decide(proposal, consent=False, reason="照片不是法定材料")
    await place.telling.exchange()
    stored = await place.stored(proposal)
    assert (stored.state, stored.reason, stored.decided_by) == (REFUSED, "照片不是法定材料", "中院主任")
    assert place.published() == []


async def test_what_is_wrong_is_told_before_anything_is_sent(place: Place) -> None:
    with pytest.raises(FormatError) as refused:
        await place.propose(PAPERS.replace("papers = [", "paper = ["))
    assert "gusu.toml:4 kind.FIND.papers.paper" in refused.value.message
    for ahead in (-1, RULES.own_rules.latest_days + 1):
        with pytest.raises(InvalidInput, match="生效日期"):
            await place.propose(APPROVAL, ahead=ahead)
    assert await place.states() == ([], [])


async def test_only_telling_stores_nothing(place: Place) -> None:
    told = await place.propose(PAPERS, dry_run=True)
    assert (told.proposal.proposal_id, list(told.proposal.consent)) == ("", ["papers"])
    assert await place.states() == ([], [])


async def test_it_waits_for_the_line_and_is_taken_once(pair: Pair, place: Place) -> None:
    proposal = (await place.propose(APPROVAL)).proposal.proposal_id
    async with grpc.aio.insecure_channel("127.0.0.1:1") as nowhere:
        with pytest.raises(DomainError) as away:
            await RulesTelling(place.court.node.journal, Line(nowhere)).exchange()
    assert (away.value.reason, await place.states()) == (Reason.HUB_UNREACHABLE, ([QUEUED], []))
    # The day that was wanted goes by meanwhile.
    pair.clock.now += 3 * 86_400_000
    await place.telling.exchange()
    stored = await place.stored(proposal)
    assert (stored.state, stored.valid_from) == (PUBLISHED, to_date(pair.clock.now).isoformat())
    # The answer was lost: the node asks again, and hears the same.
    lost = replace(stored, state=QUEUED, version="", rulebook="", decided_at=0)
    await place.court.node.journal.write(lambda connection: keep_proposed(connection, [lost]))
    await place.telling.exchange()
    assert await place.stored(proposal) == stored
    assert len(place.published()) == 1


async def test_the_hub_judges_for_itself(pair: Pair, place: Place) -> None:
    proposal = (await place.propose(APPROVAL)).proposal.proposal_id
    stored = await place.stored(proposal)
    forged = replace(stored, content=stored.content.replace(RECEIVER, THIRD))
    await place.court.node.journal.write(lambda connection: keep_proposed(connection, [forged]))
    await place.telling.exchange()
    refused = await place.stored(proposal)
    assert (refused.state, "gusu.toml:1 court" in refused.reason) == (REFUSED, True)
    assert (await place.states())[1] == place.published() == []
    endless = replace(forged, content=APPROVAL, valid_from="9999-12-31", consent="")
    await place.court.node.journal.write(lambda connection: keep_proposed(connection, [endless]))
    await place.telling.exchange()
    refused = await place.stored(proposal)
    assert (refused.state, "生效日期最迟为" in refused.reason) == (REFUSED, True)
    assert (await place.states())[1] == place.published() == []
    # Nor does another court read or take over what this one has proposed.
    proposal = (await place.propose(APPROVAL)).proposal.proposal_id
    await place.telling.exchange()
    async with serving(pair, place.hub, SENDER) as line:
        stub = own_rules_service_pb2_grpc.OwnRulesServiceStub(line.channel)
        assert not (await stub.ListProposedRules(pb.ListProposedRulesRequest())).proposals
        with pytest.raises(grpc.aio.AioRpcError) as taken:
            await stub.ProposeRules(pb.ProposeRulesRequest(request_id=proposal))
    assert taken.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_the_hub_takes_no_proposal_that_only_asks(place: Place, pair: Pair) -> None:
    asked = pb.ProposeRulesRequest(
        request_id=new_id(pair.clock),
        document=directory_service_pb2.RulebookDocument(name="gusu.toml", content=APPROVAL),
        valid_from=to_date(pair.clock.now).isoformat(),
        dry_run=True,
    )
    stub = own_rules_service_pb2_grpc.OwnRulesServiceStub(place.line.channel)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.ProposeRules(asked)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert (await place.states(), place.published()) == (([], []), [])


async def test_the_longest_documents_come_by_small_pages(pair: Pair, place: Place) -> None:
    rows = [
        ProposedRules(
            proposal=new_id(pair.clock),
            court=RECEIVER,
            state=REFUSED,
            name="名" * 100,
            content="#" * MOST_BYTES,
            valid_from=to_date(pair.clock.now).isoformat(),
            proposed_by="姑苏主任",
            proposed_at=pair.clock.now,
            reason="由" * 500,
        )
        for _ in range(2 * MOST_ROWS + 1)
    ]
    await pair.hub.journal.write(lambda connection: keep_proposed(connection, rows))
    with acting(HUB_DIRECTOR):
        page = await place.hub.ListProposedRules(pb.ListProposedRulesRequest(page_size=500), None)
    assert (len(page.proposals), page.ByteSize() < 512 * 1024) == (MOST_ROWS, True)
    await place.telling.exchange()
    assert [await place.stored(row.proposal) for row in rows] == rows


async def test_the_next_takes_the_place_of_one_that_waits_and_nothing_takes_it_back(
    pair: Pair, place: Place
) -> None:
    await place.propose(PAPERS)
    await place.telling.exchange()
    await place.propose(APPROVAL)
    await place.telling.exchange()
    assert await place.states() == ([PUBLISHED, TAKEN_BACK], [PUBLISHED, TAKEN_BACK])
    await pair.exchange()
    # Nothing of its own any more: the rules are as they were.
    await place.propose("")
    await place.telling.exchange()
    await pair.exchange()
    newest = newest_rulebook(pair.sender.node.journal.rulebooks.values())
    approvals = [book.rules("FIND", RECEIVER, SENDER).approval for book in (newest, RULES)]
    assert approvals[0] == approvals[1]
    # And once more changes nothing: it is told at once, whatever comments the document has.
    for same in ("", f'court = "{RECEIVER}"\n# 本院没有本地要求\n'):
        for dry_run in (True, False):
            with pytest.raises(InvalidInput, match="与现行要求相同"):
                await place.propose(same, dry_run=dry_run)
    assert (await place.states())[1] == [PUBLISHED, PUBLISHED, TAKEN_BACK]
    assert len(place.published()) == 2


async def test_what_changes_nothing_takes_back_what_waits(place: Place) -> None:
    await place.propose(PAPERS)
    await place.telling.exchange()
    proposal = (await place.propose("")).proposal.proposal_id
    await place.telling.exchange()
    assert await place.states() == ([TAKEN_BACK, TAKEN_BACK], [TAKEN_BACK, TAKEN_BACK])
    assert ((await place.stored(proposal)).reason, place.published()) == ("与现行要求相同，无需申报", [])


async def test_what_is_asked_again_after_midnight_has_the_first_answer(pair: Pair, place: Place) -> None:
    first = await place.propose(PAPERS, request_id="once")
    day = first.proposal.valid_from
    pair.clock.now += 86_400_000
    assert await place.propose(PAPERS, request_id="once", valid_from=day) == first
    with pytest.raises(InvalidInput, match="不能早于今天"):
        await place.propose(PAPERS, request_id="twice", valid_from=day)
    assert await place.states() == ([QUEUED], [])


async def test_consent_is_to_what_was_looked_at(pair: Pair, place: Place) -> None:
    proposal = (await place.propose(PAPERS)).proposal.proposal_id
    await place.telling.exchange()
    shown = await place.decide(proposal, consent=True, dry_run=True)
    assert shown.newest == RULES.hash
    with pytest.raises(InvalidInput) as unseen:
        await place.decide(proposal, consent=True)
    assert [each.field for each in unseen.value.fields] == ["seen"]
    # Another rulebook is published while the director reads.
    await publish(pair, THIRD)
    with pytest.raises(Conflict, match="请重新预览差异") as stale:
        await place.decide(proposal, consent=True, seen=shown.newest)
    assert (stale.value.reason, await place.states()) == (Reason.STALE_BASE, ([AWAITING], [AWAITING]))
    again = await place.decide(proposal, consent=True, dry_run=True)
    done = await place.decide(proposal, consent=True, seen=again.newest)
    assert (done.proposal.state, len(place.published())) == (pb.OWN_RULES_STATE_PUBLISHED, 2)


async def test_consent_asked_twice_publishes_once(place: Place) -> None:
    proposal = (await place.propose(PAPERS)).proposal.proposal_id
    await place.telling.exchange()
    first = await place.decide(proposal, consent=True, request_id="once", seen=RULES.hash)
    assert await place.decide(proposal, consent=True, request_id="once", seen=RULES.hash) == first
    assert len(place.published()) == 1


async def test_one_thing_that_the_hub_refuses_stops_no_other(pair: Pair, place: Place) -> None:
    proposal = (await place.propose(APPROVAL)).proposal.proposal_id
    done = Signal()
    telling = place.telling

    async def exchange() -> None:
        await telling.exchange()
        done.notify()

    # The hub of this test serves neither rosters nor policies.
    standing = Standing(place.court.node.journal, place.line, Signal(), [exchange])
    with done.subscribe() as wake:
        running = asyncio.create_task(standing.run())
        await wake.wait(60)
        running.cancel()
    assert (await place.stored(proposal)).state is PUBLISHED
