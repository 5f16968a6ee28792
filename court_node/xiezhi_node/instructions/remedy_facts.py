"""The facts of a remedy's event, read from its request as the rulebook's move asks for them.

A fact is a request's field of the same name, but for what the node works out: the end of a period that the rules
fix, papers as their kinds and counts, the times at which items were done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import document_pb2
from xiezhi_desk.fact_words import codes_of
from xiezhi_desk.terms import CASE_STATUS_CHANGES, PAPER_TYPES
from xiezhi_domain import terms
from xiezhi_domain.calendar import WorkingCalendar, end_of_day_ms
from xiezhi_domain.clocks.period import end_after_pause
from xiezhi_domain.court_time import to_date
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.events.canonical_json import JsonObject, JsonValue
from xiezhi_domain.handover.seizures import is_day
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import FactRule, FactType, KindRules, Move, NewDue
from xiezhi_domain.terms import PaperType
from xiezhi_node.acting.issue import due_at
from xiezhi_node.fields import Fields
from xiezhi_node.handover.stated import rows_of
from xiezhi_node.instructions.checks import CLOCK_TOLERANCE_MS

_TIMES: Final = {"called": "called_at", "promise": "promised_at"}
_AHEAD: Final = frozenset({"expires_on"})
"""Days that may lie ahead; all others say what was done."""
UNTIL: Final = "until_on"
"""The field of a request that names the last day of a period."""


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads the facts of one request; notes in `fields` what is wrong. `now` is ms since 1970.

    `documents` are those that the request names and that lie here; `request` is one of the contract's messages.
    """

    request: Any
    fields: Fields
    view: Instruction
    rules: KindRules
    calendar: WorkingCalendar
    now: int
    documents: Mapping[bytes, document_pb2.Document]

    def facts(self, move: Move) -> JsonObject:
        """Return the facts of *move*; those that it may leave out only where the request says them."""
        found: JsonObject = {}
        for rule in move.facts:
            value = self._fact(rule, move)
            if value is not None:
                found[rule.name] = value
        return found

    def _fact(self, rule: FactRule, move: Move) -> "JsonValue | None":
        match rule.type:
            case FactType.CODE:
                return self._code(rule)
            case FactType.COURT:
                return self._court(rule)
            case FactType.TIME:
                return self._moment(rule, move)
            case FactType.PAPERS:
                return self._papers(required=rule.required)
            case FactType.TIMES:
                return [
                    [outcome.number, outcome.done_at.ToMilliseconds()]
                    for outcome in self.request.outcomes
                    if outcome.HasField("done_at")
                ]
            case FactType.SUMS:
                return [[row.number, row.amount_fen] for row in getattr(self.request, rule.name)]
            case FactType.SEIZURES:
                with self.fields.collecting():
                    return rows_of(self.request.seizures)
                return None
            case FactType.DAY | FactType.COUNT:
                return self._plain(rule)
            case _:
                return None

    def _moment(self, rule: FactRule, move: Move) -> int | None:
        match rule.name:
            case "due":
                return self._due(move)
            case "until":
                return self._suspended_until()
            case _:
                return self._time(_TIMES[rule.name], required=rule.required)

    def _plain(self, rule: FactRule) -> "str | int | None":
        """Return a day or a number; None for one that is no field of the request, which the node works out."""
        names = (f"{rule.name}_on", f"{rule.name}_fen", rule.name)
        name = next((each for each in names if each in self.request.DESCRIPTOR.fields_by_name), "")
        if not name:
            return None
        value: str | int = getattr(self.request, name)
        if rule.type is FactType.COUNT and isinstance(value, int) and value < 0:
            self.fields.add(name, "不能为负数")
        elif rule.type is FactType.DAY and not is_day(value):
            self.fields.add(name, "请填写日期，例如 2026-11-22")
        elif rule.type is FactType.DAY and name not in _AHEAD and str(value) > str(to_date(self.now)):
            self.fields.add(name, "日期不能晚于今天")
        return value

    def _code(self, rule: FactRule) -> str | None:
        given, codes = getattr(self.request, rule.name), codes_of(rule, self.rules)
        if isinstance(given, int):
            with self.fields.collecting():
                return str(CASE_STATUS_CHANGES.from_proto(given, rule.name))
            return None
        if given not in codes:
            self.fields.add(rule.name, f"请选择：{'、'.join(codes.values())}")
        return given or None

    def _court(self, rule: FactRule) -> str | None:
        with self.fields.collecting():
            return parse_court_code(getattr(self.request, rule.name), rule.name)
        return None

    def _time(self, field: str, *, required: bool) -> int | None:
        """Return a time of the request; where a time is needed and none is given, it is now."""
        given: Timestamp = getattr(self.request, field)
        if not self.request.HasField(field):
            return self.now if required else None
        at = given.ToMilliseconds()
        if at < 0 or (required and at > self.now + CLOCK_TOLERANCE_MS):
            self.fields.add(field, "时间不能晚于现在")
        return max(at, 0)

    def _papers(self, *, required: bool) -> "JsonValue | None":
        asked = getattr(self.request, "papers", None)
        if asked is not None:
            kinds = [paper.paper_type for paper in asked]
        else:
            kinds = [document.paper_type for document in self.documents.values()]
        counts: dict[str, JsonValue] = {}
        for at, kind in enumerate(kinds):
            with self.fields.collecting():
                paper = str(PAPER_TYPES.from_proto(kind, f"papers[{at}].paper_type"))
                counts[paper] = kinds.count(kind)
        return counts if counts or required else None

    def _due(self, move: Move) -> int | None:
        """Return the end of the period as the rules fix it, or as the request asks for or grants it."""
        view, handle = self.view, self.rules.limits["handle"]
        match move.due:
            case NewDue.AFRESH:
                urgent = view.urgent and not move.makes_ordinary
                return due_at(self.now, view.limit_days, self.rules, self.calendar, urgent=urgent)
            case NewDue.PAUSE:
                _, unit = handle.period(urgent=view.urgent)
                return end_after_pause(view.due, unit, view.suspended_since, self.now, self.calendar)
            case NewDue.EXTEND if not getattr(self.request, UNTIL):
                return view.asked_due
            case NewDue.EXTEND | None:
                return self._until()
            case NewDue.REDO | NewDue.ORDERED:
                # Not a court's to state here: it stays, or the superior orders it.
                return None

    def _suspended_until(self) -> int | None:
        """Return the last moment of the day until which the work is suspended; None where none is given."""
        text = getattr(self.request, UNTIL, "")
        self.fields.require_day(UNTIL, text)
        return end_of_day_ms(date.fromisoformat(text)) if is_day(text) else None

    def _until(self) -> int | None:
        text = getattr(self.request, UNTIL)
        self.fields.require_day(UNTIL, text)
        try:
            until = end_of_day_ms(date.fromisoformat(text))
        except ValueError:
            if not text:
                self.fields.add(UNTIL, "请填写延期至哪一天，例如 2026-12-01")
            return None
        if until <= self.view.due:
            self.fields.add(UNTIL, "应晚于现在的办理期限")
        return until


def needed_papers(view: Instruction, rules: KindRules) -> frozenset[PaperType]:
    """Return the papers that the acts of a matter need, whatever lies here already."""
    acts = frozenset(terms.Act(act) for act in view.items.values())
    return frozenset(paper for paper, _ in rules.missing_papers(acts, frozenset()))
