"""One distribution over two matters at the court that presides: sums, refusals, and that all happens or nothing."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from openpyxl import load_workbook
from tests.integration.desk.desk import refusal
from tests.integration.moves.distributed import a_plan, an_application
from tests.integration.node.pair import Court, Pair, a_case, new_id, open_pair

from xiezhi.v1 import case_service_pb2, instruction_service_pb2
from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.distribution_service_pb2_grpc import (
    DistributionServiceStub,
    add_DistributionServiceServicer_to_server,
)
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import PaperType
from xiezhi_node.distribution.service import DistributionService
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.workshop import Workshop

DAY_MS = 86_400_000
PAPERS = (
    PaperType.DISTRIBUTION_LETTER,
    PaperType.PARTICIPATION_APPLICATION,
    PaperType.ENFORCEMENT_BASIS,
)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    workshop = Workshop(helpers=1)
    workshop.start()
    yield workshop
    workshop.close()


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Pair]:
    def add_services(court: Court, server: grpc.aio.Server) -> None:
        service = DistributionService(court.node.journal, court.node.seat, Press("", workshop))
        add_DistributionServiceServicer_to_server(service, server)

    urls = [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]
    async with open_pair(urls, more=add_services) as pair:
        yield pair


class Scene:
    """The two courts as their judges."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.creditor: Any = pair.sender.stub(DistributionServiceStub, "judge")
        self.presiding: Any = pair.receiver.stub(DistributionServiceStub, "judge")
        self.count = 0

    def new_id(self) -> str:
        return new_id(self.pair.clock)

    def now(self) -> Timestamp:
        return Timestamp(seconds=self.pair.clock.now // 1_000)

    async def drafted(self, **changes: Any) -> tuple[str, pb.DraftDistributionResponse]:
        """An application with its papers, drafted."""
        self.count += 1
        sender, matter = self.pair.sender, self.new_id()
        case = f"（2026）苏0505执{7000 + self.count}号"
        put = case_service_pb2.PutCaseRequest(request_id=self.new_id(), case_file=a_case(case_number=case))
        await sender.as_("judge").cases.PutCase(put)
        today = str(to_date(self.pair.clock.now))
        order = an_application(case, self.pair.receiver.code, today, **changes)
        order.documents.extend(
            [await sender.has_document(matter, f"{paper}{matter}", paper) for paper in PAPERS]
        )
        request = pb.DraftDistributionRequest(request_id=self.new_id(), instruction_id=matter, order=order)
        return matter, await self.creditor.DraftDistribution(request)

    async def applied(self) -> str:
        """An application at the desk of the presiding court's judge."""
        matter, _ = await self.drafted()
        ids = {"instruction_id": matter}
        sender, pb2 = self.pair.sender, instruction_service_pb2
        await sender.as_("judge").matters.SubmitInstruction(
            pb2.SubmitInstructionRequest(request_id=self.new_id(), **ids)
        )
        await sender.as_("chief").matters.ApproveInstruction(
            pb2.ApproveInstructionRequest(request_id=self.new_id(), opinion="同意", **ids)
        )
        await sender.as_("centre").matters.AffixSeal(pb2.AffixSealRequest(request_id=self.new_id(), **ids))
        await self.pair.exchange()
        await self.pair.receiver.as_("centre").matters.AssignInstruction(
            pb2.AssignInstructionRequest(
                request_id=self.new_id(),
                assignee_account_id=self.pair.receiver.account("judge"),
                **ids,
            )
        )
        return matter

    async def admitted(self, distribution: str = "", **changes: Any) -> tuple[str, str]:
        """A claim that takes part; returns its matter and the distribution."""
        matter = await self.applied()
        stated = {"amount_fen": 10_000, "debtor": "NATURAL_PERSON", "distribution_id": distribution}
        request = pb.AdmitParticipationRequest(
            request_id=self.new_id(), instruction_id=matter, **{**stated, **changes}
        )
        answer = await self.presiding.AdmitParticipation(request)
        assert await self.presiding.AdmitParticipation(request) == answer
        await self.pair.exchange()
        return matter, answer.distribution_id

    async def planned(self) -> tuple[str, list[str]]:
        """A distribution with two matters and one claim of the presiding court's own; its plan is known to all."""
        first, distribution = await self.admitted()
        second, _ = await self.admitted(distribution, rank=1, claim=3)
        await self.presiding.IssuePlan(self.plan(distribution))
        await self.pair.exchange()
        return distribution, [first, second]

    def plan(self, distribution: str, **changes: Any) -> pb.IssuePlanRequest:
        return pb.IssuePlanRequest(
            request_id=self.new_id(),
            distribution_id=distribution,
            plan=a_plan(**{"total_fen": 22_000, **changes}),
        )

    async def served(self, distribution: str, matters: list[str]) -> None:
        """Everybody is served with the plan now."""
        stated = {"paper": pb.DISTRIBUTION_PAPER_PLAN, "received_at": self.now(), "way": "POST"}
        for matter in matters:
            await self.creditor.RecordReceipt(
                pb.RecordReceiptRequest(request_id=self.new_id(), instruction_id=matter, **stated)
            )
        for party in (0, 2):
            await self.presiding.RecordReceipt(
                pb.RecordReceiptRequest(
                    request_id=self.new_id(), distribution_id=distribution, party=party, **stated
                )
            )
        await self.pair.exchange()

    async def settled(self, distribution: str) -> None:
        request = pb.SettlePlanRequest(request_id=self.new_id(), distribution_id=distribution)
        await self.presiding.SettlePlan(request)

    def payment(self, matter: str, fen: int) -> pb.PayShareRequest:
        return pb.PayShareRequest(
            request_id=self.new_id(), instruction_id=matter, paid_fen=fen, paid_at=self.now()
        )

    async def shown(self, **which: str) -> pb.Distribution:
        return (await self.presiding.GetDistribution(pb.GetDistributionRequest(**which))).distribution


@pytest.fixture
async def scene(pair: Pair) -> Scene:
    return Scene(pair)


async def test_two_matters_share_one_price_and_each_shows_the_whole_plan(scene: Scene) -> None:
    distribution, [first, second] = await scene.planned()
    await scene.served(distribution, [first, second])
    whole = await scene.shown(distribution_id=distribution)
    assert {row.number: row.share_fen for row in whole.plan.claims} == {1: 5_000, 2: 5_000, 3: 10_000}
    assert await scene.shown(instruction_id=second) == whole
    asked = pb.GetDistributionRequest(instruction_id=first)
    alone = (await scene.creditor.GetDistribution(asked)).distribution
    assert alone.plan == whole.plan
    scene.pair.clock.now += 20 * DAY_MS
    await scene.settled(distribution)
    # What the hub has not accepted in every matter is not paid.
    told = await refusal(scene.presiding.PayShare(scene.payment(first, 5_000)))
    assert told.reason == "WRONG_STATE"
    await scene.pair.exchange()
    told = await refusal(scene.presiding.PayShare(scene.payment(first, 5_001)))
    assert told.reason == "INVALID_FIELD"
    assert "paid_fen" in told.fields
    await scene.presiding.PayShare(scene.payment(first, 5_000))
    await scene.presiding.PayShare(scene.payment(second, 10_000))
    await scene.pair.exchange()
    paid = {share.claim: share.paid_fen for share in (await scene.shown(distribution_id=distribution)).shares}
    assert paid == {1: 5_000, 3: 10_000}
    told = await refusal(scene.presiding.IssuePlan(scene.plan(distribution)))
    assert told.reason == "WRONG_STATE"


async def test_a_creditor_who_leaves_makes_a_new_plan_necessary(scene: Scene) -> None:
    distribution, [first, second] = await scene.planned()
    await scene.served(distribution, [first, second])
    await scene.pair.sender.as_("judge").matters.WithdrawInstruction(
        instruction_service_pb2.WithdrawInstructionRequest(
            request_id=scene.new_id(), instruction_id=second, reason="已和解"
        )
    )
    # The presiding court does not know of it yet: the hub will refuse what it tells this matter alone.
    scene.pair.clock.now += 20 * DAY_MS
    await scene.pair.exchange()
    awaited = (await scene.shown(distribution_id=distribution)).awaited
    assert [each.code for each in awaited] == ["CLAIMS_CHANGED"]
    told = await refusal(scene.settled(distribution))
    assert told.reason == "TOO_EARLY"
    answer = await scene.presiding.IssuePlan(scene.plan(distribution))
    assert (len(answer.receipts), answer.plan.number) == (1, 2)
    assert sum(row.share_fen for row in answer.plan.claims) + answer.plan.remainder_fen == 20_000


async def test_the_same_request_tells_everybody_once(scene: Scene) -> None:
    distribution, _ = await scene.planned()
    request = scene.plan(distribution, costs_fen=100)
    first = await scene.presiding.IssuePlan(request)
    assert await scene.presiding.IssuePlan(request) == first
    assert first.plan.number == 2


async def test_an_objection_after_fifteen_days_is_too_late(scene: Scene) -> None:
    distribution, [first, second] = await scene.planned()
    objection = pb.ObjectToPlanRequest(
        request_id=scene.new_id(),
        instruction_id=first,
        handed_in_at=scene.now(),
        ground="AMOUNT",
        corrections=[pb.ClaimCorrection(claim=2, amount_fen=1)],
        text="数额有误",
    )
    told = await refusal(scene.creditor.ObjectToPlan(objection))
    assert told.reason == "WRONG_STATE"
    await scene.served(distribution, [first, second])
    scene.pair.clock.now += 30 * DAY_MS
    objection.handed_in_at.CopyFrom(scene.now())
    told = await refusal(scene.creditor.ObjectToPlan(objection))
    assert told.reason == "TOO_LATE"


async def test_an_objection_that_nobody_opposes_corrects_the_plan(scene: Scene) -> None:
    distribution, [first, second] = await scene.planned()
    await scene.served(distribution, [first, second])
    request = pb.NotifyObjectionRequest(
        request_id=scene.new_id(),
        distribution_id=distribution,
        party=0,
        handed_in_at=scene.now(),
        ground="PARTICIPATION",
        corrections=[pb.ClaimCorrection(claim=2, amount_fen=0)],
        text="该债权已清偿",
    )
    objection = (await scene.presiding.NotifyObjection(request)).objection_id
    await scene.pair.exchange()
    stated = {
        "paper": pb.DISTRIBUTION_PAPER_OBJECTION,
        "objection_id": objection,
        "received_at": scene.now(),
        "way": "DIRECT",
    }
    for matter in (first, second):
        await scene.creditor.RecordReceipt(
            pb.RecordReceiptRequest(request_id=scene.new_id(), instruction_id=matter, **stated)
        )
    await scene.presiding.RecordReceipt(
        pb.RecordReceiptRequest(request_id=scene.new_id(), distribution_id=distribution, party=2, **stated)
    )
    await scene.pair.exchange()
    scene.pair.clock.now += 20 * DAY_MS
    await scene.settled(distribution)
    await scene.pair.exchange()
    found = await scene.shown(distribution_id=distribution)
    assert [each.fate_code for each in found.objections] == ["UPHELD"]
    assert {share.claim: share.due_fen for share in found.shares} == {1: 10_000, 3: 10_000}


async def test_an_enterprise_is_warned_of_and_pays_in_the_order_of_seizure(scene: Scene) -> None:
    _, drafted = await scene.drafted(debtor="ENTERPRISE")
    assert any("执转破" in warning for warning in drafted.warnings)
    _, distribution = await scene.admitted(debtor="ENTERPRISE")
    told = await refusal(
        scene.presiding.IssuePlan(scene.plan(distribution, mode="PRO_RATA", total_fen=12_000))
    )
    assert told.reason == "INVALID_FIELD"
    assert "plan.mode" in told.fields
    claims = [
        {"number": 1, "seized": 2},
        {"number": 2, "creditor": "测试债权人乙", "amount_fen": 8_000, "seized": 1},
    ]
    answer = await scene.presiding.IssuePlan(scene.plan(distribution, claims=claims, total_fen=12_000))
    assert [row.share_fen for row in answer.plan.claims] == [2_000, 8_000]


async def test_an_ordinary_creditor_needs_an_effective_document(scene: Scene) -> None:
    _, drafted = await scene.drafted(effective_document="")
    assert any("执行依据" in warning for warning in drafted.warnings)
    _, drafted = await scene.drafted(
        effective_document="", has_priority=True, priority_basis="抵押登记（演示）"
    )
    assert not drafted.warnings
    told = await refusal(scene.drafted(enforcement_began_on="2099-01-01"))
    assert told.reason == "INVALID_FIELD"
    assert "order.enforcement_began_on" in told.fields


async def test_the_printed_table_adds_up(scene: Scene) -> None:
    _, distribution = await scene.admitted()
    preview = await scene.presiding.PreviewPlan(
        pb.PreviewPlanRequest(distribution_id=distribution, plan=a_plan())
    )
    assert preview.pdf.startswith(b"%PDF")
    rows = list(load_workbook(BytesIO(preview.xlsx)).active.values)
    last = {row[1]: row[6] for row in rows if row[1]}
    assert last["债权合计"] == "100.00"
    assert last["执行费用"] == "20.00"
    assert last["总计"] == "120.00"
