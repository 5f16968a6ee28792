"""What makes two requests the same."""

import pytest

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.requests import principal, request_key
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import Caller
from xiezhi_wire.peer import PeerCertificate

ADMIN = Caller("id-1", "测试管理员", "苏0508", frozenset({Role.ADMINISTRATOR}), session_id="00")


def request(**fields: str) -> pb.CreateAccountRequest:
    return pb.CreateAccountRequest(request_id="r-1", account=pb.Account(login="judge"), **fields)


def test_a_person_counts_by_account_and_a_node_by_court() -> None:
    assert principal(ADMIN) == "id-1"
    assert principal(PeerCertificate("苏0508", "01", 0)) == "苏0508"


def test_other_content_makes_another_key() -> None:
    one = request_key(ADMIN, "CreateAccount", request())
    other = pb.CreateAccountRequest(request_id="r-1", account=pb.Account(login="clerk"))
    assert one != request_key(ADMIN, "CreateAccount", other)
    assert one == request_key(ADMIN, "CreateAccount", request())
    assert one.request_id == "r-1"


def test_a_secret_leaves_no_trace() -> None:
    keys = {
        request_key(ADMIN, "CreateAccount", request(password=password), secrets=["password"])
        for password in ("", "one password", "another one")
    }
    assert len(keys) == 1


@pytest.mark.parametrize("bad", ["", "x" * 129])
def test_a_request_needs_an_id(bad: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request_key(ADMIN, "CreateAccount", pb.CreateAccountRequest(request_id=bad))
    assert refused.value.fields[0].field == "request_id"


def test_the_request_itself_is_not_touched() -> None:
    message = request(password="a password")
    request_key(ADMIN, "CreateAccount", message, secrets=["password"])
    assert (message.request_id, message.password) == ("r-1", "a password")
