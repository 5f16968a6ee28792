"""Ports of the loopback interface for programs that come back at the same address after they were away."""

import random
import socket
from collections.abc import Iterator
from itertools import islice

_BLOCK = 100
_FIRST, _END = 20_000, 32_700
"""Below what a system gives to whoever asks for any port (Linux: from 32768): such a one could lie on ours while its
program is away."""


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses now, and that no other process which asks here will get."""
    return list(islice(_ports, count))


def _own_ports() -> Iterator[int]:
    """Give the ports of one block after another; a block is this process's as long as it holds its first port."""
    blocks = list(range(_FIRST, _END, _BLOCK))
    random.shuffle(blocks)
    for first in blocks:
        with socket.socket() as mark:
            if _binds(mark, first):
                yield from filter(_is_free, range(first + 1, first + _BLOCK))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return _binds(probe, port)


def _binds(end: socket.socket, port: int) -> bool:
    try:
        end.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


_ports = _own_ports()
