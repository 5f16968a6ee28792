"""Which delegations of whole cases may be issued: between which courts, with which seizures and papers."""

from datetime import timedelta

import pytest
from tests.example_rules import EXAMPLE_RULES
from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN
from tests.unit.ladder.orders import facts_of_order

from xiezhi_domain.calendar import end_of_day_ms, months_after
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Refusal, Standing, decide
from xiezhi_domain.rulebook import Rulebook, load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.document import join_documents, split_documents

NOW = 1_767_225_600_000
KIND = "CASE_DELEGATION"
HERE, NEXT_DOOR, ELSEWHERE, ABOVE = "苏0591", "苏0508", "豫1002", "豫10"
MONTH = months_after(to_date(NOW), 1)


def judged(sender: str, receiver: str, rulebook: Rulebook = EXAMPLE_RULES, **more: object) -> Refusal | None:
    """What the hub says of an order with complete papers; *more* are further facts."""
    rules = rulebook.rules(KIND, sender, receiver)
    header = Header(
        id="event-1",
        instruction="matter",
        kind="Issued",
        sender=sender,
        to=receiver,
        base=Base(),
        seen=Seen(ORIGIN),
        at=NOW,
        key="key",
        body="",
        facts=facts_of_order(rules, sender, NOW, **more),
        hub=ORIGIN,
        rulebook=rulebook.hash,
    )
    return decide(None, header, Footing(Standing.HEAD), rulebook, HUB_COURT, CALENDAR)


def seizures(*ends: int, rank: int = 1) -> dict:
    """Facts of seizures with these ends (ms)."""
    return {
        "ranks": [[number, rank] for number, _ in enumerate(ends, 1)],
        "expiries": [[number, end] for number, end in enumerate(ends, 1)],
    }


def test_it_goes_to_a_court_of_the_same_level_in_another_province() -> None:
    assert judged(HERE, ELSEWHERE, shipped_rulebook()) is None
    refused = judged(HERE, ABOVE, shipped_rulebook())
    assert refused is not None
    assert (refused.reason, refused.text) == (Reason.WRONG_COURT, "应委托给同级法院")
    assert "第3条" in refused.source


def test_within_a_province_it_is_refused_unless_the_province_allows_it() -> None:
    refused = judged(HERE, NEXT_DOOR, shipped_rulebook())
    assert refused is not None
    assert (refused.reason, refused.text) == (Reason.WRONG_COURT, "省内请用事项委托或报请指定执行")
    assert judged(HERE, NEXT_DOOR, EXAMPLE_RULES) is None
    # What one province allows its courts opens nothing to the courts of another.
    assert judged(ELSEWHERE, "豫1003", EXAMPLE_RULES) == refused


def test_a_court_alone_cannot_let_itself_in() -> None:
    document = f'court = "{NEXT_DOOR}"\n[kind.{KIND}]\nwithin_province = true\n'
    content = join_documents([*split_documents(shipped_rulebook().content), ("own.toml", document)])
    with pytest.raises(FormatError, match="within_province：此处不能改写"):
        load_rulebook(content)


def test_a_seizure_with_less_than_a_month_left_is_renewed_first() -> None:
    last_day = end_of_day_ms(MONTH)
    assert judged(HERE, ELSEWHERE, **seizures(last_day)) is None
    day_before = end_of_day_ms(MONTH - timedelta(days=1))
    refused = judged(HERE, ELSEWHERE, **seizures(last_day, day_before))
    assert refused is not None
    assert (refused.reason, refused.source) == (Reason.INVALID_FIELD, "委托执行规定 第6条")
    assert refused.text == "序号 2 的查封剩余期限不足1个月，应先续行查封再移交"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ranks": [[1, 1]]},
        {"ranks": [[1, 0]], "expiries": [[1, end_of_day_ms(MONTH)]]},
        {"ranks": [[1, 1]], "expiries": [[2, end_of_day_ms(MONTH)]]},
    ],
    ids=["without an end", "without a rank", "of another"],
)
def test_every_seizure_has_a_rank_and_an_end(wrong: dict) -> None:
    refused = judged(HERE, ELSEWHERE, **wrong)
    assert refused is not None
    assert (refused.reason, refused.detail) == (Reason.INVALID_FIELD, "ranks")


def test_each_of_the_enclosures_is_asked_for_and_only_the_last_may_lack() -> None:
    rules = EXAMPLE_RULES.kind(KIND)
    asked = {str(paper): 1 for rule in rules.papers for paper in rule.papers}
    assert len(rules.papers) == 8
    for rule in rules.papers:
        for paper in rule.papers:
            rest = {name: count for name, count in asked.items() if name != paper}
            refused = judged(HERE, ELSEWHERE, papers=rest)
            assert (refused is None) == rule.optional
            if refused is not None:
                assert refused.reason is Reason.PAPERS_MISSING
                assert refused.text == f"缺少：{paper.zh}"
