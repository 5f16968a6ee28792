"""What a court lays over the rulebook itself: its own document alone, and what of it needs its superior's consent."""

import re
from datetime import date, timedelta

import pytest
from tests.example_rules import EXAMPLE_RULES as RULES

from xiezhi_domain.errors import FormatError, InvalidInput, LimitExceeded
from xiezhi_domain.rulebook import load_rulebook
from xiezhi_domain.rulebook.own_rules import (
    MOST_BYTES,
    changed_keys,
    needing_consent,
    own_document,
    with_own,
)

COURT, OTHER = "苏0508", "苏0505"
DAY = date(2026, 12, 1)
PAPERS = f"""\
court = "{COURT}"
[[kind.FIND.papers]]
acts = ["LOCATE_PERSON"]
papers = ["PHOTO"]
reason = "本院要求附照片"
source = "本地要求"
confirmed = false
local = true
"""
APPROVAL = f"""\
court = "{COURT}"
[ladder.cooperation.approval.leader]
order = 2
roles = ["COURT_LEADER"]
source = "本院规定"
confirmed = true
"""
CHANNEL = f'court = "{COURT}"\n[kind.FIND]\nchannel = "PAPER"\n'


def laid(content: str, newest=RULES, ahead: int = 0):
    """The rulebook with the court's document, as it is made on `DAY`."""
    document = own_document(COURT, "gusu.toml", content)
    return with_own(newest, document, DAY + timedelta(days=ahead), DAY)


@pytest.mark.parametrize(
    ("content", "keys", "consent"),
    [
        (APPROVAL, {"approval"}, ()),
        (PAPERS, {"papers"}, ("papers",)),
        (CHANNEL, {"channel"}, ("channel",)),
        (PAPERS + APPROVAL.partition("\n")[2], {"papers", "approval"}, ("papers",)),
        ("", set(), ()),
    ],
)
def test_what_concerns_the_court_alone_needs_no_consent(content, keys, consent):
    after = laid(content)
    changed = changed_keys(RULES, after, COURT)
    assert (changed, needing_consent(RULES, after, changed, DAY)) == (keys, consent)


def test_a_late_day_needs_consent_whatever_it_is_for():
    days = RULES.own_rules.alone_days
    for ahead, consent in ((days, ()), (days + 1, ("valid_from",))):
        assert needing_consent(RULES, laid(APPROVAL, ahead=ahead), frozenset({"approval"}), DAY) == consent
    late = laid(PAPERS, ahead=days + 1)
    assert needing_consent(RULES, late, frozenset({"papers"}), DAY) == ("papers", "valid_from")


def test_a_day_that_was_moved_on_is_not_moved_on_further_by_the_next():
    days = RULES.own_rules.alone_days
    moved = laid(PAPERS, ahead=days)
    for ahead, consent in ((0, ()), (days, ()), (days + 1, ("valid_from",))):
        after = laid(APPROVAL, moved, ahead)
        assert needing_consent(moved, after, frozenset({"approval"}), DAY) == consent
    # What was published for a late day by consent is not moved by whoever begins with it.
    late = laid(PAPERS, ahead=days + 1)
    assert needing_consent(late, laid(APPROVAL, late), frozenset({"approval"}), DAY) == ()


def test_no_court_wants_anything_in_a_very_far_time():
    days = RULES.own_rules.latest_days
    assert laid(APPROVAL, ahead=days).valid_from == DAY + timedelta(days=days)
    for ahead in (days + 1, (date.max - DAY).days):
        with pytest.raises(InvalidInput, match=f"生效日期最迟为 {DAY + timedelta(days=days)}"):
            laid(APPROVAL, ahead=ahead)


def test_what_is_taken_back_is_a_change_like_any_other():
    with_papers = laid(PAPERS)
    assert changed_keys(with_papers, laid("", with_papers), COURT) == {"papers"}
    assert changed_keys(with_papers, laid(PAPERS, with_papers), COURT) == frozenset()
    assert changed_keys(with_papers, laid("", with_papers), OTHER) == frozenset()


def test_under_rules_that_say_nothing_everything_waits():
    content = RULES.content.decode().replace('alone = ["approval", "feedback"]', "alone = []")
    rules = load_rulebook(content.encode())
    assert needing_consent(rules, laid(APPROVAL, rules), frozenset({"approval"}), DAY) == ("approval",)


@pytest.mark.parametrize(("key", "days"), [("alone_days", -1), ("latest_days", 4000)])
def test_days_that_cannot_be_meant_are_a_slip(key, days):
    content = re.sub(rf"(?m)^{key} = \d+$", f"{key} = {days}", RULES.content.decode())
    with pytest.raises(FormatError, match=f"own_rules.{key}：应为 0 至"):
        load_rulebook(content.encode())


def test_what_no_court_may_say_cannot_be_left_to_it():
    content = RULES.content.decode().replace('alone = ["approval"', 'alone = ["within_province"')
    with pytest.raises(FormatError, match="within_province 不是法院可以自定的内容"):
        load_rulebook(content.encode())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PAPERS.replace("papers = [", "paper = ["), "gusu.toml:4 kind.FIND.papers.paper：未知的键"),
        (PAPERS.replace(COURT, OTHER), f'gusu.toml:1 court：只能写本院 "{COURT}" 的要求'),
        (PAPERS.replace(f'court = "{COURT}"', 'province = "苏"'), f'应以 court = "{COURT}" 开头'),
        (
            f'court = "{COURT}"\n[kind.FIND]\nwithin_province = true\n',
            "gusu.toml:3 kind.FIND.within_province",
        ),
        (f'court = "{COURT}"\n[kind.FIND]\nacts = []\n', "gusu.toml:3 kind.FIND.acts：此处不能改写"),
        (f'court = "{COURT}"\n[ladder.cooperation.moves.Signed]\nroles = []\n', "此处不能改写"),
        (f'court = "{COURT}"\nversion = "9"\n', "gusu.toml:2 version：未知的键"),
    ],
)
def test_a_slip_is_told_with_file_and_line(content, told):
    with pytest.raises(FormatError) as refused:
        laid(content)
    assert told in refused.value.message


def test_one_document_of_one_name_and_no_very_long_one():
    smuggled = f'{APPROVAL}+++ x.toml\ncourt = "{OTHER}"\n'
    for name, content in (("a.toml", smuggled), (f"a\n{OTHER}", APPROVAL), ("a" * 101, APPROVAL)):
        with pytest.raises(InvalidInput):
            own_document(COURT, name, content)
    with pytest.raises(LimitExceeded):
        own_document(COURT, "a.toml", "本" * (MOST_BYTES // 3 + 1))
