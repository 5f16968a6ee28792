"""Where this node sits: its court, its hub, and what it has pinned when it joined."""

from dataclasses import dataclass, field

from sqlalchemy import select

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.courts import CourtTree
from xiezhi_domain.events.header import Seen
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.catching_up import CatchingUp
from xiezhi_node.rulebooks_in_force import RulebooksInForce

_SEEN = "seen"


@dataclass(slots=True)
class LogKeys:
    """Verifier keys of the log that followed the pinned one: those that sign `now`, and `every` one ever trusted."""

    now: tuple[str, ...] = ()
    every: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """The node's court and what it has been told once and for all; `in_force` and `rulebooks` follow the hub."""

    court: str
    hub_court: str
    origin: str
    log_vkey: str
    courts: CourtTree
    in_force: CalendarInForce
    rulebooks: RulebooksInForce
    catching_up: CatchingUp = field(default_factory=CatchingUp)
    log_keys: LogKeys = field(default_factory=LogKeys)

    @property
    def trusted_keys(self) -> tuple[VerifierKey, ...]:
        """The keys under which the log's new checkpoints are believed; ask for them each time."""
        return tuple(VerifierKey.parse(each) for each in self.log_keys.now or (self.log_vkey,))

    @property
    def log_vkeys(self) -> tuple[str, ...]:
        """Every key of the log that this node has trusted, for evidence of any age."""
        return tuple(dict.fromkeys((self.log_vkey, *self.log_keys.every)))

    @property
    def calendar(self) -> WorkingCalendar:
        """The calendar in force now; ask for it each time, an import replaces it."""
        return self.in_force.calendar

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook for new matters now; ask for it each time, and once where two answers have to agree."""
        return self.rulebooks.now()

    def rules_of(self, matter: Instruction) -> KindRules:
        """Return the rules that *matter* is under: those of the rulebook that it pins.

        :raises NotFound: UNKNOWN_KIND.
        """
        return self.rulebooks.pinned(matter.rulebook).rules(matter.kind, matter.sender, matter.receiver)


def last_seen(ledger: Ledger, origin: str) -> Seen:
    """Return the last checkpoint that this node has stored: what its events are not before (protocol §5)."""
    seen = ledger.cache.extras.get(_SEEN)
    if seen is None:
        table = tables.checkpoint
        query = select(table.c.size, table.c.root).order_by(table.c.size.desc()).limit(1)
        row = ledger.connection.execute(query).one_or_none()
        seen = Seen(origin, row.size, format_base64(row.root)) if row else Seen(origin)
        ledger.cache.extras[_SEEN] = seen
    assert isinstance(seen, Seen)
    return seen


def store_checkpoint(ledger: Ledger, origin: str, size: int, root: bytes, note: bytes) -> None:
    """Store a checked checkpoint, if it is newer than the last one."""
    before = last_seen(ledger, origin)
    if size > before.size:
        ledger.add_row(tables.checkpoint.name, (size, root, ledger.now, note))
        ledger.cache.extras[_SEEN] = Seen(origin, size, format_base64(root))
        ledger.on_undo(lambda: ledger.cache.extras.__setitem__(_SEEN, before))
