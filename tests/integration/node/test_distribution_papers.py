"""The papers of a distribution: the plan as a paper of every matter, and what goes with services, suits, judgments."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import docx
import grpc
import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Court, Pair, open_pair
from tests.integration.node.test_distribution import DAY_MS, Scene
from tests.integration.node.test_papers import House, content, make, order, text_of

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1 import document_pb2, instruction_service_pb2
from xiezhi.v1 import paper_service_pb2 as papers_pb2
from xiezhi.v1.distribution_service_pb2_grpc import add_DistributionServiceServicer_to_server
from xiezhi_domain.terms import PaperType
from xiezhi_node.distribution.service import DistributionService
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.workshop import Workshop

PLAN = document_pb2.PAPER_TYPE_DISTRIBUTION_PLAN
BOTH = [papers_pb2.LETTER_FORMAT_PDF, papers_pb2.LETTER_FORMAT_DOCX]


@pytest.fixture
async def scene(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Scene]:
    house = House(tmp_path, workshop)

    def add_services(court: Court, server: grpc.aio.Server) -> None:
        service = DistributionService(court.node.journal, court.node.seat, Press("", workshop))
        add_DistributionServiceServicer_to_server(service, server)
        house.add_services(court, server)

    urls = [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]
    async with open_pair(urls, more=add_services) as pair:
        yield Scene(pair)


async def lying_at_all(pair: Pair, matters: list[str], paper: PaperType) -> list[document_pb2.Document]:
    """One paper that lies at the presiding court for each of *matters*."""
    found = [await pair.receiver.has_document(matter, "一份", paper) for matter in matters]
    return found[:1]


async def last_documents(scene: Scene, matter: str) -> list[str]:
    """What the last event of a matter names, as the creditor's court has it."""
    request = instruction_service_pb2.GetTimelineRequest(instruction_id=matter)
    answer = await scene.pair.sender.as_("judge").matters.GetTimeline(request)
    return [each.name for each in answer.entries[-1].documents]


def own_service(scene: Scene, distribution: str, **changes: Any) -> pb.RecordReceiptRequest:
    stated = {
        "request_id": scene.new_id(),
        "distribution_id": distribution,
        "paper": pb.DISTRIBUTION_PAPER_PLAN,
        "received_at": scene.now(),
        "way": "DIRECT",
    }
    return pb.RecordReceiptRequest(**{**stated, **changes})


async def objected_by_the_debtor(scene: Scene, distribution: str, **changes: Any) -> str:
    """An objection of the debtor, notified to everybody; its id."""
    stated = {
        "party": 0,
        "handed_in_at": scene.now(),
        "ground": "PARTICIPATION",
        "corrections": [pb.ClaimCorrection(claim=2, amount_fen=0)],
        "text": "该债权已清偿",
    }
    request = pb.NotifyObjectionRequest(
        request_id=scene.new_id(), distribution_id=distribution, **{**stated, **changes}
    )
    answer = await scene.presiding.NotifyObjection(request)
    await scene.pair.exchange()
    return str(answer.objection_id)


async def test_the_plan_in_force_is_a_paper_of_its_matter(scene: Scene) -> None:
    _, [first, second] = await scene.planned()
    presiding = scene.pair.receiver
    pdf, word = (await make(presiding, "judge", order(PLAN, first, formats=BOTH))).made
    assert [made.document.name for made in (pdf, word)] == ["财产分配方案.pdf", "财产分配方案.docx"]
    text = text_of(await content(presiding, first, pdf.document))
    for wanted in (
        "第1号",
        "待分配总金额为220.00元，优先拨付执行费用20.00元",
        "普通债权按比例受偿",
        "第508条",
        "自收到本方案之日起十五日内",
    ):
        assert wanted in text, wanted
    [table] = docx.Document(io.BytesIO(await content(presiding, first, word.document))).tables
    rows = {row.cells[1].text: row.cells[-1].text for row in table.rows[1:]}
    assert rows["债权合计"] == "200.00"
    assert rows["测试债权人乙"] == "50.00"
    # The same paper in every matter: nothing of the one matter stands in it.
    [other] = (await make(presiding, "judge", order(PLAN, second), request_id="second")).made
    assert text_of(await content(presiding, second, other.document)) == text


async def test_a_later_plan_is_printed_instead(scene: Scene) -> None:
    distribution, [first, _] = await scene.planned()
    await scene.presiding.IssuePlan(scene.plan(distribution, costs_fen=100))
    [made] = (await make(scene.pair.receiver, "judge", order(PLAN, first))).made
    text = text_of(await content(scene.pair.receiver, first, made.document))
    assert "第2号" in text
    assert "优先拨付执行费用1.00元" in text


async def test_only_the_presiding_court_prints_a_plan_that_there_is(scene: Scene) -> None:
    matter, distribution = await scene.admitted()
    told = await refusal(make(scene.pair.receiver, "judge", order(PLAN, matter)))
    assert (told.reason, "分配方案" in told.message) == ("WRONG_STATE", True)
    await scene.presiding.IssuePlan(scene.plan(distribution))
    await scene.pair.exchange()
    told = await refusal(make(scene.pair.sender, "judge", order(PLAN, matter)))
    assert (told.reason, "主持分配的法院" in told.message) == ("FORBIDDEN", True)
    other = await scene.pair.issued()
    told = await refusal(make(scene.pair.sender, "judge", order(PLAN, other)))
    assert told.fields == ["letter.paper_type"]


async def test_what_goes_with_a_service_reaches_every_court(scene: Scene) -> None:
    distribution, matters = await scene.planned()
    proof = await scene.pair.receiver.has_document(matters[0], "一份", PaperType.PROOF_OF_SERVICE)
    # A paper that one of the matters lacks would not reach its court.
    told = await refusal(scene.presiding.RecordReceipt(own_service(scene, distribution, documents=[proof])))
    assert told.fields == ["documents[0]"]
    documents = await lying_at_all(scene.pair, matters, PaperType.PROOF_OF_SERVICE)
    await scene.presiding.RecordReceipt(own_service(scene, distribution, documents=documents))
    await scene.pair.exchange()
    for matter in matters:
        assert await last_documents(scene, matter) == ["一份.pdf"]


async def test_an_own_suit_brings_its_proof_or_says_where_it_lies(scene: Scene) -> None:
    distribution, matters = await scene.planned()
    await scene.served(distribution, matters)
    written = await lying_at_all(scene.pair, matters, PaperType.PLAN_OBJECTION)
    objection = await objected_by_the_debtor(scene, distribution, documents=written)
    assert await last_documents(scene, matters[1]) == ["一份.pdf"]
    suit: dict[str, Any] = {
        "distribution_id": distribution,
        "objection_id": objection,
        "filed_at": scene.now(),
    }
    told = await refusal(scene.presiding.ProveSuit(pb.ProveSuitRequest(request_id="s1", **suit)))
    assert told.fields == ["text"]
    documents = await lying_at_all(scene.pair, matters, PaperType.PROOF_OF_SUIT)
    await scene.presiding.ProveSuit(pb.ProveSuitRequest(request_id="s2", documents=documents, **suit))
    await scene.pair.exchange()
    for matter in matters:
        assert await last_documents(scene, matter) == ["一份.pdf"]


async def test_plan_and_settlement_bring_their_papers_to_every_court(scene: Scene) -> None:
    first, distribution = await scene.admitted()
    second, _ = await scene.admitted(distribution, rank=1, claim=3)
    matters = [first, second]
    issue = scene.plan(distribution)
    issue.documents.append(await scene.pair.receiver.has_document(first, "一份", PaperType.DISTRIBUTION_PLAN))
    # A paper that one of the matters lacks would not reach its court.
    told = await refusal(scene.presiding.IssuePlan(issue))
    assert told.fields == ["documents[0]"]
    del issue.documents[:]
    issue.documents.extend(await lying_at_all(scene.pair, matters, PaperType.DISTRIBUTION_PLAN))
    await scene.presiding.IssuePlan(issue)
    await scene.pair.exchange()
    for matter in matters:
        assert await last_documents(scene, matter) == ["一份.pdf"]
    await scene.served(distribution, matters)
    scene.pair.clock.now += 20 * DAY_MS
    settle = pb.SettlePlanRequest(request_id=scene.new_id(), distribution_id=distribution)
    settle.documents.extend(await lying_at_all(scene.pair, matters, PaperType.PROOF_OF_SERVICE))
    await scene.presiding.SettlePlan(settle)
    await scene.pair.exchange()
    for matter in matters:
        assert await last_documents(scene, matter) == ["一份.pdf"]


async def test_an_objection_is_in_writing_and_a_suit_is_proved(scene: Scene) -> None:
    distribution, matters = await scene.planned()
    await scene.served(distribution, matters)
    objection = pb.ObjectToPlanRequest(
        request_id=scene.new_id(),
        instruction_id=matters[0],
        handed_in_at=scene.now(),
        ground="AMOUNT",
        corrections=[pb.ClaimCorrection(claim=2, amount_fen=1)],
        text="数额有误",
    )
    told = await refusal(scene.creditor.ObjectToPlan(objection))
    assert (told.reason, "分配方案异议书" in told.message, "第509条" in told.message) == (
        "PAPERS_MISSING",
        True,
        True,
    )
    # Another paper does not do.
    objection.documents.append(
        await scene.pair.sender.has_document(matters[0], "别的", PaperType.SITE_RECORD)
    )
    assert (await refusal(scene.creditor.ObjectToPlan(objection))).reason == "PAPERS_MISSING"
    objection.documents.append(
        await scene.pair.sender.has_document(matters[0], "异议书", PaperType.PLAN_OBJECTION)
    )
    id_ = (await scene.creditor.ObjectToPlan(objection)).objection_id
    await scene.pair.exchange()
    await scene.presiding.NotifyObjection(
        pb.NotifyObjectionRequest(request_id=scene.new_id(), distribution_id=distribution, objection_id=id_)
    )
    await scene.pair.exchange()
    suit = pb.ProveSuitRequest(
        request_id=scene.new_id(), instruction_id=matters[0], objection_id=id_, filed_at=scene.now()
    )
    told = await refusal(scene.creditor.ProveSuit(suit))
    assert (told.reason, "起诉" in told.message or "受理材料" in told.message) == ("PAPERS_MISSING", True)
    suit.documents.append(await scene.pair.sender.has_document(matters[0], "受理", PaperType.PROOF_OF_SUIT))
    await scene.creditor.ProveSuit(suit)
