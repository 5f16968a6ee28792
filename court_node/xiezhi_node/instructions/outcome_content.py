"""What outcomes must say of the acts ordered, act by act, and how much they control (practice.md §1, §11).

The exact scope ordered, the exact act done and every deviation are fields: who departs from the order has to say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xiezhi.v1 import item_pb2
from xiezhi_desk.terms import ACTS, OUTCOMES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.item_fields import OUTCOME_FIELDS
from xiezhi_domain.rulebook import Effect, KindRules
from xiezhi_domain.terms import Act, Outcome
from xiezhi_node.fields import Fields
from xiezhi_node.ordering.item_checks import category_of, counts, parse_day, years_after
from xiezhi_node.ordering.required import asks, unfilled_of_outcome

_DONE: Final = OUTCOMES.to_proto(Outcome.DONE)
_MADE: Final = frozenset({_DONE, OUTCOMES.to_proto(Outcome.PARTLY_DONE)})
_DAYS: Final = ("starts_on", "credited_on")


class OutcomeContent:
    """One check of what a report says of `items`; `acts` are those ordered, known even where a body was erased."""

    def __init__(
        self,
        fields: Fields,
        rules: KindRules,
        acts: Mapping[int, str],
        items: Mapping[int, item_pb2.Item],
    ) -> None:
        self._fields = fields
        self._rules = rules
        self._acts = acts
        self._items = items

    def controlled(self, outcomes: Sequence[item_pb2.ItemOutcome]) -> dict[int, int]:
        """Return how much the outcomes control, in fen, by item; notes what they lack."""
        found: dict[int, int] = {}
        for at, outcome in enumerate(outcomes):
            if outcome.number in self._acts:
                controlled = self._outcome(f"outcomes[{at}]", outcome)
                if controlled is not None:
                    found[outcome.number] = controlled
        return found

    def _outcome(self, path: str, outcome: item_pb2.ItemOutcome) -> int | None:
        """Check one outcome; returns what it controls, None where the act does not count."""
        item = self._items.get(outcome.number, item_pb2.Item())
        ordered = Act(self._acts[outcome.number])
        done = self._act_done(path, outcome, ordered)
        for name in _DAYS:
            self._fields.require_day(f"{path}.{name}", getattr(outcome, name))
        self._fields.limit_text(f"{path}.occupation", outcome.occupation)
        self._fields.limit_text(f"{path}.service.taken_by", outcome.service.taken_by)
        made = outcome.outcome in _MADE
        if made:
            self._made(path, outcome, item, done)
            self._deviation(path, outcome, item, ordered)
        if not outcome.outcome or not counts(self._rules, ordered, item):
            return None
        return self._amount(outcome, item, done) if made else 0

    def _act_done(self, path: str, outcome: item_pb2.ItemOutcome, ordered: Act) -> Act:
        if not outcome.act_done:
            return ordered
        with self._fields.collecting():
            done = ACTS.from_proto(outcome.act_done, f"{path}.act_done")
            if done in self._rules.acts:
                return done
            self._fields.add(f"{path}.act_done", f"{self._rules.name}不办理“{done.zh}”，请核对实际办理的行为")
        return ordered

    def _made(self, path: str, outcome: item_pb2.ItemOutcome, item: item_pb2.Item, done: Act) -> None:
        category = category_of(item)
        for fields in unfilled_of_outcome(outcome, self._rules.content.rules_for(done), category):
            self._fields.add(f"{path}.{fields[0].path}", asks(fields, outcome.number))
        longest = self._rules.content.longest_for(category)
        until = parse_day(outcome.expires_on)
        if longest is None or until is None or self._rules.content.effect(done) is None:
            return
        begins = parse_day(item.earlier.expires_on) or parse_day(outcome.starts_on)
        begins = begins or to_date(outcome.done_at.ToMilliseconds())
        if until > years_after(begins, longest.years):
            source = longest.citation.source
            self._fields.add(f"{path}.expires_on", f"{done.zh}期限最长 {longest.years} 年（{source}）")

    def _deviation(self, path: str, outcome: item_pb2.ItemOutcome, item: item_pb2.Item, ordered: Act) -> None:
        differing = list(self._differing(outcome, item, ordered))
        if differing and not outcome.deviation.strip():
            words = "、".join(differing)
            self._fields.add(f"{path}.deviation", f"{words}与委托内容不一致，请写明情况和理由")

    def _differing(self, outcome: item_pb2.ItemOutcome, item: item_pb2.Item, ordered: Act) -> Iterator[str]:
        if outcome.act_done and outcome.act_done != ACTS.to_proto(ordered):
            yield "实际办理的行为"
        obtained, is_measure = outcome.amount_obtained_fen, ordered in self._rules.content.measures
        less = obtained < item.amount_fen and outcome.outcome == _DONE
        if is_measure and item.amount_fen and obtained and (less or obtained > item.amount_fen):
            yield OUTCOME_FIELDS["amount_obtained_fen"].zh
        if item.expires_on and outcome.expires_on and item.expires_on != outcome.expires_on:
            yield OUTCOME_FIELDS["expires_on"].zh

    def _amount(self, outcome: item_pb2.ItemOutcome, item: item_pb2.Item, done: Act) -> int:
        """Return what is controlled: nothing behind the measures of others; a property sealed at the sum ordered."""
        if self._rules.content.effect(done) is Effect.WAITS:
            return 0
        whole = item.amount_fen if outcome.outcome == _DONE else 0
        return outcome.amount_obtained_fen or whole
