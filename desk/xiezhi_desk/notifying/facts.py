"""What may be told outside the platform: number, step, limit; of a confidential matter nothing (practice.md §16).

This record is all that templates see, so that no wording can tell more.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from xiezhi_domain.court_time import to_datetime, to_text
from xiezhi_domain.terms import EventKind, NotificationKind

CONFIDENTIAL_TEXT: Final = "请登录平台查看"
"""All that is said of a confidential matter, on every channel; no template changes it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One occasion as it may be told; `due_at` is in ms, 0 where there is none."""

    kind: NotificationKind
    instruction: str
    number: str
    step: str = ""
    limit: str = ""
    due_at: int = 0
    urgent: bool = False
    confidential: bool = False

    def for_template(self) -> dict[str, Any]:
        """Return what a template may name."""
        return {
            "kind": self.kind.zh,
            "number": self.number,
            "step": self.step,
            "limit": self.limit,
            "due": to_text(self.due_at) if self.due_at else "",
            "urgent": self.urgent,
        }

    def for_webhook(self, notification_id: str, court: str, at: int, text: str) -> dict[str, Any]:
        """Return the JSON that a system is told."""
        told: dict[str, Any] = {
            "id": notification_id,
            "court": court,
            "at": _iso(at),
            "type": "notification.confidential" if self.confidential else f"notification.{self.kind.lower()}",
            "text": text,
        }
        if self.confidential:
            return told
        told |= {"instruction_id": self.instruction, "number": self.number, "urgent": self.urgent}
        told |= {"step": self.step, "limit": self.limit}
        return told | ({"due_at": _iso(self.due_at)} if self.due_at else {})


def _iso(ms: int) -> str:
    return to_datetime(ms).astimezone(UTC).isoformat(timespec="seconds")


EXAMPLE: Final = Facts(
    NotificationKind.DUE_SOON,
    "0190b5a0-0000-7000-8000-000000000000",
    "苏0591委〔2026〕1187号",
    step=EventKind.COMPLETED.zh,
    limit="办理期限",
    due_at=1_796_054_399_999,
    urgent=True,
)
"""What templates are tried with."""
