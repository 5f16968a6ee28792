"""Areas of addresses, and the order in which a round of visits takes them."""

import re
from typing import Final

_DISTRICT: Final = re.compile(r"[^省市区县]{1,6}?(?:区|县)")
_TOWN: Final = re.compile(r"[^省市区县]{1,10}?(?:街道|镇|乡)")
_CITY: Final = re.compile(r"^(?:.{2,8}?省)?.{1,8}?市")
_NUMBER: Final = re.compile(r"\d{1,9}")


def area_of(address: str) -> str:
    """Return district and town of an address, such as 姑苏区平江街道; empty where it names neither."""
    rest = _CITY.sub("", address.strip())
    district = _DISTRICT.match(rest)
    town = _TOWN.match(rest, district.end() if district else 0)
    return (district.group() if district else "") + (town.group() if town else "")


def visit_key(address: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Return what puts addresses in the order of a round: area by area, along each road by number.

    Addresses without an area come last.
    """
    parts = _NUMBER.split(address.strip())
    numbers = [int(number) for number in _NUMBER.findall(address)] + [0]
    return area_of(address) or "\U0010ffff", tuple(zip(parts, numbers, strict=True))
