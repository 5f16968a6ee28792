import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.casenumber import CaseNumber, case_types
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "parts", "written"),
    [
        ("（2022）苏0591执1234号", (2022, "苏0591", "执", 1234, ""), "（2022）苏0591执1234号"),
        (
            "(2022) 苏0591 执恢 1234 号之一",
            (2022, "苏0591", "执恢", 1234, "之一"),
            "（2022）苏0591执恢1234号之一",
        ),
        ("〔２０２２〕苏０５９１执０１２号", (2022, "苏0591", "执", 12, ""), "（2022）苏0591执12号"),
        ("[2024]最高法执监344号", (2024, "最高法", "执监", 344, ""), "（2024）最高法执监344号"),
        ("(2023)湘执复244号", (2023, "湘", "执复", 244, ""), "（2023）湘执复244号"),
        ("(2023)京01民终9号之十二", (2023, "京01", "民终", 9, "之十二"), "（2023）京01民终9号之十二"),
        ("(2015)芙民初字第7479号", (2015, "芙", "民初", 7479, ""), "（2015）芙民初字第7479号"),
        ("(2014)园执字第0123-1号", (2014, "园", "执", 123, "-1"), "（2014）园执字第123-1号"),
        ("（2013）苏中执恢字第5号之二", (2013, "苏中", "执恢", 5, "之二"), "（2013）苏中执恢字第5号之二"),
        ("(2010)某商裁字第3号", (2010, "某商裁", "", 3, ""), "（2010）某商裁字第3号"),
    ],
)
def test_numbers_as_people_write_them(typed: str, parts: tuple, written: str) -> None:
    number = CaseNumber.parse(typed)
    assert (number.year, number.court, number.type_code, number.number, number.suffix) == parts
    assert str(number) == written


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("  ", "请填写案号"),
        ("2022苏0591执1234号", "括号中的四位收案年度"),
        ("（22）苏0591执1234号", "括号中的四位收案年度"),
        ("（1022）苏0591执1234号", "收案年度不正确"),
        ("（2022）苏0591执1234", "缺少“号”字"),
        ("（2022）苏0591执号", "案件编号不正确"),
        ("（2022）苏0591执1234号补", "案件编号不正确"),
        ("（2022）苏0591执0号", "不能为 0"),
        ("（2022）苏0591执12-1号", "连续的数字"),
        ("（2022）苏059执1234号", "法院代字"),
        ("（2022）口0591执1234号", "法院代字"),
        ("（2022）苏05911234号", "类型代字"),
        ("（2022）苏0591执行恢复1234号", "类型代字"),
        ("（2014）苏0591执1234号", "字第"),
        ("（2022）园执字第1234号", "没有“字第”"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_and_where(typed: str, complaint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        CaseNumber.parse(typed, field="source_case")
    assert complaint in caught.value.message
    assert [violation.field for violation in caught.value.fields] == ["source_case"]


def test_types_are_named_from_the_table() -> None:
    assert CaseNumber.parse("（2022）苏0591执恢1号").type_name == "恢复执行"
    assert CaseNumber.parse("（2022）苏0591知民终1号").type_name == "知民终"
    assert {"执", "执恢", "执保", "执异", "执复", "执监", "执协", "执他"} <= case_types().keys()


NEW_FORM = st.builds(
    CaseNumber,
    year=st.integers(2016, 9999),
    court=st.sampled_from([court.code for court in shipped_courts()]),
    type_code=st.sampled_from(sorted(case_types())),
    number=st.integers(1, 999_999_999),
    suffix=st.sampled_from(["", "之一", "之十二"]),
)
OLD_FORM = st.builds(
    CaseNumber,
    year=st.integers(1949, 2015),
    court=st.sampled_from(["芙", "园", "苏中", "姑苏"]),
    type_code=st.sampled_from(["执", "执恢", "民初", "商初"]),
    number=st.integers(1, 999_999_999),
    suffix=st.sampled_from(["", "-1", "之一"]),
)


@given(NEW_FORM | OLD_FORM)
def test_what_is_written_is_read_back(number: CaseNumber) -> None:
    assert CaseNumber.parse(str(number)) == number


@given(st.text() | st.from_regex(r"[(（][0-9]{4}[)）][苏执字第0-9]*号?", fullmatch=True))
def test_any_text_is_a_number_or_invalid_input(text: str) -> None:
    try:
        number = CaseNumber.parse(text)
    except InvalidInput:
        return
    assert CaseNumber.parse(str(number)) == number
