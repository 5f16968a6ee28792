"""The next rulebook: made of the one before and of documents, in force from its day, with a grace."""

from datetime import date

import pytest

from xiezhi_domain.errors import FormatError, InvalidInput, LimitExceeded
from xiezhi_domain.rulebook import (
    Rulebook,
    accepted_for_new,
    load_rulebook,
    newest_rulebook,
    rulebook_in_force,
    shipped_rulebook,
)
from xiezhi_domain.rulebook.describe import differences
from xiezhi_domain.rulebook.document import split_documents
from xiezhi_domain.rulebook.publishing import MOST_BYTES, check_areas, next_rulebook
from xiezhi_domain.rulebook.versions import next_version

SHIPPED = shipped_rulebook()
GUSU, PARK, THIRD = "苏0508", "苏0591", "苏0505"
DAY = date(2026, 12, 1)


def days(court: str, most: int) -> tuple[str, str]:
    """An overlay: for what *court* receives, orders to find somebody may ask for *most* days."""
    return f"{court}.toml", f'court = "{court}"\n[kind.FIND.limits.handle]\nmax_days = {most}\n'


def most_days(rulebook: Rulebook, receiver: str) -> int:
    return rulebook.rules("FIND", THIRD, receiver).max_limit_days


def test_an_overlay_is_laid_over_what_was_published_last() -> None:
    first = next_rulebook(SHIPPED, [days(GUSU, 9)], DAY)
    assert (first.version, first.valid_from, first.grace_days) == ("2026.2", DAY, SHIPPED.grace_days)
    second = next_rulebook(first, [days(PARK, 8)], DAY)
    assert (second.version, most_days(second, GUSU), most_days(second, PARK)) == ("2026.3", 9, 8)
    assert most_days(second, THIRD) == most_days(SHIPPED, THIRD)
    assert next_rulebook(SHIPPED, [days(GUSU, 9)], DAY).hash == first.hash


def test_an_area_is_written_anew_or_withdrawn() -> None:
    first = next_rulebook(SHIPPED, [days(GUSU, 9), days(PARK, 8)], DAY)
    again = next_rulebook(first, [days(GUSU, 6)], DAY)
    assert (most_days(again, GUSU), most_days(again, PARK)) == (6, 8)
    without = next_rulebook(again, [("苏0508.toml", f'court = "{GUSU}"\n')], DAY)
    assert (most_days(without, GUSU), most_days(without, PARK)) == (most_days(SHIPPED, GUSU), 8)


def test_a_new_version_of_the_national_rules_keeps_what_courts_want() -> None:
    local = next_rulebook(SHIPPED, [days(GUSU, 9)], DAY)
    newer = [
        (name, text.replace('version = "2026.1"', 'version = "2027.1"'))
        for name, text in split_documents(SHIPPED.content)
    ]
    after = next_rulebook(local, newer, DAY)
    assert (after.version, most_days(after, GUSU)) == ("2027.1", 9)
    unchanged = next_rulebook(local, split_documents(SHIPPED.content), DAY)
    assert {path for path, _, _ in differences(local, unchanged)} == {"version"}
    assert unchanged.version == "2026.3"


def test_slips_are_told_with_file_and_line() -> None:
    name, text = days(GUSU, 9)
    with pytest.raises(FormatError, match=rf"{name}:3 kind\.FIND\.limits\.handle\.max_dyas"):
        next_rulebook(SHIPPED, [(name, text.replace("max_days", "max_dyas"))], DAY)
    with pytest.raises(FormatError, match=r"broken\.toml 不是合法的 TOML"):
        next_rulebook(SHIPPED, [("broken.toml", "court = ")], DAY)


@pytest.mark.parametrize(
    ("valid_from", "version", "field"),
    [(date(2025, 12, 31), "", "valid_from"), (DAY, "2026.1", "version"), (DAY, "第二版", "version")],
)
def test_version_and_day_go_forwards(valid_from: date, version: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        next_rulebook(SHIPPED, [days(GUSU, 9)], valid_from, version)
    assert [each.field for each in refused.value.fields] == [field]


def test_something_of_a_size_that_travels_is_published() -> None:
    with pytest.raises(InvalidInput):
        next_rulebook(SHIPPED, [], DAY)
    with pytest.raises(LimitExceeded):
        next_rulebook(SHIPPED, [("x.toml", f'court = "{GUSU}"\n#' + "x" * MOST_BYTES)], DAY)


def test_a_hub_publishes_for_its_own_courts() -> None:
    check_areas([days(GUSU, 9), ("苏.toml", 'province = "苏"\n')], "苏05", {GUSU})
    for document in (days("浙0102", 9), ("浙.toml", 'province = "浙"\n')):
        with pytest.raises(FormatError, match=rf"{document[0]}:1 .*不在本枢纽的辖区内"):
            check_areas([document], "苏05", {GUSU})


def dated(version: str, valid_from: date) -> Rulebook:
    return next_rulebook(SHIPPED, [days(GUSU, 9)], valid_from, version)


def test_versions_are_numbers() -> None:
    ninth, tenth = dated("2026.9", DAY), dated("2026.10", DAY)
    assert newest_rulebook([tenth, ninth]) is tenth
    assert rulebook_in_force([tenth, ninth], DAY) is tenth
    assert [next_version(each) for each in ("2026.9", "2026", "test")] == ["2026.10", "2027", "1"]


def test_the_one_before_is_taken_until_its_grace_is_over() -> None:
    first, second = dated("2026.2", date(2026, 12, 1)), dated("2026.3", date(2026, 12, 3))
    published = [SHIPPED, first, second]

    def taken(day: int) -> set[str]:
        accepted = accepted_for_new(published, date(2026, 12, day))
        return {each.version for each in published if each.hash in accepted}

    assert accepted_for_new(published, date(2026, 11, 30)) == {SHIPPED.hash}
    assert taken(1) == {"2026.1", "2026.2"}
    assert taken(3) == {"2026.1", "2026.2", "2026.3"}
    assert taken(8) == {"2026.2", "2026.3"}
    assert taken(10) == {"2026.3"}


def test_without_a_grace_the_one_before_ends_on_the_day() -> None:
    content = SHIPPED.content.replace(b"grace_days = 7", b"grace_days = 0")
    strict = next_rulebook(load_rulebook(content), [days(GUSU, 9)], DAY)
    assert accepted_for_new([SHIPPED, strict], DAY) == {strict.hash}
