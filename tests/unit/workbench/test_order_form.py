"""An order as it is typed: what is left out, what is refused, and where."""

from starlette.datastructures import FormData

from xiezhi_client.sdk import CourtOrder, Hearing, LentForce, Officer, OrderedCase
from xiezhi_workbench.order_form import keep_officers, read_order, typed_of

ORDER = CourtOrder(
    kind="ORDER_JOINT",
    subject="关于协同执行的决定",
    about="COMPLEX",
    requirement="协同执行",
    ground="案情复杂",
    limit_days=30,
    cases=(
        OrderedCase(
            court="苏0591", case_number="（2026）苏0591执1号", claim_fen=12_800_050, recovered_fen=50
        ),
    ),
    forces=(
        LentForce(
            court="苏0508",
            officers=(Officer(name="沈某演"), Officer(name="周某演")),
            vehicles=("苏E00000",),
            from_on="2026-11-22",
            until_on="2026-11-30",
        ),
    ),
    request_ids=("0591-1",),
    hearing=Hearing(held_on="2026-11-20", place="本院第三法庭", summary="双方均无异议"),
)


def test_an_order_comes_back_as_it_is_shown() -> None:
    read = read_order(FormData(list(typed_of(ORDER).items())))
    assert read.wrong == {}
    assert read.order == ORDER


def test_what_is_known_of_lent_officers_is_kept() -> None:
    one, two, three = (Officer(name="沈某演", phone=f"0512-0000000{number}") for number in range(3))
    before = CourtOrder(
        forces=(
            LentForce(court="苏0508", officers=(one, two, Officer(name="周某演", work_certificate="A1"))),
            LentForce(court="苏0509", officers=(three,)),
        )
    )
    shown = typed_of(before) | {"forces.0.people": "沈某演、沈某演、吴某演"}
    kept = keep_officers(read_order(FormData(list(shown.items()))).order, before)
    assert [force.officers for force in kept.forces] == [(one, two, Officer(name="吴某演")), (three,)]


def test_rows_without_anything_are_left_out_and_slips_find_their_row() -> None:
    read = read_order(FormData([("cases.4.case_number", "（2026）苏0591执2号"), ("cases.4.court", "苏0591")]))
    assert [each.case_number for each in read.order.cases] == ["（2026）苏0591执2号"]
    assert read.order.hearing is None
    assert read.shown_at("order.cases[0].recovered_fen") == "cases.4.recovered"
    assert read.shown_at("order.hearing.held_on") == "hearing.held_on"
    assert read.shown_at("order.cases[0].case_number") == "cases.4.case_number"
    assert read.shown_at("order.new_court") == "new_court"
    assert read.shown_at("order.cases[7].court") == "cases[7].court"


def test_sums_and_days_that_are_none_are_refused_at_their_field() -> None:
    read = read_order(FormData([("cases.0.claim", "一百"), ("cases.1.recovered", "-5"), ("limit_days", "x")]))
    assert set(read.wrong) == {"cases.0.claim", "cases.1.recovered", "limit_days"}
