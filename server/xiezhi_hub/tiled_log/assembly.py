"""The listener of the log's files, if the hub has one."""

import time

from xiezhi_hub.parts import Parts
from xiezhi_hub.tiled_log.answering import LogAnswers
from xiezhi_hub.tiled_log.listener import LogListener
from xiezhi_wire.limits import RateLimiter


def log_listeners(parts: Parts) -> list[LogListener]:
    """Return the listener of the log's files; none where the settings name no address."""
    settings = parts.hub.settings
    if not settings.log_address:
        return []
    limiter = RateLimiter(settings.calls_per_second, settings.calls_at_once, _monotonic_ms)
    answers = LogAnswers(parts.hub.journal, parts.gate, limiter, parts.revocations.is_revoked)
    return [LogListener(settings.log_address, parts.hub.paths.material, answers)]


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000
