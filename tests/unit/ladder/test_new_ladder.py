"""A ladder of its own, added as a document: every move of it can be made, without a line of code."""

import pytest
from tests.unit.ladder.model import HUB_COURT, RULES
from tests.unit.ladder.ways import ways

from xiezhi_domain.clocks.plan import plan_of
from xiezhi_domain.errors import FormatError
from xiezhi_domain.ladder.marks import appeals_of, marks_of
from xiezhi_domain.rulebook import describe, load_rulebook
from xiezhi_domain.rulebook.document import join_documents, split_documents
from xiezhi_domain.terms import Appeal, Mark

OVERLAY = 'consultation = { words = "未答复的请示", mark = "COMPLAINT_OPEN", appeal = "DISPUTE" }'
# A superior's order: no return, no withdrawal, no refusal; a difficulty may be reported and does not suspend it.
ORDERS = """\
[ladder.orders.moves.Issued]
action = "ISSUE_ORDER"
side = "superior"
roles = ["BUREAU_CHIEF"]
starts = true
to = "ISSUED"
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.Delivered]
receipt = "Issued"
side = "receiver"
roles = []
from = ["ISSUED"]
once = true
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.Signed]
action = "SIGN"
side = "receiver"
roles = ["CENTRE_DIRECTOR"]
from = ["ISSUED"]
to = "EXECUTING"
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.DifficultyReported]
action = "CONSULT"
side = "receiver"
roles = ["BUREAU_CHIEF"]
from = ["EXECUTING"]
opens = "consultation"
forbids = ["consultation"]
facts = { reason = "difficulty" }
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.DifficultyAnswered]
side = "sender"
roles = ["BUREAU_CHIEF"]
from = ["EXECUTING", "ANSWERED"]
needs = ["consultation"]
closes = ["consultation"]
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.OrderAnswered]
action = "ANSWER_ORDER"
side = "receiver"
roles = ["BUREAU_CHIEF"]
from = ["EXECUTING"]
to = "ANSWERED"
source = "执行规定 70"
confirmed = false
[ladder.orders.moves.OrderClosed]
action = "CLOSE_ORDER"
side = "sender"
roles = ["BUREAU_CHIEF"]
from = ["ANSWERED"]
to = "CLOSED"
base = "exact"
source = "执行规定 70"
confirmed = false
[ladder.orders.drafting]
CREATE = ["SUPERVISOR"]
[ladder.orders.overlays]
consultation = { words = "未答复的请示", mark = "COMPLAINT_OPEN", appeal = "DISPUTE" }
[ladder.orders.reasons.difficulty]
NO_PROPERTY = "无可供执行财产"
[ladder.orders.limits.arrival]
title = "视为到达"
amount = 1
unit = "working_days"
starts = ["Issued"]
stops = ["Delivered"]
duty = false
source = "s"
confirmed = false
[kind.INSTRUCT]
name = "指令"
ladder = "orders"
number_word = "令"
confidential = false
machine_receipt = true
acts = []
subject_roles = []
max_items = 0
[kind.INSTRUCT.limits.handle]
title = "报告期限"
amount = 10
unit = "days"
min_days = 1
max_days = 30
starts = ["arrival"]
stops = ["OrderAnswered"]
source = "s"
confirmed = false
"""


def with_orders(text: str = ORDERS):
    return load_rulebook(join_documents([*split_documents(RULES.content), ("90-orders.toml", text)]))


def test_every_move_of_it_can_be_made():
    book = with_orders()
    found = ways("INSTRUCT", book)
    assert found.keys() == book.kind("INSTRUCT").moves.keys() - {"Issued"}
    assert found["OrderClosed"].steps == ("Signed", "OrderAnswered", "OrderClosed")
    assert {way.order.sender for way in found.values()} == {HUB_COURT}


def test_its_clocks_run_and_its_table_is_readable():
    rules = with_orders().kind("INSTRUCT")
    assert plan_of(rules).duties == {"handle"}
    words = [row[0] for row in describe.move_rows(rules)]
    assert words[:3] == ["推送委托", "已到达受托法院系统", "签收"]
    assert "OrderAnswered" in words


def test_what_its_overlays_show_and_wait_for_is_said_by_the_document():
    rules = with_orders().kind("INSTRUCT")
    assert marks_of(("consultation",), rules) == (Mark.COMPLAINT_OPEN,)
    assert appeals_of(("consultation",), rules) == (Appeal.DISPUTE,)
    # Words alone: neither shown nor awaited.
    plain = with_orders(ORDERS.replace(OVERLAY, 'consultation = "未答复的请示"')).kind("INSTRUCT")
    assert plain.overlays["consultation"].words == "未答复的请示"
    assert (marks_of(("consultation",), plain), appeals_of(("consultation",), plain)) == ((), ())


def test_a_refusal_says_the_words_of_its_overlay():
    rows = {row[0]: row[4] for row in describe.move_rows(with_orders().kind("INSTRUCT"))}
    assert "须有未答复的请示" in rows["DifficultyAnswered"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('to = "ANSWERED"', 'to = "REPORTED"', "没有一步会到达 ANSWERED"),
        ('needs = ["consultation"]', 'needs = ["talk"]', "没有一步会打开 talk"),
        ('reason = "difficulty"', 'reason = "hardship"', "hardship 不是事实类型，也不是原因表或词表"),
        ('mark = "COMPLAINT_OPEN"', 'mark = "SAD"', "overlays.consultation.mark：Mark 没有 SAD"),
        ('appeal = "DISPUTE"', 'appeal = "QUARREL"', "Appeal 没有 QUARREL"),
        ('appeal = "DISPUTE"', 'awaits = "DISPUTE"', "overlays.consultation.awaits：未知的键"),
        ("consultation = {", "talk = {", "overlays 中没有 consultation"),
        ('stops = ["OrderAnswered"]', 'stops = ["Answered"]', "Answered 既不是一步，也不是期限"),
    ],
)
def test_a_slip_in_it_is_found_at_start(old, new, told):
    with pytest.raises(FormatError, match=told):
        with_orders(ORDERS.replace(old, new))
