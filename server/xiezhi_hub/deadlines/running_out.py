"""What the hub's own court enters in the log when a limit has run out: 未到达 (protocol §4, practice.md §4)."""

from typing import Final

from xiezhi_domain.clocks import Deadline
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Role, Rung
from xiezhi_hub.deadlines.notices import not_arrived_row
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat, rule_on
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

ALERTED: Final = frozenset({Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER, Role.DUTY_OFFICER})


def log_running_out(
    ledger: Ledger, seat: Seat, matter: Instruction, deadline: Deadline, rules: KindRules
) -> bool:
    """Log the event of a limit that has run out, once for each time it ran, and alert both courts and the superior.

    Returns whether it was logged now. A limit that logs nothing, or a matter that has moved on, changes nothing.
    """
    kind = rules.limits[deadline.clock].logs
    if not kind or ledger.now <= deadline.due_at or matter.times.get(kind, -1) >= deadline.started_at:
        return False
    if matter.state not in rules.moves[kind].origins:
        return False
    # Every party is told; the header names one, and no court writes to itself.
    to = matter.receiver if matter.sender == seat.court else matter.sender
    event = own_event(ledger, seat, kind, matter.id, to, matter.head, {})
    if not rule_on(ledger, event, seat).accepted:
        return False
    for court in dict.fromkeys((matter.receiver, matter.sender, seat.court)):
        row = not_arrived_row(matter, deadline, court, ALERTED, Rung.ALERT, ledger.now)
        ledger.add_row(tables.notice.name, row)
    return True
