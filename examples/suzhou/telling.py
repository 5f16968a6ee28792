"""What the audience reads: scenes and the timeline, in Chinese."""

import json
from collections.abc import Sequence

from xiezhi_client.sdk import TimelineEntry
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.terms import Mark


def say(title: str, text: str) -> None:
    """Tell a scene's *title* (empty: the scene goes on) and what happens."""
    if title:
        _print(f"\n{title}")
    if text:
        _print(f"  {text}")


def tell_timeline(timeline: Sequence[TimelineEntry]) -> None:
    """Tell each step with court, person, claimed and ruled time, and place in the log."""
    for entry in timeline:
        claimed = to_text(to_ms(entry.claimed_at)) if entry.claimed_at else ""
        ruled = to_text(to_ms(entry.ruled_at)) if entry.ruled_at else Mark.PENDING.zh
        who = entry.actor or "系统"
        _print(
            f"  {entry.sequence:>2}  {claimed}  {entry.court}  {entry.words}（{who}）"
            f"  受理 {ruled}  日志第 {entry.log_index} 项"
        )


def _print(text: str) -> None:
    print(json.dumps({"say": text}, ensure_ascii=False), flush=True)
