"""The network address that a call comes from, for what is counted and recorded by address."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import unquote

_current: ContextVar[str] = ContextVar("xiezhi_address", default="")


def current_address() -> str:
    """The address that the present call comes from; empty outside a call."""
    return _current.get()


def address_of(peer: str) -> str:
    """The address in what gRPC calls a peer, such as ``ipv4:10.1.2.3:50123`` or ``ipv6:%5B::1%5D:50123``.

    Without the port, which is new with each connection. What is no network peer is given as it is.
    """
    kind, _, rest = unquote(peer).partition(":")
    if kind not in {"ipv4", "ipv6"}:
        return peer
    return rest.rpartition(":")[0].strip("[]")


@contextmanager
def calling_from(address: str) -> Iterator[None]:
    """Makes ``address`` the one that ``current_address`` returns, inside the block."""
    token = _current.set(address)
    try:
        yield
    finally:
        _current.reset(token)
