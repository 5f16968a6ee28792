"""The letters of a delegated case: sent with it, answered with the filing notice, given back after the High Court."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.moves.delegated import a_case_order
from tests.integration.node.pair import CASE, Court, Pair, new_id, open_pair
from tests.integration.node.test_papers import House, content, make, order, put_case, text_of

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1 import document_pb2
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import PaperType
from xiezhi_papers.workshop import Workshop

LETTER = document_pb2.PAPER_TYPE_CASE_DELEGATION_LETTER
NOTICE = document_pb2.PAPER_TYPE_FILING_NOTICE
RETURN = document_pb2.PAPER_TYPE_CASE_RETURN_LETTER
OTHERS = (
    PaperType.ENFORCEMENT_APPLICATION,
    PaperType.CASE_DELEGATION_APPROVAL,
    PaperType.ENFORCEMENT_BASIS,
    PaperType.CASE_SITUATION,
    PaperType.APPLICANT_CONTACT,
    PaperType.DEBTOR_IDENTITY,
    PaperType.OFFICER_CONTACT,
)
NEW_CASE = "（2026）苏0591执1号"


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Pair]:
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls, more=House(tmp_path, workshop).add_services) as pair:
        yield pair


async def drafted(pair: Pair, *letters: document_pb2.Document, matter: str = "") -> str:
    """The draft of a delegation with all enclosures but the letter, and those that are given."""
    sender, matter = pair.sender, matter or new_id(pair.clock)
    await put_case(sender)
    wanted = a_case_order(CASE, pair.receiver.code, to_date(pair.clock.now))
    others = [await sender.has_document(matter, f"{paper}{matter}", paper) for paper in OTHERS]
    wanted.documents.extend([*letters, *others])
    request = pb.DraftCaseDelegationRequest(
        request_id=new_id(pair.clock), instruction_id=matter, order=wanted
    )
    answer = await sender.as_("judge").delegations.DraftCaseDelegation(request)
    assert [each.paper_type for each in answer.missing_papers] == ([] if letters else [LETTER])
    return matter


async def delegated(pair: Pair) -> str:
    """A case that lies at the receiver, with a letter that was made from its draft."""
    matter = await drafted(pair)
    [made] = (await make(pair.sender, "judge", order(LETTER, matter))).made
    await drafted(pair, made.document, matter=matter)
    await pair.send(matter)
    await pair.assigned(matter)
    return matter


async def printed(court: Court, name: str, matter: str, paper: int, **entries: str) -> str:
    letter = order(paper, matter, entries=entries)
    [made] = (await make(court, name, letter, request_id=f"{paper}")).made
    return text_of(await content(court, matter, made.document))


async def test_the_letter_says_what_goes_over_and_why(pair: Pair) -> None:
    text = await printed(pair.sender, "judge", await drafted(pair), LETTER)
    for wanted in (
        "委托执行函",
        "本地无可供执行财产",
        "已执行到位2,000.00元，委托执行的余额为8,000.00元",
        "演示住房一套",
        "轮候第1位",
        "（2026）苏0505执1号之一",
        "其顺位不变",
        "申请执行书",
    ):
        assert wanted in text, wanted


async def test_the_filing_notice_tells_sender_and_applicant_case_and_officer(pair: Pair) -> None:
    matter = await delegated(pair)
    told = await refusal(make(pair.receiver, "field", order(NOTICE, matter)))
    assert told.fields == ["letter.entries.new_case_number", "letter.entries.filed_on"]
    entries = {"new_case_number": NEW_CASE, "filed_on": "2026年1月5日", "case_officer": "测试丙"}
    text = await printed(pair.receiver, "field", matter, NOTICE, **entries)
    for wanted in (
        f"本院已于2026年1月5日立案执行，案号为{NEW_CASE}，申请执行标的为原案未执行到位的8,000.00元",
        "、测试丁：",
        "本案承办人：测试丙，联系电话：0512-00000000",
    ):
        assert wanted in text, wanted


async def test_the_return_names_the_approval_that_was_recorded(pair: Pair) -> None:
    matter = await delegated(pair)
    today = str(to_date(pair.clock.now))
    paper = pb.DatedDocument(number="苏高法执〔2026〕12号", dated_on=today)
    receiver = pair.receiver
    stub, stated = receiver.as_("director").delegations, {"instruction_id": matter}
    application = await receiver.has_document(matter, "审批表", PaperType.CASE_RETURN_APPLICATION)
    await stub.ApplyForReturn(
        pb.ApplyForReturnRequest(
            request_id="1",
            reason="NO_PROPERTY",
            text="无财产",
            application=paper,
            documents=[application],
            **stated,
        )
    )
    opinion = await receiver.has_document(matter, "审批意见", PaperType.HIGH_COURT_OPINION)
    await stub.RecordReturnDecision(
        pb.RecordReturnDecisionRequest(
            request_id="2", permitted=True, decision=paper, documents=[opinion], **stated
        )
    )
    text = await printed(receiver, "field", matter, RETURN, reason="本辖区没有可供执行的财产")
    for wanted in (f"苏高法执〔2026〕12号，{today}", "退回原因：本辖区没有可供执行的财产", "第九条"):
        assert wanted in text, wanted
    assert "销案处理" not in text
