import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.matternumber import MatterNumber, MatterQuery, parse_search

PARK = MatterNumber("苏0591", 2026, 1187)


def test_the_number_as_written_and_as_said() -> None:
    assert str(PARK) == "苏0591委〔2026〕1187号"
    assert PARK.short == "0591 1187"
    assert MatterNumber("苏", 2026, 3).short == "苏 3"
    assert MatterNumber("最高法", 2026, 3, "督").short == "最高法 3"


@pytest.mark.parametrize(
    "typed",
    [
        "苏0591委〔2026〕1187号",
        "苏０５９１ 委 (2026) 1187 号",
        "苏0591委［2026］01187",
        "苏0591委【2026】1187号",
    ],
)
def test_the_full_form_in_any_writing(typed: str) -> None:
    assert MatterNumber.parse(typed) == PARK


@pytest.mark.parametrize(
    "typed", ["", "0591 1187", "苏0591委1187号", "苏0591委〔2026〕0号", "（2026）苏0591执1187号"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="事项编号不正确"):
        MatterNumber.parse(typed)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("0591 1187", MatterQuery("0591", 1187)),
        ("　０５９１　１１８７ ", MatterQuery("0591", 1187)),
        ("苏0591 1187", MatterQuery("苏0591", 1187)),
        ("苏0591 1187号", MatterQuery("苏0591", 1187)),
        ("苏0591委〔2026〕1187号", MatterQuery("苏0591", 1187, 2026, "委")),
        ("05 12", MatterQuery("05", 12)),
        ("苏 3", MatterQuery("苏", 3)),
    ],
)
def test_the_search_box_reads_what_is_said_on_the_phone(typed: str, query: MatterQuery) -> None:
    assert parse_search(typed) == query


@pytest.mark.parametrize(
    "typed", ["", "1187", "张某某", "（2026）苏0591执1187号", "0591 0", "059 1187", "0591 11 87"]
)
def test_other_searches_are_left_alone(typed: str) -> None:
    assert parse_search(typed) is None


def test_a_query_finds_only_what_was_said() -> None:
    other_year, other_court = MatterNumber("苏0591", 2025, 1187), MatterNumber("豫0591", 2026, 1187)
    said = MatterQuery("0591", 1187)
    assert all(said.matches(matter) for matter in (PARK, other_year, other_court))
    assert not MatterQuery("苏0591", 1187).matches(other_court)
    assert not MatterQuery("0591", 118).matches(PARK)
    assert not MatterQuery("苏0591", 1187, 2026, "督").matches(PARK)
    assert not MatterQuery("苏0591", 1187, 2026).matches(other_year)


@given(
    court=st.sampled_from([court.code for court in shipped_courts()]),
    year=st.integers(2016, 9999),
    number=st.integers(1, 999_999_999),
)
def test_every_form_of_a_number_finds_it(court: str, year: int, number: int) -> None:
    matter = MatterNumber(court, year, number)
    assert MatterNumber.parse(str(matter)) == matter
    for said in (matter.short, f"{court} {number}", str(matter)):
        query = parse_search(said)
        assert query is not None
        assert query.matches(matter)


@given(st.integers(1, 999_999_999), st.integers(1_000, 9_999))
def test_what_is_written_is_read_as_written(number: int, year: int) -> None:
    park = MatterNumber("苏0591", year, number)
    assert MatterNumber.written(str(park)) == park


@pytest.mark.parametrize(
    "typed",
    ["苏0591委(2026)1187号", "苏0591委〔2026〕01187号", "苏0591委〔2026〕1187", " 苏0591委〔2026〕1187号"],
)
def test_another_spelling_is_not_as_written(typed: str) -> None:
    assert MatterNumber.written(typed) is None
