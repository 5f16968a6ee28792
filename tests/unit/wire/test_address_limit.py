"""How often an address may fail, and what is one address."""

import asyncio

import pytest

from xiezhi_domain.errors import LimitExceeded, NotAllowed, Reason
from xiezhi_wire.address_limit import AddressLimit

MINUTE = 60_000
ADDRESS = "192.0.2.7"
FAILURES = [Reason.BAD_CREDENTIALS, Reason.SECOND_FACTOR_WRONG]


class Desk:
    def __init__(self, most: int = 3) -> None:
        self.now = 1_800_000_000_000
        self.limit = AddressLimit(most, FAILURES, MINUTE, lambda: self.now)

    def sign_in(self, address: str = ADDRESS, reason: Reason | None = None) -> None:
        with self.limit.one_try(address):
            if reason is not None:
                raise NotAllowed(reason)

    def fail(self, address: str = ADDRESS, reason: Reason = Reason.BAD_CREDENTIALS) -> None:
        with pytest.raises(NotAllowed):
            self.sign_in(address, reason)

    def stopped(self, address: str = ADDRESS) -> int:
        """After how many ms the address may try again."""
        with pytest.raises(LimitExceeded) as refused:
            self.sign_in(address)
        assert refused.value.reason is Reason.ADDRESS_LOCKED
        return refused.value.retry_after_ms


def test_failures_stop_an_address_and_are_forgiven_one_a_minute() -> None:
    desk = Desk()
    for _ in range(3):
        desk.fail()
    assert desk.stopped() == MINUTE
    desk.sign_in("192.0.2.8")
    desk.now += MINUTE - 1
    assert desk.stopped() == 1
    desk.now += 1
    desk.fail()
    assert desk.stopped() == MINUTE
    desk.now += 100 * MINUTE
    for _ in range(3):
        desk.fail()
    desk.stopped()


def test_what_succeeds_is_not_counted_and_forgives_nothing() -> None:
    desk = Desk()
    for _ in range(10):
        desk.sign_in()
        desk.fail(reason=Reason.SECOND_FACTOR_REQUIRED)
    desk.fail(reason=Reason.SECOND_FACTOR_WRONG)
    desk.fail()
    desk.sign_in()
    desk.fail()
    desk.stopped()


def test_tries_at_once_are_counted_before_the_first_has_failed() -> None:
    limit = AddressLimit(2, FAILURES, MINUTE, lambda: 0)
    with limit.one_try(ADDRESS), limit.one_try(ADDRESS), pytest.raises(LimitExceeded), limit.one_try(ADDRESS):
        raise AssertionError("let through")
    with limit.one_try(ADDRESS):
        pass


def test_a_try_that_is_given_up_stays_counted_and_a_fault_of_ours_does_not() -> None:
    desk = Desk(most=1)
    with pytest.raises(ZeroDivisionError), desk.limit.one_try(ADDRESS):
        raise ZeroDivisionError
    with pytest.raises(asyncio.CancelledError), desk.limit.one_try(ADDRESS):
        raise asyncio.CancelledError
    assert desk.stopped() == MINUTE


@pytest.mark.parametrize(
    ("first", "second"),
    [("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), ("::ffff:192.0.2.7", ADDRESS)],
)
def test_one_network_of_version_6_is_one_address(first: str, second: str) -> None:
    desk = Desk(most=1)
    desk.fail(first)
    desk.stopped(second)
    desk.sign_in("2001:db8:1:3::1")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "unix:/run/desk.sock"])
def test_the_machine_itself_is_not_counted(address: str) -> None:
    desk = Desk(most=1)
    for _ in range(3):
        desk.fail(address)
    desk.sign_in(address)


def test_the_table_is_bounded_and_drops_who_failed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiezhi_wire.address_limit._MOST_ADDRESSES", 2)
    desk = Desk(most=1)
    for last in (1, 2, 3):
        desk.fail(f"192.0.2.{last}")
    desk.sign_in("192.0.2.1")
    desk.stopped("192.0.2.3")
