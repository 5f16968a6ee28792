"""From which address a sign-in comes: whom the desk believes, and whom it stops."""

from collections.abc import AsyncIterator

import grpc
import pytest
from tests.integration.desk.desk import (
    ADMIN_PASSWORD,
    MINUTE,
    Accounts,
    Refusal,
    by_token,
    refusal,
    serving,
    signed,
)

from xiezhi.v1 import account_journal_service_pb2, account_service_pb2
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal
from xiezhi_wire.forwarding import Forwarding

SECRET = "a-secret-of-the-workbench-alone-4711"
BROWSER = "192.0.2.7"


@pytest.fixture
async def channel(journal: Journal) -> AsyncIterator[grpc.aio.Channel]:
    accounts = Accounts(journal, failures_per_address=2)
    await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
    async with serving(
        journal, by_token(accounts), *accounts.services(), forwarding=Forwarding(SECRET)
    ) as channel:
        yield channel
    accounts.passwords.close()


async def sign_in(channel: grpc.aio.Channel, password: str, address: str, secret: str = SECRET) -> str:
    request = account_service_pb2.SignInRequest(login="admin", password=password)
    told = (("x-workbench", secret), ("x-client-address", address))
    return (await AccountServiceStub(channel).SignIn(request, metadata=told)).session_token


async def fail(channel: grpc.aio.Channel, address: str = BROWSER, secret: str = SECRET) -> Refusal:
    return await refusal(sign_in(channel, "not the password", address, secret))


async def addresses(channel: grpc.aio.Channel, token: str) -> list[str]:
    """Of the last entries of the journal, the last first."""
    request = account_journal_service_pb2.ListAccountEventsRequest()
    stub = AccountJournalServiceStub(channel)
    answer = await stub.ListAccountEvents(request, metadata=signed(token))
    return [each.address for each in answer.events]


async def test_an_address_that_fails_waits_and_others_do_not(channel: grpc.aio.Channel) -> None:
    for _ in range(2):
        assert (await fail(channel)).reason == Reason.BAD_CREDENTIALS
    stopped = await refusal(sign_in(channel, ADMIN_PASSWORD, BROWSER))
    assert (stopped.code, stopped.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.ADDRESS_LOCKED)
    assert stopped.retry_ms == MINUTE
    token = await sign_in(channel, ADMIN_PASSWORD, "192.0.2.8")
    assert (await addresses(channel, token))[:2] == ["192.0.2.8", BROWSER]


@pytest.mark.parametrize("secret", ["", "another-secret-of-somebody-else-4711"])
async def test_nobody_else_is_believed_about_addresses(channel: grpc.aio.Channel, secret: str) -> None:
    for number in range(3):
        await fail(channel, f"192.0.2.{number}", secret)
    token = await sign_in(channel, ADMIN_PASSWORD, BROWSER)
    told = await addresses(channel, token)
    # All three were refused to one address, the peer's, and are one entry; the administrator was made before.
    assert [each in {"127.0.0.1", "::1"} for each in told] == [False, True, False]
    assert (told[0], told[2]) == (BROWSER, "")


async def test_what_is_no_address_is_not_taken(channel: grpc.aio.Channel) -> None:
    token = await sign_in(channel, ADMIN_PASSWORD, "not-an-address")
    assert (await addresses(channel, token))[0] in {"127.0.0.1", "::1"}
