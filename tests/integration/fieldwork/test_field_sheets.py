"""One round of visits for many matters: grouped, printed, reported, split back once."""

import io
from typing import Any

import openpyxl
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, a_case, an_order, new_id

from xiezhi.v1 import (
    case_service_pb2,
    court_pb2,
    field_service_pb2_grpc,
    find_service_pb2,
    instruction_service_pb2,
    item_pb2,
    ledger_service_pb2,
    property_pb2,
)
from xiezhi.v1 import field_service_pb2 as pb
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_domain.terms import PaperType

DAY = "2026-03-02"
OFFICERS = [court_pb2.Officer(name="测试field"), court_pb2.Officer(name="测试other_field")]
ADDRESSES = (
    "苏州市姑苏区平江街道演示路12号",
    "苏州市虎丘区枫桥街道演示巷3号",
    "苏州市姑苏区平江街道演示路2号",
)


def stub(pair: Pair, name: str = "field") -> field_service_pb2_grpc.FieldServiceStub:
    return pair.receiver.stub(field_service_pb2_grpc.FieldServiceStub, name)


async def visit_matter(pair: Pair, *addresses: str) -> str:
    """A matter with a site check at each address, worked on at the receiver."""
    identifier = new_id(pair.clock)
    request = case_service_pb2.PutCaseRequest(request_id=new_id(pair.clock), case_file=a_case())
    await pair.sender.as_("judge").cases.PutCase(request)
    items = [
        item_pb2.Item(
            number=number,
            act=item_pb2.ACT_SITE_CHECK,
            subject_number=1,
            scope=f"勘查{number}",
            clue="常在此处",
            property=property_pb2.Property(
                category=property_pb2.PROPERTY_CATEGORY_HOUSE, description="房屋", place=address
            ),
        )
        for number, address in enumerate(addresses, 1)
    ]
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    order = an_order(document, items=0)
    order.items.extend(items)
    draft = find_service_pb2.DraftFindRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, order=order
    )
    answer = await pair.sender.as_("judge").finds.DraftFind(draft)
    assert not answer.missing_papers
    await pair.send(identifier)
    await pair.assigned(identifier)
    return identifier


async def make(pair: Pair, **changes: Any) -> pb.FieldSheet:
    fields = {"request_id": new_id(pair.clock), "day": DAY, "officers": OFFICERS}
    return (await stub(pair).MakeFieldSheet(pb.MakeFieldSheetRequest(**(fields | changes)))).sheet


def done(number: int, **changes: Any) -> item_pb2.ItemOutcome:
    fields = {
        "number": number,
        "outcome": item_pb2.OUTCOME_DONE,
        "done_at": {"seconds": 1_767_200_000},
        "officers": OFFICERS,
        "note": "已现场勘查",
    }
    return item_pb2.ItemOutcome(**(fields | changes))


async def test_items_of_many_matters_are_grouped_by_area_in_order_of_visit(pair: Pair) -> None:
    first = await visit_matter(pair, *ADDRESSES[:2])
    second = await visit_matter(pair, ADDRESSES[2])
    waiting = (await stub(pair).ListFieldItems(pb.ListFieldItemsRequest())).visits
    assert [(visit.instruction_id, visit.item_number) for visit in waiting] == [
        (second, 1),
        (first, 1),
        (first, 2),
    ]
    assert [visit.area for visit in waiting] == ["姑苏区平江街道", "姑苏区平江街道", "虎丘区枫桥街道"]
    narrowed = await stub(pair).ListFieldItems(pb.ListFieldItemsRequest(area="虎丘"))
    assert [visit.item_number for visit in narrowed.visits] == [2]
    assert not (await stub(pair, "other_field").ListFieldItems(pb.ListFieldItemsRequest())).visits
    sheet = await make(pair)
    assert [visit.order for visit in sheet.visits] == [1, 2, 3]
    assert not (await stub(pair).ListFieldItems(pb.ListFieldItemsRequest())).visits
    told = await refusal(make(pair, items=[pb.FieldItem(instruction_id=second, item_number=1)]))
    assert told.reason == "WRONG_STATE"
    assert DAY in told.message


async def test_the_sheet_is_printed_with_every_visit_and_recorded(pair: Pair) -> None:
    await visit_matter(pair, *ADDRESSES)
    sheet = await make(pair, request_id="make", note="九点出发")
    assert (await make(pair, request_id="make", note="九点出发")).sheet_id == sheet.sheet_id
    xlsx = await export(pair, sheet.sheet_id, ledger_service_pb2.SHEET_FORMAT_XLSX)
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx)).active.values)
    text = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    assert all(address in text for address in ADDRESSES)
    assert "九点出发" in text
    pdf = await export(pair, sheet.sheet_id, ledger_service_pb2.SHEET_FORMAT_PDF)
    assert pdf.startswith(b"%PDF-")
    looks = pair.receiver.node.journal.read_now(
        lambda connection: read_accesses(connection, AccessFilter(object=sheet.sheet_id), limit=10)
    )
    assert [look.method for _, look in looks] == ["ExportFieldSheet", "ExportFieldSheet"]


async def test_results_go_back_to_their_matters_once(pair: Pair) -> None:
    first = await visit_matter(pair, *ADDRESSES[:2])
    second = await visit_matter(pair, ADDRESSES[2])
    sheet = await make(pair)
    record = await pair.receiver.has_document(first, "现场笔录", PaperType.SITE_RECORD)
    other = await pair.receiver.has_document(first, "另一笔录", PaperType.SITE_RECORD)
    reports = [
        pb.FieldReport(
            instruction_id=first,
            outcomes=[done(1, document_sha256s=[other.sha256]), done(2)],
            text="已到场",
        ),
        pb.FieldReport(instruction_id=second, outcomes=[done(1)], text="已到场", documents=[record]),
    ]
    request = pb.ReportFieldSheetRequest(request_id="report", sheet_id=sheet.sheet_id, reports=reports)
    told = await stub(pair).ReportFieldSheet(request)
    assert [result.reason for result in told.results] == ["", ""], told
    assert (told.sheet.open, told.sheet.reported_count) == (False, 3)
    again = await stub(pair).ReportFieldSheet(request)
    assert [result.receipt.event_id for result in again.results] == [
        result.receipt.event_id for result in told.results
    ]
    request.request_id = "another"
    refused = await stub(pair).ReportFieldSheet(request)
    assert [result.reason for result in refused.results] == ["WRONG_STATE", "WRONG_STATE"]
    await pair.exchange()
    seen = {identifier: await sent(pair, identifier) for identifier in (first, second)}
    assert [outcome.number for outcome in seen[first].outcomes] == [1, 2]
    hashes = {identifier: {each.sha256 for each in matter.documents} for identifier, matter in seen.items()}
    assert record.sha256 in hashes[second]
    assert record.sha256 not in hashes[first]
    assert other.sha256 in hashes[first]
    assert other.sha256 not in hashes[second]


async def test_a_matter_that_refuses_does_not_hold_up_the_others(pair: Pair) -> None:
    first = await visit_matter(pair, ADDRESSES[0])
    second = await visit_matter(pair, ADDRESSES[1])
    sheet = await make(pair)
    reports = [
        pb.FieldReport(instruction_id=first, outcomes=[done(7)], text="已到场"),
        pb.FieldReport(instruction_id=second, outcomes=[done(1)], text="已到场"),
    ]
    request = pb.ReportFieldSheetRequest(request_id="report", sheet_id=sheet.sheet_id, reports=reports)
    told = await stub(pair).ReportFieldSheet(request)
    assert [result.reason for result in told.results] == ["WRONG_STATE", ""]
    assert (told.sheet.open, told.sheet.reported_count) == (True, 1)
    closed = await stub(pair).CloseFieldSheet(
        pb.CloseFieldSheetRequest(request_id="close", sheet_id=sheet.sheet_id)
    )
    assert not closed.sheet.open
    [waiting] = (await stub(pair).ListFieldItems(pb.ListFieldItemsRequest())).visits
    assert waiting.instruction_id == first
    listed = await stub(pair).ListFieldSheets(pb.ListFieldSheetsRequest(open_only=True))
    assert not listed.sheets


async def test_nobody_goes_alone_nor_yesterday_nor_for_others(pair: Pair) -> None:
    identifier = await visit_matter(pair, ADDRESSES[0])
    assert (await refusal(make(pair, officers=OFFICERS[:1]))).reason == "INVALID_FIELD"
    assert (await refusal(make(pair, day="2025-12-31"))).reason == "INVALID_FIELD"
    wanted = pb.MakeFieldSheetRequest(
        request_id="x",
        day=DAY,
        officers=OFFICERS,
        items=[pb.FieldItem(instruction_id=identifier, item_number=1)],
    )
    told = await refusal(stub(pair, "other_field").MakeFieldSheet(wanted))
    assert told.reason == "UNKNOWN_INSTRUCTION"
    sheet = await make(pair)
    asked = pb.GetFieldSheetRequest(sheet_id=sheet.sheet_id)
    assert (await refusal(stub(pair, "other_field").GetFieldSheet(asked))).reason == "UNKNOWN_SHEET"


async def export(pair: Pair, sheet_id: str, sheet_format: Any) -> bytes:
    request = pb.ExportFieldSheetRequest(sheet_id=sheet_id, format=sheet_format, purpose="外勤")
    return b"".join([piece.data async for piece in stub(pair).ExportFieldSheet(request)])


async def sent(pair: Pair, identifier: str) -> Any:
    request = instruction_service_pb2.GetInstructionRequest(instruction_id=identifier)
    return (await pair.sender.as_("judge").matters.GetInstruction(request)).instruction
