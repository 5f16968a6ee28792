from datetime import date
from importlib import resources

import pytest

from xiezhi_domain.errors import FormatError, InvalidInput
from xiezhi_domain.indicators.definitions import load_edition, shipped_edition
from xiezhi_domain.terms import Indicator, ReturnCause, Variant

TEXT = resources.files("xiezhi_domain.indicators").joinpath("data/indicators.toml").read_text("utf-8")


def test_every_indicator_has_its_standard_definition() -> None:
    found = {each.indicator: each for each in shipped_edition().on(date(2026, 11, 30))}
    assert set(found) == set(Indicator)
    assert all(Variant.STANDARD in each.variants for each in found.values())
    assert [each.indicator for each in found.values() if each.confirmed] == [Indicator.RETURNED_RECEIVED]


def test_a_new_version_takes_over_on_its_day() -> None:
    later = TEXT.replace("version = 1\n", "version = 1\nvalid_to = 2026-12-31\n", 1) + (
        '\n[[indicator]]\nid = "HANDLING_DAYS"\nunit = "DAYS"\nversion = 2\nvalid_from = 2027-01-01\n'
        'source = "测试"\nconfirmed = false\n[indicator.variants]\nFROM_SIGNING = "自签收起算"\n'
    )
    edition = load_edition(later.encode())
    versions = [
        edition.find(Indicator.HANDLING_DAYS, day).version for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert versions == [1, 2]
    with pytest.raises(InvalidInput):
        edition.find(Indicator.HANDLING_DAYS, date(2025, 12, 31))


def test_reasons_have_causes_and_unknown_ones_are_nobodys_fault() -> None:
    causes = [shipped_edition().cause(reason) for reason in ("PAPERS_MISSING", "OUT_OF_SCOPE", "NEW_REASON")]
    assert causes == [ReturnCause.SENDER, ReturnCause.OBJECTIVE, ReturnCause.OBJECTIVE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "COMPLETED_IN_TIME"', 'id = "COMPLETED"'),
        ('FINISHED_ONLY = "', 'FROM_SIGNING = "'),
        ('unit = "COUNT"', 'unit = "PIECES"'),
        ('unit = "COUNT"', 'unit = "COUNT"\ncolour = "red"'),
        ("least_to_rank = 10", "least_to_rank = 10\nleast = 3"),
        ("least_to_rank = 10", ""),
        ('id = "RETURNED_SENT"', 'id = "RETURNED_RECEIVED"'),
        (
            "[[indicator]]",
            "[[indicator",
        ),
    ],
)
def test_a_slip_in_the_file_is_found_at_start(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(FormatError):
        load_edition(TEXT.replace(old, new, 1).encode())
