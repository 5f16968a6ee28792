"""The balance of old cases goes over to the new one once, to the fen, in whatever order the courts record it."""

from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.orders.succession import Succession, expected_balance, succession_of

SUPERIOR, NEW = "苏05", "苏0509"
OLD = ["苏0505", "苏0508", "苏0591"]
Told = tuple[str, list[tuple[str, JsonObject]]]

balances = st.dictionaries(st.sampled_from(OLD), st.integers(0, 10**13), min_size=1)


def histories(of_old: dict[str, int], filed: int) -> list[Told]:
    told: list[Told] = [
        (court, [("Issued", {"claim": balance}), ("OldCaseClosed", {"balance": balance, "closed": 1})])
        for court, balance in of_old.items()
    ]
    return [*told, (NEW, [("Issued", {"claim": filed}), ("NewCaseFiled", {"balance": filed, "filed": 2})])]


@given(balances, st.data())
def test_it_is_finished_in_any_order_when_the_sums_agree(of_old: dict[str, int], data: st.DataObject) -> None:
    told = data.draw(st.permutations(histories(of_old, sum(of_old.values()))))
    assert succession_of(told, SUPERIOR).unfinished(of_old, NEW) == ()


@given(balances, st.integers(-(10**6), 10**6).filter(bool))
def test_a_fen_too_much_or_too_little_keeps_it_open(of_old: dict[str, int], off: int) -> None:
    filed = max(0, sum(of_old.values()) + off)
    found = succession_of(histories(of_old, filed), SUPERIOR)
    assert bool(found.unfinished(of_old, NEW)) == (filed != sum(of_old.values()))


@given(balances, st.data())
def test_what_is_not_recorded_yet_is_named(of_old: dict[str, int], data: st.DataObject) -> None:
    told = histories(of_old, sum(of_old.values()))
    left_out = data.draw(st.integers(0, len(told) - 1))
    court, history = told[left_out]
    told[left_out] = (court, history[:1])
    [said] = succession_of(told, SUPERIOR).unfinished(of_old, NEW)
    assert said.startswith(court)


@given(balances)
def test_the_superior_files_what_each_court_gives_up(of_old: dict[str, int]) -> None:
    told: list[Told] = [
        (
            court,
            [
                ("Issued", {"claim": balance}),
                ("OldCaseClosed", {"balance": balance, "closed": 1}),
                ("CaseElevated", {"balance": balance, "filed": 2}),
            ],
        )
        for court, balance in of_old.items()
    ]
    assert succession_of(told, SUPERIOR).unfinished(of_old, SUPERIOR) == ()


def test_the_superior_may_change_the_balance() -> None:
    assert expected_balance([("Issued", {"claim": 100}), ("OrderChanged", {"due": 1})]) == 100
    assert expected_balance([("Issued", {"claim": 100}), ("OrderChanged", {"due": 1, "balance": 60})]) == 60


def test_moved_matters_are_counted() -> None:
    told: list[Told] = [("苏0505", [("MattersMoved", {"moved": 3}), ("MattersMoved", {"moved": 1})])]
    assert succession_of(told, SUPERIOR) == Succession(balances={"苏0505": 0}, moved=4)
