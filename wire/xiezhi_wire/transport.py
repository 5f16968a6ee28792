"""Sizes and keepalive of connections, the same at both ends (protocol §1: a frame is at most 1 MiB)."""

from typing import Final

MAX_FRAME_BYTES: Final = 1024 * 1024
# What a message needs around a frame of full size.
_SLACK_BYTES: Final = 64 * 1024
_MAX_METADATA_BYTES: Final = 16 * 1024
# A dead line is noticed within these two together; firewalls forget idle connections after minutes.
_KEEPALIVE_MS: Final = 30_000
_KEEPALIVE_TIMEOUT_MS: Final = 10_000

_BOTH_ENDS: Final = (
    ("grpc.max_receive_message_length", MAX_FRAME_BYTES + _SLACK_BYTES),
    ("grpc.max_send_message_length", MAX_FRAME_BYTES + _SLACK_BYTES),
    ("grpc.max_metadata_size", _MAX_METADATA_BYTES),
    ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
    ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)

SERVER_OPTIONS: Final = (
    *_BOTH_ENDS,
    # A caller may ping a little faster than we do ourselves, and is not cut off for it.
    ("grpc.http2.min_ping_interval_without_data_ms", _KEEPALIVE_MS // 3),
    ("grpc.max_concurrent_streams", 1_000),
    # Two programs on one port must fail, not share the calls.
    ("grpc.so_reuseport", 0),
)

CHANNEL_OPTIONS: Final = (
    *_BOTH_ENDS,
    # gRPC adds jitter of a fifth to the growing pauses between attempts.
    ("grpc.initial_reconnect_backoff_ms", 500),
    ("grpc.max_reconnect_backoff_ms", 30_000),
)
