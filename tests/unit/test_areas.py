"""Areas of addresses, and rounds that go along the roads."""

import pytest

from xiezhi_domain.areas import area_of, visit_key


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("苏州市姑苏区平江街道演示路12号", "姑苏区平江街道"),
        ("江苏省苏州市姑苏区演示路一号", "姑苏区"),
        ("姑苏区平江街道", "姑苏区平江街道"),
        ("某县演示镇演示村3组", "某县演示镇"),
        ("演示路三号", ""),
        ("", ""),
    ],
)
def test_an_area_is_district_and_town(address: str, area: str) -> None:
    assert area_of(address) == area


def test_a_round_goes_area_by_area_and_along_each_road_by_number() -> None:
    road = "苏州市姑苏区平江街道演示路"
    addresses = ["演示路三号", f"{road}12号", "苏州市虎丘区枫桥街道演示巷3号", f"{road}2号"]
    assert sorted(addresses, key=visit_key) == [
        f"{road}2号",
        f"{road}12号",
        "苏州市虎丘区枫桥街道演示巷3号",
        "演示路三号",
    ]
