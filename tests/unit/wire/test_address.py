"""The address of a peer, as gRPC writes it."""

import pytest

from xiezhi_wire.address import address_of, calling_from, current_address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:10.1.2.3:50123", "10.1.2.3"),
        ("ipv6:[::1]:50123", "::1"),
        ("ipv6:%5B2001:db8::7%5D:443", "2001:db8::7"),
        ("unix:/run/desk.sock", "unix:/run/desk.sock"),
        ("", ""),
    ],
)
def test_ports_are_left_out(peer: str, address: str) -> None:
    assert address_of(peer) == address


def test_the_address_is_that_of_the_call_alone() -> None:
    assert not current_address()
    with calling_from("10.1.2.3"):
        assert current_address() == "10.1.2.3"
    assert not current_address()
