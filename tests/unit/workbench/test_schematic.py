"""The schematic map: every court has a place of its own, and arcs say how much lies between two of them."""

from itertools import combinations

from xiezhi_client.sdk import CourtOverview, FlowCount
from xiezhi_domain.courts import shipped_courts
from xiezhi_workbench.schematic import HEIGHT, MOST_ARCS, WIDTH, connect, place

HUB, PARK, GUSU = "苏05", "苏0591", "苏0508"
# Half of the box that a court is drawn in.
BOX_X, BOX_Y = 98, 38


def stands_of(codes):
    return place([CourtOverview(court=code) for code in sorted(codes)])


def test_the_courts_of_the_map_fit_on_it_and_hide_none_of_the_others():
    stands = stands_of(shipped_courts().subtree(HUB))
    assert len(stands) == 11
    assert {stand.court.court: stand.name for stand in stands}[GUSU] == "姑苏"
    for stand in stands:
        assert BOX_X <= stand.at.x <= WIDTH - BOX_X
        assert BOX_Y <= stand.at.y <= HEIGHT - BOX_Y
    for one, other in combinations(stands, 2):
        assert abs(one.at.x - other.at.x) >= 2 * BOX_X or abs(one.at.y - other.at.y) >= 2 * BOX_Y


def test_courts_that_the_map_does_not_know_stand_on_a_ring():
    stands = stands_of({HUB, PARK, "豫10"})
    assert len({stand.at for stand in stands}) == 3
    assert all(0 < stand.at.x < WIDTH and 0 < stand.at.y < HEIGHT for stand in stands)


def test_arcs_there_and_back_lie_apart_and_the_largest_on_top():
    stands = stands_of({HUB, PARK, GUSU})
    arcs = connect(
        stands, [FlowCount(sender=PARK, receiver=GUSU, open=9), FlowCount(sender=GUSU, receiver=PARK, open=1)]
    )
    assert [arc.flow.open for arc in arcs] == [1, 9]
    assert arcs[0].thickness < arcs[1].thickness
    assert arcs[0].label != arcs[1].label
    assert abs(abs(arcs[0].degrees - arcs[1].degrees) - 180) < 30


def test_what_a_court_sends_to_itself_or_elsewhere_is_no_arc_and_there_is_a_most():
    stands = stands_of({HUB, PARK})
    assert (
        connect(
            stands,
            [FlowCount(sender=PARK, receiver=PARK, open=2), FlowCount(sender=PARK, receiver="豫10", open=2)],
        )
        == []
    )
    assert len(connect(stands, [FlowCount(sender=PARK, receiver=HUB, open=1)] * 99)) == MOST_ARCS
