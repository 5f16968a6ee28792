"""The method table: what it loads, whom it lets in."""

import pytest
from grpc_health.v1 import health_pb2

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import AnyCaller, Caller, JoinCaller
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.startup import StartupError

TOY = """
["toy.v1.Toys"]
Look = "public"
Enter = "join"
Push = "node"
Me = "session"
Change = ["session", "first-password"]
Decide = ["JUDGE", "BUREAU_CHIEF"]
Fetch = ["node", "ASSISTANT"]
"""

JUDGE = Caller("a1", "测试", "苏0508", frozenset({Role.JUDGE}))
ASSISTANT = Caller("a2", "测试", "苏0508", frozenset({Role.ASSISTANT}))
NEWCOMER = Caller("a3", "测试", "苏0508", frozenset({Role.JUDGE}), must_change_password=True)
NODE = PeerCertificate("苏0508", "1f", 0)
JOINER = JoinCaller("苏0508", b"\x00" * 32)


@pytest.fixture(scope="module")
def policy() -> MethodPolicy:
    return MethodPolicy.load(TOY)


@pytest.mark.parametrize(
    ("method", "admitted"),
    [
        ("Look", [None, JUDGE, ASSISTANT, NEWCOMER, NODE, JOINER]),
        ("Enter", [JOINER]),
        ("Push", [NODE]),
        ("Me", [JUDGE, ASSISTANT]),
        ("Change", [JUDGE, ASSISTANT, NEWCOMER]),
        ("Decide", [JUDGE]),
        ("Fetch", [NODE, ASSISTANT]),
    ],
)
def test_a_row_admits_whom_it_names_and_nobody_else(
    policy: MethodPolicy, method: str, admitted: list[AnyCaller | None]
) -> None:
    for caller in (None, JUDGE, ASSISTANT, NEWCOMER, NODE, JOINER):
        if caller in admitted:
            policy.check(f"/toy.v1.Toys/{method}", caller)
        else:
            with pytest.raises(NotAllowed):
                policy.check(f"/toy.v1.Toys/{method}", caller)


@pytest.mark.parametrize(
    ("method", "caller", "reason"),
    [
        ("Missing", JUDGE, Reason.FORBIDDEN),
        ("Missing", None, Reason.FORBIDDEN),
        ("Me", None, Reason.SIGNED_OUT),
        ("Decide", ASSISTANT, Reason.WRONG_ROLE),
        ("Decide", NEWCOMER, Reason.PASSWORD_NOT_OWN),
        ("Me", NODE, Reason.FORBIDDEN),
    ],
)
def test_a_refusal_says_why(
    policy: MethodPolicy, method: str, caller: AnyCaller | None, reason: Reason
) -> None:
    with pytest.raises(NotAllowed) as refused:
        policy.check(f"/toy.v1.Toys/{method}", caller)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml", "not TOML"),
        ('Look = "public"', "outside a service's table"),
        ('["toy.v1.Toys"]\nLook = "everybody"', "everybody"),
        ('["toy.v1.Toys"]\nLook = []', "/toy.v1.Toys/Look"),
        ('["toy.v1.Toys"]\nLook = 1', "/toy.v1.Toys/Look"),
        ('["toy.v1.Toys"]\nLook = [["JUDGE"]]', "JUDGE"),
    ],
)
def test_a_broken_table_stops_the_start(text: str, told: str) -> None:
    with pytest.raises(StartupError, match="method policy") as stopped:
        MethodPolicy.load(text)
    assert told in str(stopped.value)


def test_methods_without_a_row_and_rows_without_a_method_are_found() -> None:
    health = health_pb2.DESCRIPTOR.services_by_name["Health"]
    policy = MethodPolicy.load(TOY)
    assert policy.missing([health]) == []
    assert len(policy.unknown([health])) == 7
    assert MethodPolicy({}).unknown([]) == []


def test_rows_are_missing_for_a_service_that_the_table_does_not_name() -> None:
    from xiezhi.v1 import enrolment_service_pb2

    service = enrolment_service_pb2.DESCRIPTOR.services_by_name["EnrolmentService"]
    assert "/xiezhi.v1.EnrolmentService/Join" in MethodPolicy.load(TOY).missing([service])
