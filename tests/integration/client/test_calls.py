"""Signing in, repetition, errors: what every call of the SDK does."""

import uuid

import grpc
import pytest
from tests.integration.client.conftest import PATIENCE
from tests.integration.client.fake_node import LOGIN, PASSWORD, Fault, Running
from tests.integration.client.orders import CASE_NUMBER, order
from tests.integration.wire.pki import Pki

from xiezhi_client.sdk import (
    Case,
    Client,
    Conflict,
    InternalError,
    InvalidInput,
    NotFound,
    NotSignedIn,
    NotSupported,
    Overloaded,
    TimedOut,
    Unavailable,
    WrongState,
    connect,
    new_instruction_id,
)
from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_domain.events.ids import check_uuid7


async def test_a_call_before_signing_in_is_refused(fake: Running) -> None:
    async with connect(fake.address, fake.ca_file, retry=PATIENCE) as client:
        with pytest.raises(NotSignedIn) as refused:
            await client.accounts.me()
    assert refused.value.reason == "SIGNED_OUT"
    assert refused.value.message == Reason.SIGNED_OUT.zh


async def test_signing_in_is_remembered_and_signing_out_ends_it(fake: Running) -> None:
    async with connect(fake.address, fake.ca_file, retry=PATIENCE) as client:
        signed_in = await client.sign_in(LOGIN, PASSWORD)
        assert (await client.accounts.me()).account == signed_in.account
        other = client.with_token(signed_in.session_token)
        await client.sign_out()
        with pytest.raises(NotSignedIn):
            await client.accounts.me()
        with pytest.raises(NotSignedIn):
            await other.accounts.me()


async def test_a_lock_out_is_told_with_its_time_and_not_waited_for(fake: Running) -> None:
    async with connect(fake.address, fake.ca_file, retry=PATIENCE) as client:
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                await client.sign_in(LOGIN, "wrong")
        with pytest.raises(Overloaded) as locked:
            await client.sign_in(LOGIN, PASSWORD)
    assert locked.value.retry_after == 900
    assert len(fake.node.calls["SignIn"]) == 4


async def test_an_error_names_the_field_in_chinese(client: Client) -> None:
    with pytest.raises(InvalidInput) as refused:
        await client.cases.put(Case(case_number="2026苏0591执1234"))
    (violation,) = refused.value.fields
    assert violation.field == "case_file.case_number"
    assert "案号" in violation.message
    assert refused.value.reason == "INVALID_FIELD"


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_broken_call_is_repeated_with_the_same_request_id(
    client: Client, fake: Running, after_effect: bool
) -> None:
    fake.node.faults["DraftFind"] = [Fault(grpc.StatusCode.UNAVAILABLE, after_effect=after_effect)] * 2
    draft = await client.find.draft(order())
    assert list(fake.node.matters) == [draft.receipt.instruction_id]
    assert len({request.request_id for request in fake.node.calls["DraftFind"]}) == 1
    assert len(fake.node.calls["DraftFind"]) == 3


async def test_two_calls_have_two_request_ids(client: Client, fake: Running) -> None:
    await client.find.draft(order())
    await client.find.draft(order())
    first, second = (uuid.UUID(request.request_id) for request in fake.node.calls["DraftFind"])
    assert first != second
    assert len(fake.node.matters) == 2


async def test_a_request_id_used_for_other_content_is_a_conflict(client: Client) -> None:
    await client.find.draft(order(), request_id="mine")
    with pytest.raises(Conflict) as refused:
        await client.find.draft(order("（2026）苏0591执2号"), request_id="mine")
    assert refused.value.reason == "REQUEST_ID_REUSED"


async def test_repetition_ends_after_the_attempts_allowed(client: Client, fake: Running) -> None:
    fake.node.faults["GetMe"] = [Fault(grpc.StatusCode.UNAVAILABLE)] * 100
    with pytest.raises(Unavailable) as given_up:
        await client.accounts.me()
    assert given_up.value.reason == "CONNECTION_LOST"
    assert len(fake.node.calls["GetMe"]) == PATIENCE.attempts


async def test_a_servers_retry_time_is_kept(client: Client, fake: Running) -> None:
    fake.node.faults["GetMe"] = [Fault(LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=20))]
    await client.accounts.me()
    assert len(fake.node.calls["GetMe"]) == 2


async def test_a_password_change_is_not_repeated(client: Client, fake: Running) -> None:
    fake.node.faults["ChangePassword"] = [Fault(grpc.StatusCode.UNAVAILABLE)]
    with pytest.raises(Unavailable):
        await client.accounts.change_password("old", "new")
    assert len(fake.node.calls["ChangePassword"]) == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (grpc.StatusCode.UNIMPLEMENTED, NotSupported),
        (grpc.StatusCode.UNKNOWN, InternalError),
        (grpc.StatusCode.NOT_FOUND, NotFound),
        (grpc.StatusCode.DEADLINE_EXCEEDED, TimedOut),
        (grpc.StatusCode.FAILED_PRECONDITION, WrongState),
    ],
)
async def test_a_bare_status_has_its_exception(
    client: Client, fake: Running, code: grpc.StatusCode, expected: type[Exception]
) -> None:
    fake.node.faults["GetMe"] = [Fault(code)] * PATIENCE.attempts
    with pytest.raises(expected):
        await client.accounts.me()


async def test_a_method_that_the_server_lacks_is_not_supported(client: Client) -> None:
    with pytest.raises(NotSupported):
        await client.evidence.checkpoint()


async def test_a_server_of_another_authority_is_not_reached(fake: Running, tmp_path) -> None:
    stranger = Pki(tmp_path / "stranger")
    async with connect(fake.address, stranger.authority_file.read_bytes(), retry=PATIENCE) as client:
        with pytest.raises(Unavailable):
            await client.accounts.me()
    assert "GetMe" not in fake.node.calls


async def test_an_id_for_a_new_matter_is_a_uuid_v7_and_is_kept(client: Client) -> None:
    mine = new_instruction_id()
    assert check_uuid7(mine, "instruction_id") == mine
    draft = await client.find.draft(order(), mine)
    assert draft.receipt.instruction_id == mine
    assert [paper.paper_type for paper in draft.missing_papers] == ["ENTRUSTMENT_LETTER"]


async def test_a_case_comes_back_as_it_was_stored(client: Client) -> None:
    stored = await client.cases.put(
        Case(case_number="(2026)苏0591执1234号", cause="信用卡纠纷", claimed_fen=123_45)
    )
    assert stored.case_number == CASE_NUMBER
    assert stored.warnings == ("请核对联系电话",)
    assert (await client.cases.get(CASE_NUMBER)).claimed_fen == 12345
