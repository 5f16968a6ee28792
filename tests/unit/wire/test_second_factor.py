"""Which calls are approvals and seals, and what is asked of them."""

import pkgutil
from importlib import import_module
from typing import Any

import pytest

import xiezhi.v1
from xiezhi.v1 import instruction_pb2, own_rules_service_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import AnyCaller, Caller
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.second_factor import NO_DEMAND, SecondFactorDemand, is_approval

NOW = 1_800_000_000_000
MINUTE = 60_000
APPROVE = "/xiezhi.v1.InstructionService/ApproveInstruction"
DECIDE = "/xiezhi.v1.OwnRulesService/DecideProposedRules"
BATCH = "/xiezhi.v1.InstructionService/BatchAct"
# A name that begins so is that of an approval or seal; what is none says here why.
BEGINNINGS = ("Approve", "AffixSeal", "SealDocument", "WriteConsent")
ALSO = {
    "/xiezhi.v1.FindService/IssueFinds",
    "/xiezhi.v1.DelegationService/IssueDelegations",
    "/xiezhi.v1.InstructionService/ConfirmLetter",
    "/xiezhi.v1.BulletinEditorService/PublishBulletin",
    "/xiezhi.v1.RestrictionService/OrderRestriction",
}


def person(confirmed_at: int | None) -> Caller:
    roles = frozenset({Role.BUREAU_CHIEF})
    return Caller("a", "测试", "苏0505", roles, session_id="00", confirmed_at=confirmed_at)


def program(*, may_approve: bool) -> Caller:
    roles = frozenset({Role.INTEGRATION})
    return Caller("a", "测试", "苏0505", roles, token_id="t", may_approve=may_approve)


def demand(minutes: int = 10) -> SecondFactorDemand:
    return SecondFactorDemand(demanded=True, minutes=minutes, clock_ms=lambda: NOW)


def test_every_approval_and_seal_of_the_contract_is_marked() -> None:
    modules = [found.name for found in pkgutil.iter_modules(xiezhi.v1.__path__)]
    files = [
        import_module(f"xiezhi.v1.{name}").DESCRIPTOR for name in modules if name.endswith("service_pb2")
    ]
    methods = {
        f"/{service.full_name}/{method.name}": method.name
        for file in files
        for service in file.services_by_name.values()
        for method in service.methods
    }
    marked = {path for path in methods if path != BATCH and is_approval(path, None)}
    assert marked == {path for path, name in methods.items() if name.startswith(BEGINNINGS)} | ALSO
    assert len(marked) == 15


@pytest.mark.parametrize("action", instruction_pb2.Action.values())
def test_a_batch_is_one_by_its_action(action: instruction_pb2.Action.ValueType) -> None:
    approvals = {instruction_pb2.ACTION_APPROVE, instruction_pb2.ACTION_AFFIX_SEAL}
    assert is_approval(BATCH, pb.BatchActRequest(action=action)) is (action in approvals)


def test_consent_to_proposed_rules_is_one_and_neither_a_trial_nor_a_refusal() -> None:
    request = own_rules_service_pb2.DecideProposedRulesRequest
    # Consent names what was seen, or is refused.
    assert is_approval(DECIDE, request(consent=True, seen="00"))
    assert not is_approval(DECIDE, request(consent=True, dry_run=True))
    assert not is_approval(DECIDE, request(reason="与上级规定不符"))


def test_what_is_no_approval_asks_nothing() -> None:
    for method in ("/xiezhi.v1.InstructionService/RejectApproval", "/grpc.health.v1.Health/Check", "/none"):
        demand().check(method, None, person(0))


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("InstructionService/ConfirmLetter", None),
        ("BulletinEditorService/PublishBulletin", None),
        (
            "OwnRulesService/DecideProposedRules",
            own_rules_service_pb2.DecideProposedRulesRequest(consent=True, seen="00"),
        ),
    ],
)
def test_what_is_an_approval_in_substance_is_no_programs_to_do(method: str, request_: Any) -> None:
    path = f"/xiezhi.v1.{method}"
    with pytest.raises(NotAllowed) as refused:
        demand().check(path, request_, program(may_approve=False))
    assert refused.value.reason is Reason.FORBIDDEN
    demand().check(path, request_, program(may_approve=True))


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (person(None), Reason.SECOND_FACTOR_MISSING),
        (person(0), Reason.SECOND_FACTOR_REQUIRED),
        (person(NOW - 10 * MINUTE), Reason.SECOND_FACTOR_REQUIRED),
        (program(may_approve=False), Reason.FORBIDDEN),
    ],
    ids=["none set", "never shown", "shown too long ago", "program"],
)
def test_who_is_refused(caller: AnyCaller, reason: Reason) -> None:
    with pytest.raises(NotAllowed) as refused:
        demand().check(APPROVE, None, caller)
    assert refused.value.reason is reason
    NO_DEMAND.check(APPROVE, None, caller)


@pytest.mark.parametrize(
    "caller",
    [
        person(NOW - 10 * MINUTE + 1),
        program(may_approve=True),
        PeerCertificate("苏0505", "01", NOW),
        None,
    ],
    ids=["shown in time", "program that may", "node", "nobody, whom the policy has let in"],
)
def test_who_passes(caller: AnyCaller | None) -> None:
    demand().check(APPROVE, None, caller)
