"""Who may call what: the tables are complete, tidy, and open no door twice."""

import tomllib
from importlib import resources

import pytest
from google.protobuf.descriptor import ServiceDescriptor

from xiezhi.v1 import (
    account_journal_service_pb2,
    account_service_pb2,
    administration_service_pb2,
    admission_service_pb2,
    bulletin_editor_service_pb2,
    bulletin_service_pb2,
    deadline_service_pb2,
    directory_service_pb2,
    disposal_decision_service_pb2,
    document_service_pb2,
    enrolment_service_pb2,
    erasure_service_pb2,
    escalation_service_pb2,
    evidence_service_pb2,
    feed_proof_service_pb2,
    identity_service_pb2,
    link_service_pb2,
    notification_service_pb2,
    order_service_pb2,
    own_rules_service_pb2,
    related_case_service_pb2,
    request_desk_service_pb2,
    restriction_service_pb2,
    roster_service_pb2,
    second_factor_service_pb2,
    statistics_service_pb2,
    superior_service_pb2,
    supervision_service_pb2,
    urge_service_pb2,
    view_service_pb2,
)
from xiezhi_domain.errors import NotAllowed
from xiezhi_domain.terms import Role
from xiezhi_hub.confidentiality import READ_ALL
from xiezhi_hub.policies import load_policy
from xiezhi_wire.caller import AnyCaller, Caller, JoinCaller
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.policy import full_methods

SHARED = (
    document_service_pb2,
    evidence_service_pb2,
    directory_service_pb2,
    own_rules_service_pb2,
    related_case_service_pb2,
)
LISTENERS = {
    "link": (
        link_service_pb2,
        feed_proof_service_pb2,
        deadline_service_pb2,
        enrolment_service_pb2,
        bulletin_service_pb2,
        *SHARED,
    ),
    "desk": (
        account_journal_service_pb2,
        account_service_pb2,
        identity_service_pb2,
        second_factor_service_pb2,
        administration_service_pb2,
        admission_service_pb2,
        view_service_pb2,
        roster_service_pb2,
        supervision_service_pb2,
        statistics_service_pb2,
        bulletin_service_pb2,
        bulletin_editor_service_pb2,
        deadline_service_pb2,
        notification_service_pb2,
        escalation_service_pb2,
        order_service_pb2,
        restriction_service_pb2,
        request_desk_service_pb2,
        superior_service_pb2,
        disposal_decision_service_pb2,
        erasure_service_pb2,
        urge_service_pb2,
        *SHARED,
    ),
    "join": (enrolment_service_pb2,),
}
NODE = PeerCertificate("苏0508", "ab", 0)
JOINER = JoinCaller("苏0508", b"")


def person(*roles: Role) -> Caller:
    return Caller("a1", "测试", "苏05", frozenset(roles), session_id="s")


def services(listener: str) -> list[ServiceDescriptor]:
    return [service for file in LISTENERS[listener] for service in file.DESCRIPTOR.services_by_name.values()]


def admitted(listener: str, caller: AnyCaller | None) -> set[str]:
    """The methods that a caller may call, without their service's package."""
    policy, methods = load_policy(listener), set()
    for method in full_methods(services(listener)):
        try:
            policy.check(method, caller)
        except NotAllowed:
            continue
        methods.add(method.rpartition("/")[2])
    return methods


@pytest.mark.parametrize("listener", LISTENERS)
def test_every_method_has_a_row_and_every_row_a_method(listener: str) -> None:
    policy = load_policy(listener)
    assert (policy.missing(services(listener)), policy.unknown(services(listener))) == ([], [])


def test_nobody_known_may_sign_in_and_nothing_else() -> None:
    federated = {"GetIdentityProvider", "BeginFederatedSignIn", "FinishFederatedSignIn"}
    assert admitted("desk", None) == {"SignIn"} | federated
    assert admitted("link", None) == set()
    assert admitted("join", None) == set()


def test_a_join_token_lets_a_court_join_and_nothing_else() -> None:
    assert admitted("join", JOINER) == {"Greet", "Join"}


def test_nodes_do_not_join_and_courts_that_join_do_not_renew() -> None:
    assert admitted("link", NODE).isdisjoint({"Greet", "Join"})
    assert "Connect" in admitted("link", NODE)


def test_what_people_may_do_follows_their_roles() -> None:
    administrator, statistician = (
        admitted("desk", person(Role.ADMINISTRATOR)),
        admitted("desk", person(Role.STATISTICIAN)),
    )
    assert "CreateAccount" in administrator
    assert administrator.isdisjoint({"GetSupervisedHistory", "GetReceipt", "DownloadDocument"})
    assert "GetOverview" in statistician
    assert statistician.isdisjoint({"GetSupervisedHistory", "CreateAccount", "GetReceipt"})
    assert {"GetSupervisedHistory", "GetReceipt"} <= admitted("desk", person(Role.SUPERVISOR))


def test_who_may_draft_a_supervision_brings_its_documents() -> None:
    for role in Role:
        may = admitted("desk", person(role))
        assert ("DraftUrge" in may) == ("StartUpload" in may) == ("UploadDocument" in may)


def test_who_reads_matters_is_told_which_ones_notices_are_about() -> None:
    policy = tomllib.loads(resources.files("xiezhi_hub").joinpath("policy_desk.toml").read_text("utf-8"))
    assert set(policy["xiezhi.v1.SuperiorService"]["ReadMatter"]) == READ_ALL
