"""Services of the fake node that are nothing but steps: each is an event of a matter whose text says what arrived.

What a service answers beside the receipt is canned here, so that a test sees what the command makes of it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from tests.integration.client.fake_node import FakeNode, Matter
from tests.integration.client.fake_remedies import arrived
from tests.integration.client.fake_services import Service, unary

from xiezhi.v1 import (
    coordination_service_pb2,
    coordination_service_pb2_grpc,
    delegation_service_pb2,
    delegation_service_pb2_grpc,
    disposal_decision_service_pb2,
    disposal_decision_service_pb2_grpc,
    distribution_service_pb2,
    distribution_service_pb2_grpc,
    find_service_pb2,
    handover_service_pb2,
    handover_service_pb2_grpc,
    order_service_pb2,
    order_service_pb2_grpc,
    ordered_service_pb2,
    ordered_service_pb2_grpc,
    request_desk_service_pb2,
    request_desk_service_pb2_grpc,
    superior_service_pb2,
    superior_service_pb2_grpc,
)
from xiezhi_domain.errors import NotFound, Reason

PLAN: Final = {
    "number": 1,
    "debtor_name": "测试甲",
    "property": "演示住房一套的变价款",
    "total_fen": 12_000,
    "costs_fen": 2_000,
    "mode": "PRO_RATA",
    "claims": [{"number": 1, "creditor": "测试乙", "amount_fen": 20_000, "share_fen": 10_000}],
}
ORDER: Final = {"kind": "ORDER_INSTRUCT", "subject": "关于演示案件的决定", "requirement": "限期执行"}
DRAFT: Final = {"draft_id": "draft-1", "author": "范督办", "order": ORDER, "lacking": ["尚缺执行裁定书"]}
SEIZURE: Final = {
    "number": 1,
    "court": "苏0508",
    "seized_on": "2026-01-05",
    "case_number": "（2026）苏0508执1号",
}
RECORD: Final = {
    "register": [{"seizure": SEIZURE, "rank": 1, "expires_on": "2029-01-04"}],
    "arrival": {"event_id": "event-1", "log_index": 8, "answer_until": "2026-02-01"},
    "proceeds": {"disposed_fen": 10_000, "costs_fen": 100, "reserved_fen": 9_900},
}
Canned = Callable[[Matter], Mapping[str, Any]]


def _at_court(matter: Matter) -> Mapping[str, Any]:
    return {"order": {"order": ORDER, "courts": [{"summary": matter.summary}], "unfinished": ["尚未立案"]}}


CANNED: Final[Mapping[str, Canned]] = {
    "DraftCaseDelegation": lambda _: {"balance_fen": 800_000, "warnings": ["请核对余额"]},
    "GetCaseDelegation": lambda matter: {
        "order": {"case_number": matter.summary.case_number, "balance_fen": 800_000},
        "account": {"holder": "苏0508", "filing": {"case_number": "（2026）苏0508执1号"}},
    },
    "AdmitParticipation": lambda _: {"distribution_id": "distribution-1", "claim": 1},
    "PreviewPlan": lambda _: {"plan": PLAN, "xlsx": b"PK", "pdf": b"%PDF"},
    "IssuePlan": lambda _: {"plan": PLAN},
    "SettlePlan": lambda _: {"deposited_fen": 5_000},
    "GetDistribution": lambda matter: {
        "distribution": {
            "distribution_id": "distribution-1",
            "plan": PLAN,
            "shares": [
                {"instruction_id": matter.summary.instruction_id, "court": "苏0591", "claim": 1},
                {"instruction_id": "gone", "court": "苏0505", "claim": 2, "left": True},
            ],
            "awaited": [{"code": "OBJECTION_PERIOD", "words": "异议期未满", "party": 1}],
        }
    },
    "GetHandover": lambda _: {"record": RECORD},
    "GetHandoverRecord": lambda _: {"record": RECORD},
    "DraftDecision": lambda _: {"draft": {"draft_id": "decision-1"}},
    "ListDecisionDrafts": lambda matter: {
        "drafts": [
            {
                "draft_id": "decision-1",
                "order": {
                    "instruction_id": matter.summary.instruction_id,
                    "decision": "DISPOSAL_DECISION_DEADLINE",
                },
            }
        ]
    },
    "DiscardDecisionDraft": lambda _: {"draft": {"draft_id": "decision-1"}},
    "RejectDecision": lambda _: {"draft": {"draft_id": "decision-1", "opinion": "不同意"}},
    **dict.fromkeys(
        ("DraftOrder", "DiscardOrderDraft", "RejectOrder", "DraftFromCandidate"), lambda _: {"draft": DRAFT}
    ),
    "ListOrderDrafts": lambda _: {"drafts": [DRAFT]},
    **dict.fromkeys(("ListOrders", "ListReceivedOrders"), lambda matter: {"orders": [matter.summary]}),
    **dict.fromkeys(("GetOrder", "GetReceivedOrder"), _at_court),
    "MoveMatters": lambda _: {
        "moved": ["苏0591委〔2026〕1号"],
        "merged": ["苏0591委〔2026〕3号"],
        "kept": [{"matter_number": "苏0591委〔2026〕2号", "reason": "已办结"}],
    },
    "ListCandidates": lambda _: {
        "candidates": [{"candidate_id": "candidate-1", "reason": "同一被执行人", "suggested_court": "苏0509"}]
    },
    "ListSupervisorCalls": lambda matter: {
        "calls": [{"instruction": matter.summary, "counterpart": {"name": "顾专员"}, "text": "承诺明日签收"}]
    },
    **dict.fromkeys(("ListRequests", "ListOwnRequests"), lambda matter: {"requests": [matter.summary]}),
    **dict.fromkeys(
        ("GetRequest", "GetOwnRequest"),
        lambda _: {"request": {"request": {"subject": "关于演示争议的报告", "position": "应由本院处置"}}},
    ),
}
"""What methods answer beside receipts."""


def _step(method: MethodDescriptor) -> Any:
    def take(self: Service, request: Any) -> Any:
        matter = _matter_of(self.node, request)
        event_id = ""
        if hasattr(request, "request_id"):
            event_id = self.node.record(matter, method.name, arrived(request))
        make: Any = GetMessageClass(method.output_type)
        answer = make(**CANNED.get(method.name, lambda _: {})(matter))
        receipt = self.node.receipt(matter, event_id)
        if "receipt" in method.output_type.fields_by_name:
            answer.receipt.CopyFrom(receipt)
        if "receipts" in method.output_type.fields_by_name:
            answer.receipts.append(receipt)
        return answer

    take.__name__ = method.name
    return unary(take)


def _matter_of(node: FakeNode, request: Any) -> Matter:
    """The matter that a request names; a new one for a draft or a report, the newest for what names none."""
    if getattr(request, "distribution_id", "") == "unknown":
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "本院没有主持该参与分配，请核对编号")
    named, order = getattr(request, "instruction_id", ""), getattr(request, "order", None)
    is_new = hasattr(order, "receiver") or hasattr(request, "request")
    if is_new and named not in node.matters:
        number, receiver = getattr(order, "case_number", ""), getattr(order, "receiver", "")
        return node.new_matter(find_service_pb2.FindOrder(case_number=number, receiver=receiver), named)
    named = named or getattr(order, "instruction_id", "")
    return node.matter(named) if named else list(node.matters.values())[-1]


def _servicer(service: ServiceDescriptor, base: type) -> type:
    methods = {method.name: _step(method) for method in service.methods}
    return type(service.name, (Service, base), methods)


def add_step_services(node: FakeNode, server: Any) -> None:
    """Serve every service that is nothing but steps."""
    for messages, stubs in (
        (delegation_service_pb2, delegation_service_pb2_grpc),
        (distribution_service_pb2, distribution_service_pb2_grpc),
        (handover_service_pb2, handover_service_pb2_grpc),
        (disposal_decision_service_pb2, disposal_decision_service_pb2_grpc),
        (order_service_pb2, order_service_pb2_grpc),
        (ordered_service_pb2, ordered_service_pb2_grpc),
        (coordination_service_pb2, coordination_service_pb2_grpc),
        (request_desk_service_pb2, request_desk_service_pb2_grpc),
        (superior_service_pb2, superior_service_pb2_grpc),
    ):
        [service] = messages.DESCRIPTOR.services_by_name.values()
        servicer = _servicer(service, getattr(stubs, f"{service.name}Servicer"))
        getattr(stubs, f"add_{service.name}Servicer_to_server")(servicer(node), server)
