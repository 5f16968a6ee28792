"""Delegations of the tests: a freeze of an account, the seal of a house, service of papers, an investigation."""

from typing import Any

from tests.integration.journal.scene import RECEIVER
from tests.integration.node.pair import CASE, Pair, a_case, new_id

from xiezhi.v1 import (
    case_service_pb2,
    court_pb2,
    document_pb2,
    instruction_service_pb2,
    item_pb2,
    property_pb2,
)
from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_domain.terms import PaperType

BANK = item_pb2.AssistingBody(
    name="演示银行", branch="演示支行", category="银行", address="演示路二号", phone="0512-00000001"
)
REGISTRY = item_pb2.AssistingBody(
    name="演示不动产登记中心", category="登记机关", address="演示路三号", phone="0512-00000002"
)
ACCOUNT = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_BANK_DEPOSIT,
    description="活期存款",
    deposit=property_pb2.Deposit(
        bank="演示银行", branch="演示支行", account="6200000000000000000", currency="CNY"
    ),
)
HOUSE = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_HOUSE,
    description="演示新村九幢房屋",
    immovable=property_pb2.Immovable(certificate="演示权证1号", location="演示新村九幢"),
)
OFFICERS = [court_pb2.Officer(name="测试field"), court_pb2.Officer(name="测试other_field")]
FREEZE_PAPERS = (
    PaperType.ENTRUSTMENT_LETTER,
    PaperType.RULING,
    PaperType.FREEZE_NOTICE,
    PaperType.WORK_CARD,
    PaperType.ENFORCEMENT_CARD,
)
SEAL_PAPERS = (*FREEZE_PAPERS[:2], PaperType.ENFORCEMENT_NOTICE, *FREEZE_PAPERS[3:])


def freeze(fen: int, **changes: Any) -> item_pb2.Item:
    fields = {
        "act": item_pb2.ACT_FREEZE,
        "subject_number": 1,
        "property": ACCOUNT,
        "scope": f"冻结账户内存款 {fen // 100} 元",
        "assisting_body": BANK,
        "amount_fen": fen,
        "expires_on": "2026-12-31",
    }
    return item_pb2.Item(**(fields | changes))


def seal_house(fen: int, **changes: Any) -> item_pb2.Item:
    fields = {
        "act": item_pb2.ACT_SEAL_PROPERTY,
        "subject_number": 1,
        "property": HOUSE,
        "scope": "查封房屋一套",
        "assisting_body": REGISTRY,
        "amount_fen": fen,
        "expires_on": "2028-12-31",
    }
    return item_pb2.Item(**(fields | changes))


def delegation(*items: item_pb2.Item, kind: str = "ENTRUST_DEPOSIT", **changes: Any) -> pb.DelegationOrder:
    fields = {
        "kind": kind,
        "case_number": CASE,
        "receiver": RECEIVER,
        "subject_numbers": [1],
        "items": items,
        "request_text": "请协助办理",
    }
    return pb.DelegationOrder(**(fields | changes))


def obtained(number: int, fen: int, **changes: Any) -> item_pb2.ItemOutcome:
    """A freeze or seal that was done on 2 January 2026."""
    fields = {
        "number": number,
        "outcome": item_pb2.OUTCOME_DONE,
        "done_at": {"seconds": 1_767_312_000},
        "officers": OFFICERS,
        "amount_obtained_fen": fen,
        "rank_obtained": "首封",
        "starts_on": "2026-01-02",
        "expires_on": "2026-12-31",
    }
    return item_pb2.ItemOutcome(**(fields | changes))


async def put_case(pair: Pair, **changes: Any) -> None:
    request = case_service_pb2.PutCaseRequest(request_id=new_id(pair.clock), case_file=a_case(**changes))
    await pair.sender.as_("judge").cases.PutCase(request)


async def with_papers(
    pair: Pair, identifier: str, papers: tuple[PaperType, ...]
) -> list[document_pb2.Document]:
    return [await pair.sender.has_document(identifier, f"{paper}{identifier}", paper) for paper in papers]


async def draft(
    pair: Pair, order: pb.DelegationOrder, papers: tuple[PaperType, ...] = (), identifier: str = ""
) -> pb.DraftDelegationResponse:
    identifier = identifier or new_id(pair.clock)
    order.documents.extend(await with_papers(pair, identifier, papers))
    request = pb.DraftDelegationRequest(request_id=new_id(pair.clock), instruction_id=identifier, order=order)
    return await pair.sender.as_("judge").delegations.DraftDelegation(request)


async def issued(pair: Pair, order: pb.DelegationOrder, papers: tuple[PaperType, ...]) -> str:
    """A matter that was drafted, approved, sent, and assigned at the receiver; returns its id."""
    answer = await draft(pair, order, papers)
    identifier = answer.receipt.instruction_id
    await pair.send(identifier)
    await pair.assigned(identifier)
    pair.clock.now += 2 * 86_400_000
    return identifier


async def complete(pair: Pair, identifier: str, *outcomes: item_pb2.ItemOutcome) -> None:
    receipt = await pair.receiver.has_document(
        identifier, f"回执{identifier}", PaperType.ASSISTING_BODY_RECEIPT
    )
    request = pb.CompleteDelegationRequest(
        request_id=new_id(pair.clock),
        instruction_id=identifier,
        outcomes=outcomes,
        text="已办理",
        documents=[receipt],
    )
    await pair.receiver.as_("field").delegations.CompleteDelegation(request)
    await pair.exchange()


async def confirm(pair: Pair, identifier: str) -> None:
    request = instruction_service_pb2.ConfirmInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=identifier
    )
    await pair.sender.as_("judge").matters.ConfirmInstruction(request)
    await pair.exchange()


async def sums(pair: Pair, bundle: str = "") -> pb.CaseSums:
    request = pb.GetSumsRequest(case_number=CASE, bundle_id=bundle)
    return (await pair.sender.as_("judge").delegations.GetSums(request)).sums
