"""Who owes an answer to an order to erase, and for how long."""

from datetime import timedelta

import pytest

from xiezhi_client.sdk import ErasureHolder
from xiezhi_workbench import words
from xiezhi_workbench.pages.erasures import Holding


@pytest.mark.parametrize(
    ("hours", "late", "days"), [(None, False, 0), (1, False, 0), (25, True, 1), (80, True, 3)]
)
def test_who_has_not_answered_within_a_day_is_late(hours: int | None, late: bool, days: int) -> None:
    since = None if hours is None else words.now() - timedelta(hours=hours)
    holding = Holding(ErasureHolder(court="苏0591"), since, connected=True)
    assert (holding.late, holding.days) == (late, days)
