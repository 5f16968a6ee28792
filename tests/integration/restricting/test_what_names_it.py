"""What names a restricted matter, drafts of the superior and a 督办 that has ended, is read by leaders alone, too."""

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.integration.erasing.scene import DRAFTER, LEADER
from tests.integration.hub.test_confidentiality import is_unknown
from tests.integration.journal.scene import RECEIVER
from tests.integration.node.pair import new_id
from tests.integration.restricting.test_restricting import Stage, court_shows, stage

from xiezhi.v1 import (
    court_pb2,
    order_pb2,
    order_service_pb2,
    superior_service_pb2,
    urge_pb2,
)
from xiezhi.v1 import disposal_decision_service_pb2 as decisions
from xiezhi.v1 import urge_service_pb2 as urges
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.errors import NotFound
from xiezhi_domain.terms import Kind
from xiezhi_hub.disposal.drafts import DECISIONS, StoredDecision
from xiezhi_hub.disposal.service import DisposalDecisionService
from xiezhi_hub.evidence.entries import entry_of_event
from xiezhi_hub.orders.service import OrderService
from xiezhi_hub.policies import load_policy
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.urging.drafts import ORDERS, MatterDraft
from xiezhi_hub.urging.service import UrgeService
from xiezhi_journal.reading import history
from xiezhi_wire.caller import Caller, acting

__all__ = ["stage"]


@dataclass
class Desk:
    """The hub's desks that draft, and three drafts that name one matter."""

    stage: Stage
    matter: str

    def __post_init__(self) -> None:
        gate, hub = Gate(), self.stage.erasing.pair.hub
        gate.open()
        self.journal = hub.journal
        self._services = (
            UrgeService(hub.journal, hub.seat, gate),
            OrderService(hub.journal, hub.seat, gate),
            DisposalDecisionService(hub.journal, hub.seat, gate, load_policy("desk")),
            self.stage.superior,
        )

    async def ask(self, caller: Caller, method: str, request: Any) -> Any:
        service = next(each for each in self._services if method in type(each).__dict__)
        with acting(caller):
            return await getattr(service, method)(request, None)

    def new_id(self) -> str:
        return new_id(self.stage.erasing.pair.clock)

    async def begin(self) -> None:
        for who in (DRAFTER, LEADER):
            officer = court_pb2.Officer(name=who.name, phone="0512-00000001")
            account = Account(who.account_id, who.account_id, officer, who.roles, "")
            await self.journal.write(lambda connection, new=account: store.add_account(connection, new))
        await self.journal.write(self._draft_others)

    def _draft_others(self, connection: Connection) -> None:
        """Drafts as they are when the matter that they name has ended before they were approved."""
        kept = {"author": DRAFTER.account_id, "drafted_at": 1}
        decision = decisions.DecisionOrder(instruction_id=self.matter, ground="理由")
        DECISIONS.keep(
            connection,
            StoredDecision(
                draft_id=self.new_id(),
                instruction=self.matter,
                content=decision.SerializeToString(),
                **kept,
            ),
        )
        order = order_pb2.CourtOrder(kind=Kind.ORDER_ELEVATE, subject="裁定", handover_ids=[self.matter])
        ORDERS.keep(
            connection,
            MatterDraft(
                draft_id=self.new_id(), content=order.SerializeToString(), author_roles="SUPERVISOR", **kept
            ),
        )

    async def draft_urge(self) -> urges.UrgeDraft:
        order = urge_pb2.UrgeOrder(
            targets=[urge_pb2.UrgeTarget(court=RECEIVER, instruction_ids=[self.matter])],
            about="HANDLING",
            subject="关于说明办理情况的督办",
            requirement="请书面说明",
            ground="当事人反映",
        )
        request = urges.DraftUrgeRequest(request_id=self.new_id(), order=order)
        return (await self.ask(DRAFTER, "DraftUrge", request)).draft

    async def approve(self, draft: urges.UrgeDraft) -> str:
        request = urges.ApproveUrgeRequest(
            request_id=self.new_id(), draft_id=draft.draft_id, seen=draft.content_hash
        )
        [receipt] = (await self.ask(LEADER, "ApproveUrge", request)).receipts
        await self.stage.erasing.pair.exchange()
        return receipt.instruction_id

    async def listed(self, caller: Caller) -> dict[str, int]:
        """How many drafts somebody finds."""
        lists = {
            "ListUrgeDrafts": urges.ListUrgeDraftsRequest(),
            "ListOrderDrafts": order_service_pb2.ListOrderDraftsRequest(),
            "ListDecisionDrafts": decisions.ListDecisionDraftsRequest(),
        }
        return {name: len((await self.ask(caller, name, asked)).drafts) for name, asked in lists.items()}


@pytest.fixture
async def desk(stage: Stage) -> Desk:
    found = Desk(stage, await stage.erasing.ended())
    await found.begin()
    return found


ALL, NONE = (
    dict.fromkeys(("ListUrgeDrafts", "ListOrderDrafts", "ListDecisionDrafts"), count) for count in (1, 0)
)


async def test_drafts_that_name_it_are_for_leaders_alone(desk: Desk) -> None:
    draft = await desk.draft_urge()
    assert (await desk.listed(DRAFTER), await desk.listed(LEADER)) == (ALL, ALL)
    await desk.stage.order(desk.matter)
    assert (await desk.listed(DRAFTER), await desk.listed(LEADER)) == (NONE, ALL)
    [decision] = (await desk.ask(LEADER, "ListDecisionDrafts", decisions.ListDecisionDraftsRequest())).drafts
    opinion = {"request_id": desk.new_id(), "opinion": "不同意"}
    for method, request in (
        ("GetDecisionDraft", decisions.GetDecisionDraftRequest(draft_id=decision.draft_id)),
        ("RejectDecision", decisions.RejectDecisionRequest(draft_id=decision.draft_id, **opinion)),
        ("DiscardUrgeDraft", urges.DiscardUrgeDraftRequest(request_id="x", draft_id=draft.draft_id)),
        ("RejectUrge", urges.RejectUrgeRequest(draft_id=draft.draft_id, **opinion)),
        ("ApproveUrge", urges.ApproveUrgeRequest(request_id="y", draft_id=draft.draft_id)),
    ):
        assert await is_unknown(desk.ask(DRAFTER, method, request)), method
    await desk.stage.order(desk.matter, restricted=False)
    assert await desk.listed(DRAFTER) == ALL


async def test_its_receipts_are_for_leaders_alone(desk: Desk) -> None:
    await desk.stage.order(desk.matter)
    rows = await desk.journal.read(partial(history, instruction=desk.matter))
    for who, error in ((DRAFTER, pytest.raises(NotFound)), (LEADER, nullcontext())):
        with error:
            await desk.journal.read(partial(entry_of_event, event_id=rows[0].event_id, caller=who))


async def test_an_ended_urge_about_it_is_for_leaders_alone_and_an_open_one_for_who_works_on_it(
    desk: Desk,
) -> None:
    urge = await desk.approve(await desk.draft_urge())
    pair = desk.stage.erasing.pair
    await desk.stage.order(desk.matter)
    read = urges.GetUrgeRequest(instruction_id=urge, purpose="跟踪")
    assert not await is_unknown(desk.ask(DRAFTER, "GetUrge", read))
    assert await court_shows(pair.receiver, "director", urge)
    revoke = urges.RevokeUrgeRequest(request_id=desk.new_id(), instruction_id=urge, text="不再需要")
    await desk.ask(DRAFTER, "RevokeUrge", revoke)
    await pair.exchange()
    found = await desk.ask(DRAFTER, "ListUrges", urges.ListUrgesRequest())
    assert (len(found.urges), found.withheld) == (0, 1)
    matter = superior_service_pb2.GetMatterRequest(instruction_id=urge)
    assert await is_unknown(desk.ask(DRAFTER, "GetUrge", read))
    assert await is_unknown(desk.ask(DRAFTER, "GetMatter", matter))
    assert not await is_unknown(desk.ask(LEADER, "GetUrge", read))
    assert not await court_shows(pair.receiver, "director", urge)
    assert await court_shows(pair.receiver, "leader", urge)
