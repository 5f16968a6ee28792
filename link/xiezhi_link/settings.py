"""Windows, batch sizes and times of the link, in one place.

Windows count bytes. What crosses a window is still sent, so that an event larger than the rest of a window does
not wait for ever; a window is exceeded by one frame at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from xiezhi.v1.link_service_pb2 import LANE_BULK, LANE_NORMAL, LANE_URGENT
from xiezhi_wire.transport import MAX_FRAME_BYTES

PROTOCOL_VERSION: Final = 1

LANES: Final = (LANE_URGENT, LANE_NORMAL, LANE_BULK)
"""In the order in which they are served."""

BATCH_EVENTS: Final = 1_024
"""Most events handed to a port at once; a push tree has no more (ADR 0001)."""

FRAME_ROOM_BYTES: Final = MAX_FRAME_BYTES - 16 * 1024
"""For events in a frame; the rest is for a checkpoint with its cosignatures, and for framing."""

_MIB: Final = 1024 * 1024


def _lane_windows() -> Mapping[int, int]:
    # Deep enough for some thousand events: shallow windows halve the throughput of mass work.
    return MappingProxyType({LANE_URGENT: 2 * _MIB, LANE_NORMAL: 8 * _MIB, LANE_BULK: 8 * _MIB})


@dataclass(frozen=True, slots=True)
class HubEndSettings:
    """The hub's end. `lane_window_bytes`: unacknowledged bytes by lane, `push_window_bytes`: not ruled on."""

    lane_window_bytes: Mapping[int, int] = field(default_factory=_lane_windows)
    push_window_bytes: int = 8 * _MIB
    poll_s: float = 1.0
    hello_timeout_s: float = 10.0
    notice_every_s: float = 5.0


@dataclass(frozen=True, slots=True)
class NodeEndSettings:
    """The node's end. `settled_s`: a stream that lived so long makes the next pause short again."""

    # More than all windows of the hub together, so that reading stops for a hub that ignores them only.
    inbox_bytes: int = 32 * _MIB
    poll_s: float = 1.0
    welcome_timeout_s: float = 10.0
    retry_after_s: float = 5.0
    drain_s: float = 5.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    settled_s: float = 10.0
