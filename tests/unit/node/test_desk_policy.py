"""The method policy of a node's desk."""

from importlib import resources

from xiezhi.v1 import (
    account_journal_service_pb2,
    account_service_pb2,
    administration_service_pb2,
    bulletin_service_pb2,
    case_service_pb2,
    connector_service_pb2,
    coordination_service_pb2,
    deadline_service_pb2,
    delegation_service_pb2,
    directory_service_pb2,
    distribution_service_pb2,
    document_service_pb2,
    evidence_service_pb2,
    export_service_pb2,
    field_service_pb2,
    find_service_pb2,
    handover_service_pb2,
    identity_service_pb2,
    instruction_service_pb2,
    leave_service_pb2,
    ledger_service_pb2,
    notification_service_pb2,
    ordered_service_pb2,
    outside_service_pb2,
    own_rules_service_pb2,
    paper_service_pb2,
    query_service_pb2,
    receipt_paper_service_pb2,
    roster_service_pb2,
    second_factor_service_pb2,
    statistics_service_pb2,
    trial_service_pb2,
    urged_service_pb2,
    view_service_pb2,
)
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Action, Role
from xiezhi_wire.caller import Caller
from xiezhi_wire.policy import MethodPolicy

SERVICES = [
    service
    for file in (
        account_journal_service_pb2,
        account_service_pb2,
        identity_service_pb2,
        second_factor_service_pb2,
        administration_service_pb2,
        connector_service_pb2,
        view_service_pb2,
        case_service_pb2,
        coordination_service_pb2,
        deadline_service_pb2,
        delegation_service_pb2,
        directory_service_pb2,
        distribution_service_pb2,
        document_service_pb2,
        evidence_service_pb2,
        receipt_paper_service_pb2,
        export_service_pb2,
        field_service_pb2,
        find_service_pb2,
        handover_service_pb2,
        instruction_service_pb2,
        paper_service_pb2,
        leave_service_pb2,
        notification_service_pb2,
        ordered_service_pb2,
        outside_service_pb2,
        own_rules_service_pb2,
        query_service_pb2,
        roster_service_pb2,
        trial_service_pb2,
        statistics_service_pb2,
        bulletin_service_pb2,
        ledger_service_pb2,
        urged_service_pb2,
    )
    for service in file.DESCRIPTOR.services_by_name.values()
]
TEXT = resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
POLICY = MethodPolicy.load(TEXT)
DRAFTING = {
    Action.SUBMIT: "SubmitInstruction",
    Action.APPROVE: "ApproveInstruction",
    Action.REJECT_APPROVAL: "RejectApproval",
}


def admits(method: str, role: Role) -> bool:
    rule = POLICY._rules[method]
    return rule.admits(Caller("a", "测试", "苏0505", frozenset({role})))


def test_every_method_has_a_row_and_every_row_a_method() -> None:
    assert POLICY.missing(SERVICES) == []
    assert POLICY.unknown(SERVICES) == []


def test_drafts_are_for_those_whom_the_rulebook_names() -> None:
    """Moves of the ladder: tests/unit/test_who_may_move.py."""
    allowed = shipped_rulebook().kind("FIND").drafting_roles
    for action, method in DRAFTING.items():
        admitted = {role for role in Role if admits(f"/xiezhi.v1.InstructionService/{method}", role)}
        assert admitted == allowed[action], action
    discarding = {role for role in Role if admits("/xiezhi.v1.InstructionService/DiscardDraft", role)}
    assert discarding == allowed[Action.CREATE]


def test_those_who_see_no_case_data_reach_none() -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.STATISTICIAN, Role.SUPERVISOR):
        reached = {
            method.name
            for service in SERVICES
            for method in service.methods
            if service.name in {"CaseService", "FindService", "InstructionService", "DocumentService"}
            if admits(f"/{service.full_name}/{method.name}", role)
        }
        assert reached == set(), role


def test_auxiliary_staff_enter_and_upload_alone() -> None:
    reached = {
        method.name
        for service in SERVICES
        for method in service.methods
        if service.name in {"CaseService", "FindService", "InstructionService", "DocumentService"}
        if admits(f"/{service.full_name}/{method.name}", Role.AUXILIARY)
    }
    assert reached == {"PutCase", "StartUpload", "UploadDocument"}
