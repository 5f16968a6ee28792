from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.courts import Court, CourtTree, parse_court_code, shipped_courts
from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason
from xiezhi_domain.terms import CourtLevel

SUZHOU = {
    "苏0505", "苏0506", "苏0507", "苏0508", "苏0509", "苏0581", "苏0582", "苏0583", "苏0585", "苏0591",
}  # fmt: skip
CODES = st.sampled_from([court.code for court in shipped_courts()])


def court(code: str, superior: str | None) -> Court:
    return Court(code, f"{code}法院", CourtLevel.BASIC, superior, None, None, "test")


@pytest.mark.parametrize("typed", ["最高法", "苏", "苏05", " 苏０５９１　", "兵01", "京0108"])
def test_codes_of_the_four_levels(typed: str) -> None:
    assert parse_court_code(typed) == typed.strip().replace("０５９１", "0591")


@pytest.mark.parametrize("typed", ["", "0591", "苏059", "苏05911", "口05", "苏州", "苏Ⅴ"])
def test_other_texts_are_no_codes(typed: str) -> None:
    with pytest.raises(InvalidInput, match="法院代字不正确") as caught:
        parse_court_code(typed, field="receiver")
    assert caught.value.fields[0].field == "receiver"


def test_the_shipped_table() -> None:
    tree = shipped_courts()
    assert {court.code for court in tree.subordinates("苏05")} == SUZHOU
    assert tree.get("苏0591").name == "苏州工业园区人民法院"
    assert len(tree) == 39
    levels = {"最高法": CourtLevel.SUPREME, "苏": CourtLevel.HIGH, "苏05": CourtLevel.INTERMEDIATE}
    assert {code: tree.get(code).level for code in levels} == levels
    for listed in tree:
        assert parse_court_code(listed.code) == listed.code
        assert set(listed.source.split("+")) <= {"C", "D"}
        assert (listed.superior is None) == (listed.code == "最高法")


def test_superiors_and_subtree() -> None:
    tree = shipped_courts()
    assert [court.code for court in tree.superiors("苏0591")] == ["苏05", "苏", "最高法"]
    assert tree.superiors("最高法") == ()
    assert tree.subtree("苏05") == SUZHOU | {"苏05"}
    assert "豫10" not in tree.subtree("苏")
    assert "苏0508" in tree
    assert "苏0599" not in tree


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [
        ("苏0591", "苏0508", "苏05"),
        ("苏05", "苏0591", "苏05"),
        ("苏0591", "苏0591", "苏0591"),
        ("赣0302", "赣0603", "赣"),
        ("苏0591", "豫1082", "最高法"),
    ],
)
def test_lowest_common_superior(a: str, b: str, common: str) -> None:
    assert shipped_courts().lowest_common_superior(a, b).code == common


@given(CODES, CODES)
def test_the_common_superior_is_above_both_and_nothing_lower_is(a: str, b: str) -> None:
    tree = shipped_courts()
    common = tree.lowest_common_superior(a, b)
    assert common == tree.lowest_common_superior(b, a)
    assert {a, b} <= tree.subtree(common.code)
    assert not any({a, b} <= tree.subtree(below.code) for below in tree.subordinates(common.code))


@pytest.mark.parametrize("ask", ["get", "superiors", "subordinates", "subtree"])
def test_an_unknown_court(ask: str) -> None:
    with pytest.raises(NotFound, match="苏0599") as caught:
        getattr(shipped_courts(), ask)("苏0599")
    assert caught.value.reason is Reason.UNKNOWN_COURT


def test_unknown_courts_and_separate_trees_have_no_common_superior() -> None:
    tree = CourtTree([court("苏", None), court("豫", None)])
    with pytest.raises(NotAllowed) as caught:
        tree.lowest_common_superior("苏", "豫")
    assert caught.value.reason is Reason.NO_COMMON_HUB
    with pytest.raises(NotFound):
        tree.lowest_common_superior("苏", "赣")


@pytest.mark.parametrize(
    ("courts", "complaint"),
    [
        ([court("苏", None), court("苏", None)], "重复"),
        ([court("苏05", "苏")], "不在名录中"),
        ([court("苏", "苏05"), court("苏05", "苏")], "成环"),
        ([court("苏", "苏")], "成环"),
    ],
)
def test_a_table_that_is_no_tree_is_refused(courts: list[Court], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        CourtTree(courts)


def test_codes_have_their_time() -> None:
    re_zoned = Court(
        "赣0622", "余江县人民法院", CourtLevel.BASIC, "赣06", date(2016, 1, 1), date(2018, 6, 30), "C"
    )
    in_use = {
        date(2015, 12, 31): False,
        date(2016, 1, 1): True,
        date(2018, 6, 30): True,
        date(2018, 7, 1): False,
    }
    assert {day: re_zoned.is_valid_on(day) for day in in_use} == in_use
    assert court("苏", None).is_valid_on(date(1900, 1, 1))
