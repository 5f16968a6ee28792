"""The connection to hub or node: TLS with the court's own authority, sizes, keepalive.

Hub and node offer TLS 1.3 alone (protocol §13), so nothing has to be set here for it.
"""

from pathlib import Path
from typing import Final

import grpc

# A frame is at most 1 MiB (protocol §1), and needs a little around it.
_MAX_MESSAGE_BYTES: Final = 1024 * 1024 + 64 * 1024

OPTIONS: Final = (
    ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
    # A dead line is noticed within these two together; firewalls forget idle connections after minutes.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 500),
    ("grpc.max_reconnect_backoff_ms", 15_000),
    # Repetitions are made here, where RetryInfo and the request id are known.
    ("grpc.enable_retries", 0),
)


def open_channel(address: str, ca_certificate: bytes | str | Path) -> grpc.aio.Channel:
    """Open a channel to `address` (host:port) that trusts the authority `ca_certificate` (PEM or its file).

    Raise `OSError` where the file cannot be read.
    """
    pem = ca_certificate if isinstance(ca_certificate, bytes) else Path(ca_certificate).read_bytes()
    return grpc.aio.secure_channel(address, grpc.ssl_channel_credentials(pem), options=OPTIONS)
