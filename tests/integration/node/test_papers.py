"""Papers at a court's desk: what is missing, letters about matters and cases, templates, seals."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import grpc
import pypdf
import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Court, Pair, a_case, an_order, new_id, open_pair
from tests.unit.papers.letters import a_pdf
from tests.unit.papers.seal_authority import NOW_MS, Authority

from xiezhi.v1 import (
    case_service_pb2,
    document_pb2,
    document_service_pb2,
    document_service_pb2_grpc,
    find_service_pb2,
    instruction_service_pb2,
    item_pb2,
    paper_service_pb2_grpc,
)
from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.examination import WorkshopExaminer
from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.documents.service import DocumentService
from xiezhi_node.document_access import NodeDocumentAccess
from xiezhi_node.papers.letters import Letters
from xiezhi_node.papers.sealing import Sealing
from xiezhi_node.papers.service import PaperService
from xiezhi_node.papers.trial import TemplateTrial
from xiezhi_papers.seals.pades import seal_pdf
from xiezhi_papers.seals.provider import FileSeal
from xiezhi_papers.seals.seals import SealJob
from xiezhi_papers.workshop import Workshop

RETURN = document_pb2.PAPER_TYPE_RETURN_LETTER
STOP = document_pb2.PAPER_TYPE_STOP_LETTER
ENTRUSTMENT = document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER
NOTICE = document_pb2.PAPER_TYPE_PERFORMANCE_NOTICE
WORDING = pb.TEMPLATE_FORMAT_WORDING
ACCOUNT = {"account_name": "测试法院", "account_bank": "测试银行", "account_number": "0000"}


class House:
    """What the two courts have for papers."""

    def __init__(self, folder: Path, workshop: Workshop) -> None:
        self.folder, self.workshop = folder, workshop
        self.authority = Authority.made(folder)
        self.key: Path | None = self.authority.seal(folder, "测试法院")

    def add_services(self, court: Court, server: grpc.aio.Server) -> None:
        journal, seat = court.node.journal, court.node.seat
        examiner = WorkshopExaminer(self.workshop, self.authority.trust_file, lambda: NOW_MS)
        documents = Documents(journal, FileStorage(self.folder / court.code, reserve=0), examiner=examiner)
        service = PaperService(
            journal,
            seat,
            Letters(journal, seat, documents, self.workshop, None),
            TemplateTrial(self.workshop, None),
            Sealing(journal, seat, documents, examiner, FileSeal(self.workshop, self.key, None)),
        )
        paper_service_pb2_grpc.add_PaperServiceServicer_to_server(service, server)
        access = NodeDocumentAccess(journal, seat)
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server(
            DocumentService(journal, documents, access), server
        )


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Pair]:
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    house = House(tmp_path, workshop)
    async with open_pair(urls, more=house.add_services) as pair:
        yield pair


def papers(court: Court, name: str) -> paper_service_pb2_grpc.PaperServiceStub:
    return court.stub(paper_service_pb2_grpc.PaperServiceStub, name)


def documents(court: Court, name: str) -> document_service_pb2_grpc.DocumentServiceStub:
    return court.stub(document_service_pb2_grpc.DocumentServiceStub, name)


def order(paper_type: int, matter: str = "", **changes: object) -> pb.LetterOrder:
    return pb.LetterOrder(paper_type=paper_type, instruction_id=matter, **changes)


async def make(
    court: Court, name: str, letter: pb.LetterOrder, request_id: str = "m"
) -> pb.MakeLetterResponse:
    request = pb.MakeLetterRequest(request_id=request_id, letter=letter, purpose="办案")
    return await papers(court, name).MakeLetter(request)


async def put_case(court: Court, **changes: object) -> None:
    request = case_service_pb2.PutCaseRequest(request_id="case", case_file=a_case(**changes))
    await court.as_("judge").cases.PutCase(request)


async def draft(pair: Pair, *named: document_pb2.Document, **changes: object) -> str:
    await put_case(pair.sender)
    request = find_service_pb2.DraftFindRequest(
        request_id=new_id(pair.clock),
        instruction_id=new_id(pair.clock),
        order=an_order(*named, **changes),
    )
    return (await pair.sender.as_("judge").finds.DraftFind(request)).receipt.instruction_id


async def content(court: Court, matter: str, document: document_pb2.Document) -> bytes:
    request = document_service_pb2.DownloadDocumentRequest(instruction_id=matter, sha256=document.sha256)
    return b"".join([piece.data async for piece in documents(court, "director").DownloadDocument(request)])


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def looks(court: Court) -> list[tuple[str, str, str, bool]]:
    rows = court.node.journal.read_now(lambda connection: read_accesses(connection, AccessFilter(), limit=20))
    return [(look.account, look.method, look.object, look.unmasked) for _, look in rows]


async def test_a_draft_gets_its_letter_and_can_be_sent_with_it(pair: Pair) -> None:
    sender = pair.sender
    matter = await draft(pair)
    lacking = await papers(sender, "judge").ListMissingPapers(
        pb.ListMissingPapersRequest(instruction_id=matter)
    )
    missing = [paper.paper_type for act in lacking.acts for paper in act.missing]
    assert ENTRUSTMENT in missing
    [made] = (await make(sender, "judge", order(ENTRUSTMENT, matter))).made
    assert (made.name, made.document.media_type) == ("委托函.pdf", "application/pdf")
    assert made.document.pages >= 1
    assert made.document.seal_state == document_pb2.SEAL_STATE_NONE
    text = text_of(await content(sender, matter, made.document))
    for wanted in (
        CASE,
        "测试甲",
        "320500189901010016",
        "请协助查找被执行人下落",
        "常在平江路一带",
        "测试judge",
    ):
        assert wanted in text
    request = find_service_pb2.DraftFindRequest(
        request_id="again", instruction_id=matter, order=an_order(made.document)
    )
    answer = await sender.as_("judge").finds.DraftFind(request)
    assert ENTRUSTMENT not in [paper.paper_type for paper in answer.missing_papers]
    assert (f"{sender.code}-judge", "MakeLetter", matter, True) in looks(sender)


async def test_papers_are_asked_for_act_by_act(pair: Pair) -> None:
    items = [
        item_pb2.Item(number=1, act=item_pb2.ACT_LOCATE_PERSON, subject_number=1, scope="查找"),
        item_pb2.Item(number=2, act=item_pb2.ACT_SITE_CHECK, subject_number=1, scope="勘查"),
    ]
    await put_case(pair.sender)
    wanted = an_order(items=0)
    wanted.items.extend(items)
    request = find_service_pb2.DraftFindRequest(
        request_id="d", instruction_id=new_id(pair.clock), order=wanted
    )
    matter = (await pair.sender.as_("judge").finds.DraftFind(request)).receipt.instruction_id
    query = pb.ListMissingPapersRequest(instruction_id=matter)
    answer = await papers(pair.sender, "judge").ListMissingPapers(query)
    assert [act.act for act in answer.acts] == [0, item_pb2.ACT_LOCATE_PERSON, item_pb2.ACT_SITE_CHECK]
    query.instruction_id = new_id(pair.clock)
    assert (
        await refusal(papers(pair.sender, "judge").ListMissingPapers(query))
    ).reason == "UNKNOWN_INSTRUCTION"


async def test_the_receiver_answers_with_letters_of_its_own(pair: Pair) -> None:
    matter = await pair.issued()
    await pair.assigned(matter)
    letter = order(
        RETURN,
        matter,
        entries={"reason": "非本院辖区", "communication": "已电话沟通"},
        formats=[pb.LETTER_FORMAT_PDF, pb.LETTER_FORMAT_DOCX],
    )
    pdf, word = (await make(pair.receiver, "field", letter)).made
    names = [made.document.name for made in (pdf, word)]
    assert names == ["退回函.pdf", "退回函.docx"]
    file = io.BytesIO(await content(pair.receiver, matter, word.document))
    paragraphs = [paragraph.text for paragraph in docx.Document(file).paragraphs]
    assert "退回原因：非本院辖区" in paragraphs
    # It is written to the other court.
    seat = pair.receiver.node.seat
    assert f"{seat.courts.get(pair.sender.code).name}：" in paragraphs
    assert "退回原因：非本院辖区" in text_of(await content(pair.receiver, matter, pdf.document))


async def test_the_same_request_makes_one_letter(pair: Pair) -> None:
    matter = await draft(pair)
    first = await make(pair.sender, "judge", order(ENTRUSTMENT, matter))
    pair.clock.now += 3_600_000
    assert await make(pair.sender, "judge", order(ENTRUSTMENT, matter)) == first


@pytest.mark.parametrize(
    ("letter", "fields"),
    [
        (order(STOP, entries={"colour": "红"}), ["letter.entries.colour", "letter.entries.reason"]),
        (order(STOP, entries={"reason": " "}), ["letter.entries.reason"]),
        (order(STOP, entries={"reason": "字" * 5_000}), ["letter.entries.reason"]),
        (order(STOP, entries={"reason": "撤销", "case_number": "x"}), ["letter.entries.case_number"]),
        (order(STOP, formats=[99]), ["letter.formats"]),
        (order(document_pb2.PAPER_TYPE_RULING), ["letter.paper_type"]),
        (order(0), ["letter.paper_type"]),
        (order(NOTICE, case_number="x"), ["letter.case_number"]),
        (order(NOTICE, case_number=CASE, subject_number=3), ["letter.subject_number"]),
    ],
)
async def test_every_wrong_field_is_told(pair: Pair, letter: pb.LetterOrder, fields: list[str]) -> None:
    letter.instruction_id = await draft(pair)
    assert (await refusal(make(pair.sender, "judge", letter))).fields == fields


async def test_only_those_who_work_on_it_make_letters(pair: Pair) -> None:
    matter = await draft(pair)
    letter = order(STOP, matter, entries={"reason": "撤销"})
    assert (await refusal(make(pair.sender, "other_judge", letter))).reason == "UNKNOWN_INSTRUCTION"
    assert (await refusal(make(pair.sender, "chief", letter))).reason == "FORBIDDEN"
    about_case = order(NOTICE, case_number=CASE, entries=ACCOUNT)
    assert (await refusal(make(pair.sender, "other_judge", about_case))).reason == "FORBIDDEN"
    assert "MakeLetter" not in [method for _, method, _, _ in looks(pair.sender)]


async def test_the_papers_at_filing_come_in_a_batch_that_goes_on(pair: Pair) -> None:
    await put_case(pair.sender)
    four = [
        NOTICE,
        *(
            document_pb2.PaperType.Value(f"PAPER_TYPE_{name}")
            for name in ("PROPERTY_REPORT_ORDER", "PROPERTY_DECLARATION", "CONSUMPTION_RESTRICTION")
        ),
    ]
    entries = {NOTICE: ACCOUNT, four[1]: {"deadline": "十五日"}}
    rows = [
        pb.LetterRow(
            row=f"{at}-{subject}",
            letter=order(paper, case_number=CASE, subject_number=subject, entries=entries.get(paper, {})),
        )
        for at, paper in enumerate(four)
        for subject in (1, 2)
    ]
    rows.insert(
        1, pb.LetterRow(row="坏行", letter=order(NOTICE, case_number="（2026）苏0505执9号", entries=ACCOUNT))
    )
    request = pb.MakeLettersRequest(request_id="b", rows=rows, purpose="立案")
    answers = [answer async for answer in papers(pair.sender, "judge").MakeLetters(request)]
    assert [answer.done for answer in answers] == list(range(1, 10))
    assert {answer.total for answer in answers} == {9}
    by_row = {answer.row: answer for answer in answers}
    assert by_row.pop("坏行").reason == "UNKNOWN_CASE"
    assert all(len(answer.made) == 1 and not answer.reason for answer in by_row.values())
    notice = by_row["0-2"].made[0]
    assert notice.name == "执行通知书（测试乙有限公司）.pdf"
    assert "测试乙有限公司：" in text_of(notice.content)
    assert "房屋" in text_of(by_row["2-1"].made[0].content)
    assert [look for look in looks(pair.sender) if look[1] == "MakeLetters"] == [
        (f"{pair.sender.code}-judge", "MakeLetters", CASE, True)
    ] * 8


@pytest.mark.parametrize(
    ("request_id", "rows", "field"),
    [("b", [], "rows"), ("b", ["1", "1"], "rows"), ("", ["1"], "request_id"), ("b", [""], "request_id")],
)
async def test_a_batch_that_is_none(pair: Pair, request_id: str, rows: list[str], field: str) -> None:
    request = pb.MakeLettersRequest(request_id=request_id, rows=[pb.LetterRow(row=row) for row in rows])

    async def answers() -> list[pb.MakeLettersResponse]:
        return [answer async for answer in papers(pair.sender, "judge").MakeLetters(request)]

    assert (await refusal(answers())).fields == [field]


async def test_a_court_has_its_own_words(pair: Pair) -> None:
    matter = await draft(pair)
    director, judge = papers(pair.sender, "director"), papers(pair.sender, "judge")
    put = pb.PutTemplateRequest(
        request_id="t1", paper_type=STOP, format=WORDING, content='paragraphs = ["自拟{{ reason }}"]'.encode()
    )
    template = (await director.PutTemplate(put)).template
    assert (template.own, template.put_by) == (True, "测试director")
    [listed] = (await judge.ListTemplates(pb.ListTemplatesRequest())).templates
    assert listed == template
    letter = order(STOP, matter, entries={"reason": "撤销"})
    [made] = (await make(pair.sender, "judge", letter)).made
    assert "自拟撤销" in text_of(await content(pair.sender, matter, made.document))
    back = await director.PutTemplate(pb.PutTemplateRequest(request_id="t2", paper_type=STOP, format=WORDING))
    assert not back.template.own
    get = pb.GetTemplateRequest(paper_type=STOP, format=WORDING)
    assert "停止办理" in (await judge.GetTemplate(get)).content.decode()
    assert not (await judge.ListTemplates(pb.ListTemplatesRequest())).templates


async def test_a_template_is_tried_before_it_is_used(pair: Pair) -> None:
    director = papers(pair.sender, "director")
    put = pb.PutTemplateRequest(
        request_id="t", paper_type=STOP, format=WORDING, content=b'paragraphs = ["{{ colour }}"]'
    )
    told = await refusal(director.PutTemplate(put))
    assert told.fields == ["content"]
    assert "colour" in told.message
    put.ClearField("format")
    assert (await refusal(director.PutTemplate(put))).fields == ["format"]
    put.format = WORDING
    assert (await refusal(papers(pair.sender, "judge").PutTemplate(put))).reason == "WRONG_ROLE"
    assert not (await director.ListTemplates(pb.ListTemplatesRequest())).templates


async def test_what_can_be_made_is_told(pair: Pair) -> None:
    letters = (await papers(pair.sender, "judge").ListLetters(pb.ListLettersRequest())).letters
    stop = next(letter for letter in letters if letter.paper_type == STOP)
    assert [field.name for field in stop.fields if field.required] == ["reason"]
    assert sum(letter.about_case for letter in letters) == 4


async def test_a_letter_is_sealed_and_its_seal_checked(pair: Pair) -> None:
    matter = await draft(pair)
    [made] = (await make(pair.sender, "judge", order(ENTRUSTMENT, matter))).made
    seal = pb.SealDocumentRequest(request_id="s", instruction_id=matter, sha256=made.document.sha256)
    assert (await refusal(papers(pair.sender, "judge").SealDocument(seal))).reason == "WRONG_ROLE"
    sealed = (await papers(pair.sender, "centre").SealDocument(seal)).document
    assert (sealed.name, sealed.seal_state) == ("委托函（已签章）.pdf", document_pb2.SEAL_STATE_VALID)
    assert (await papers(pair.sender, "centre").SealDocument(seal)).document == sealed
    check = pb.CheckSealRequest(instruction_id=matter, sha256=sealed.sha256)
    checked = await papers(pair.sender, "judge").CheckSeal(check)
    assert checked.state == document_pb2.SEAL_STATE_VALID
    assert [found.signer for found in checked.seals] == ["测试法院"]
    shown = await pair.sender.as_("judge").matters.GetInstruction(
        instruction_service_pb2.GetInstructionRequest(instruction_id=matter)
    )
    assert {each.name: each.seal_state for each in shown.instruction.documents} == {
        "委托函.pdf": document_pb2.SEAL_STATE_NONE,
        "委托函（已签章）.pdf": document_pb2.SEAL_STATE_VALID,
    }
    check.sha256 = bytes(32)
    assert (await refusal(papers(pair.sender, "judge").CheckSeal(check))).reason == "UNKNOWN_DOCUMENT"


async def test_what_is_no_pdf_is_sealed_elsewhere(pair: Pair) -> None:
    matter = await draft(pair)
    letter = order(ENTRUSTMENT, matter, formats=[pb.LETTER_FORMAT_DOCX])
    [made] = (await make(pair.sender, "judge", letter)).made
    seal = pb.SealDocumentRequest(request_id="s", instruction_id=matter, sha256=made.document.sha256)
    told = await refusal(papers(pair.sender, "centre").SealDocument(seal))
    assert told.reason == "DOCUMENT_TYPE_REFUSED"


async def test_many_letters_wait_for_their_turn(pair: Pair) -> None:
    matter = await draft(pair)
    letters = [
        make(pair.sender, "judge", order(STOP, matter, entries={"reason": f"事由{at}"}), f"m{at}")
        for at in range(40)
    ]
    assert len({made.made[0].document.sha256 for made in await asyncio.gather(*letters)}) == 40


async def upload(court: Court, matter: str, name: str, data: bytes) -> document_pb2.Document:
    named = document_pb2.Document(
        sha256=hashlib.sha256(data).digest(), name=name, size=len(data), paper_type=ENTRUSTMENT
    )
    stub = documents(court, "judge")
    place = await stub.StartUpload(
        document_service_pb2.StartUploadRequest(instruction_id=matter, document=named)
    )
    piece = document_service_pb2.UploadDocumentRequest(upload_id=place.upload_id, data=data)
    return (await stub.UploadDocument(iter([piece]))).document


def ofd() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("OFD.xml", "<OFD/>")
    return file.getvalue()


async def test_papers_sealed_elsewhere_are_always_taken(pair: Pair, tmp_path: Path) -> None:
    matter = new_id(pair.clock)
    stranger = Authority.made(tmp_path, "无人认识的机构")
    job = SealJob(a_pdf(), "委托函", str(stranger.seal(tmp_path, "某单位")), "")
    sealed = await asyncio.to_thread(seal_pdf, job)
    outside = await upload(pair.sender, matter, "委托函.pdf", sealed)
    assert outside.seal_state == document_pb2.SEAL_STATE_UNKNOWN_SIGNER
    unchecked = await upload(pair.sender, matter, "委托函.ofd", ofd())
    assert unchecked.seal_state == document_pb2.SEAL_STATE_UNCHECKED


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("委托函.pdf", b"%PDF-1.7 broken", "DOCUMENT_BROKEN"),
        ("委托函.pdf", ofd(), "DOCUMENT_TYPE_REFUSED"),
        ("委托函.docx", b"text", "DOCUMENT_TYPE_REFUSED"),
    ],
)
async def test_what_the_other_court_could_not_open_is_refused(
    pair: Pair, name: str, data: bytes, reason: str
) -> None:
    matter = new_id(pair.clock)
    assert (await refusal(upload(pair.sender, matter, name, data))).reason == reason
    # Nothing of it is left in the way of a better one.
    assert (await upload(pair.sender, matter, "委托函.pdf", a_pdf())).pages >= 1
