"""Rulebooks of several documents: overlays of provinces and courts, kinds added as data, versions."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.example_rules import EXAMPLE_RULES
from tests.unit.ladder.histories import AT, RECEIVER, SENDER, step
from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN
from tests.unit.ladder.orders import DAY

from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Standing, decide, fold
from xiezhi_domain.rulebook import load_rulebook, rulebook_in_force, shipped_rulebook
from xiezhi_domain.rulebook.document import join_documents, split_documents
from xiezhi_domain.terms import Act, Kind, PaperType, Role, State

SHIPPED = shipped_rulebook()
JIANGSU = """\
province = "苏"
[ladder.cooperation.limits.sign_jiangsu]
title = "江苏签收期限"
amount = 4
unit = "hours"
starts = ["arrival"]
stops = ["Signed"]
source = "s"
confirmed = false
[kind.FIND.limits.handle]
amount = 5
"""
KUNSHAN = """\
court = "苏0583"
[[kind.FIND.papers]]
acts = ["SITE_CHECK"]
papers = ["PHOTO"]
reason = "r"
source = "s"
confirmed = false
local = true
[ladder.cooperation.approval.bureau]
roles = ["COURT_LEADER"]
[kind.FIND]
channel = "NATIONAL_SYSTEM"
[kind.FIND.limits.handle]
amount = 6
"""
ESCORT = """\
[kind.ESCORT]
name = "押解协助"
ladder = "cooperation"
number_word = "押"
confidential = true
machine_receipt = true
complete_papers = true
acts = ["CONTROL_PERSON"]
subject_roles = ["DEBTOR"]
max_items = 1
[[kind.ESCORT.papers]]
acts = []
papers = ["DETENTION_DECISION"]
reason = "r"
source = "s"
confirmed = false
[[kind.ESCORT.feedback]]
acts = []
papers = ["ENFORCEMENT_RECORD"]
reason = "r"
source = "s"
confirmed = false
[kind.ESCORT.limits.handle]
title = "t"
amount = 2
unit = "days"
min_days = 1
max_days = 3
starts = ["arrival"]
stops = ["Completed"]
source = "s"
confirmed = false
"""
RECORD = {"papers": {"ENFORCEMENT_RECORD": 1}, "outcomes": [[1, "DONE", ""]]}


def shipped_with(*documents):
    return load_rulebook(join_documents([*split_documents(SHIPPED.content), *documents]))


LAID_OVER = shipped_with(("苏.toml", JIANGSU), ("昆山.toml", KUNSHAN))


def test_without_overlays_the_rules_are_the_same_for_everybody():
    assert SHIPPED.rules("FIND", SENDER, RECEIVER) == SHIPPED.kind("FIND")


@pytest.mark.parametrize(
    ("sender", "receiver", "days", "in_jiangsu"),
    [
        ("苏0591", "苏0508", 5, True),
        ("苏0591", "苏0583", 6, True),
        ("苏0583", "苏0591", 5, True),
        ("浙0102", "苏0508", 7, False),
        ("苏0508", "浙0102", 7, False),
        ("浙0102", "苏0583", 6, False),
    ],
)
def test_a_provinces_limits_hold_between_its_courts_and_a_courts_for_what_it_receives(
    sender, receiver, days, in_jiangsu
):
    rules = LAID_OVER.rules("FIND", sender, receiver)
    assert rules.limits["handle"].amount == days
    assert ("sign_jiangsu" in rules.limits) == in_jiangsu
    assert rules.limits["sign"] == SHIPPED.kind("FIND").limits["sign"]


def test_a_courts_papers_are_asked_of_who_sends_to_it_its_approvals_of_its_own_people():
    acts, present = frozenset({Act.SITE_CHECK}), frozenset({PaperType.ENTRUSTMENT_LETTER})
    to_kunshan, from_kunshan = (
        LAID_OVER.rules("FIND", *pair) for pair in (("苏0591", "苏0583"), ("苏0583", "苏0591"))
    )
    assert [(paper, rule.local) for paper, rule in to_kunshan.missing_papers(acts, present)] == [
        (PaperType.PHOTO, True)
    ]
    assert from_kunshan.missing_papers(acts, present) == []
    deposit = LAID_OVER.rules("ENTRUST_DEPOSIT", "苏0583", "苏0591")
    assert deposit.approval_chain(["FREEZE"]) == ({Role.COURT_LEADER},)
    assert (to_kunshan.channel, from_kunshan.channel) == ("PLATFORM", "NATIONAL_SYSTEM")


def test_the_kind_is_a_plain_text_whoever_asks_first():
    assert type(load_rulebook(EXAMPLE_RULES.content).rules(Kind.FIND, SENDER, RECEIVER).kind) is str


def test_the_order_of_the_documents_makes_another_hash_and_no_other_rules():
    turned = shipped_with(("昆山.toml", KUNSHAN), ("苏.toml", JIANGSU))
    assert turned.hash != LAID_OVER.hash
    pair = ("FIND", "苏0591", "苏0583")
    assert turned.rules(*pair) == LAID_OVER.rules(*pair)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("amount = 5", "amuont = 5", r"苏\.toml:11 kind\.FIND\.limits\.handle\.amuont：未知的键"),
        ("kind.FIND.limits", "kind.FOUND.limits", r"苏\.toml:10 kind\.FOUND：规则库没有"),
        ("[kind.FIND.limits.handle]\namount = 5", "[kind.FIND]\nmax_items = 1", r"max_items：此处不能改写"),
        ('stops = ["Signed"]', 'stops = ["Sung"]', r"苏\.toml:7 .*stops：Sung"),
        ('province = "苏"', 'province = "苏05"', r"苏\.toml:1 province"),
        ('province = "苏"', 'court = "苏5"', r"苏\.toml:1 court"),
        ('province = "苏"', 'province = "苏"\ncolour = 1', r"苏\.toml:2 colour：未知的键"),
    ],
)
def test_a_slip_in_an_overlay_is_found_at_start(old, new, told):
    assert old in JIANGSU
    with pytest.raises(FormatError, match=told):
        shipped_with(("苏.toml", JIANGSU.replace(old, new, 1)))


def test_what_stands_in_two_files_is_a_slip():
    with pytest.raises(FormatError, match=r"twice\.toml:1 version：已在另一文件中写过"):
        shipped_with(("twice.toml", 'version = "2"'))


def test_a_version_is_in_force_from_its_day():
    later = load_rulebook(SHIPPED.content.replace(b"valid_from = 2026-01-01", b"valid_from = 2026-07-01"))
    both = [later, SHIPPED]
    assert rulebook_in_force(both, date(2026, 6, 30)) is SHIPPED
    assert rulebook_in_force(both, date(2026, 7, 1)) is later
    assert rulebook_in_force(both, date(2025, 12, 31)) is SHIPPED


def test_a_kind_that_is_data_alone_works_from_the_order_to_the_end():
    book = shipped_with(("escort.toml", ESCORT))
    facts = {
        "kind": "ESCORT",
        "number": f"{SENDER}押〔2026〕1号",
        "lane": 2,
        "urgent": False,
        "limit_days": 2,
        "due": AT + 2 * DAY,
        "items": [[1, "CONTROL_PERSON"]],
        "papers": {"DETENTION_DECISION": 1},
        "documents": 1,
        "role": "CENTRE_OFFICER",
    }
    issued = Header(
        *("e", "m", "Issued", SENDER, RECEIVER, Base(), Seen(ORIGIN), AT, "key", "", facts),
        hub=ORIGIN,
        rulebook=book.hash,
    )
    bare = replace(issued, facts={**facts, "papers": {}})
    refused = decide(None, bare, Footing(Standing.HEAD), book, HUB_COURT, CALENDAR)
    assert (refused.reason, refused.text) == (Reason.PAPERS_MISSING, "缺少：拘留决定书")
    assert decide(None, issued, Footing(Standing.HEAD), book, HUB_COURT, CALENDAR) is None
    state = fold(None, issued, step(1), AT, book)
    for kind, sender, more in [
        ("Delivered", RECEIVER, {}),
        ("Signed", RECEIVER, {"role": "CENTRE_OFFICER"}),
        ("Assigned", RECEIVER, {"role": "CENTRE_OFFICER"}),
        ("Completed", RECEIVER, {"role": "JUDGE", **RECORD}),
        ("Confirmed", SENDER, {"role": "JUDGE"}),
    ]:
        base = Base(state.head.id, state.head.seq, state.head.hash)
        made = replace(
            issued,
            kind=kind,
            sender=sender,
            to=state.other_court(sender),
            base=base,
            facts=more,
            hub="",
            rulebook="",
        )
        footing = Footing(Standing.HEAD, state.head.seq)
        if kind == "Completed":
            unproven = replace(made, facts={**more, "papers": {}})
            assert decide(state, unproven, footing, book, HUB_COURT, CALENDAR).reason == Reason.PAPERS_MISSING
        assert decide(state, made, footing, book, HUB_COURT, CALENDAR) is None, kind
        state = fold(state, made, step(state.head.seq + 1), AT, book)
    assert state.state == State.CONFIRMED
