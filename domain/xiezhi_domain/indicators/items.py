"""The second table: the items (办理项) of the matters that were finished, by outcome (indicators.md, Common)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord, Work
from xiezhi_domain.terms import Channel, Outcome


def items_by_outcome(
    records: Iterable[MatterRecord], period: Period
) -> Mapping[tuple[str, Channel], Counter[Outcome]]:
    """Return, for each receiving court and channel, how many items of its finished matters ended how."""
    counted: dict[tuple[str, Channel], Counter[Outcome]] = {}
    for record in records:
        if record.work is Work.COOPERATION and record.left_at is None and period.contains(record.ended_at):
            items = counted.setdefault((record.receiver, record.channel), Counter())
            items.update(Outcome(outcome) for outcome in record.outcomes.values() if outcome)
    return counted
