"""The sequence charts of ADR 0002, played once each on the model."""

from tests.unit.ladder.model import HUB_COURT, Clock, Court, Hub
from tests.unit.ladder.moves import facts_of

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.ruling import decode_entry, decode_ruling
from xiezhi_domain.terms import State

A, B = "苏0591", "苏0508"


class Table:
    """Two courts and a hub round one matter, which court A has issued."""

    def __init__(self):
        self.clock = Clock()
        self.hub = Hub(self.clock)
        self.courts = {name: Court(name, self.clock) for name in (A, B, HUB_COURT)}
        self.matter = self.clock.new_id()
        self.make(A, "Issued", "CENTRE_OFFICER")

    def make(self, name, kind, role=""):
        to = B if name != B else A
        court = self.courts[name]
        return court.make(court.draft(self.matter, kind, to, facts_of(kind, role)))

    def push(self, name):
        court = self.courts[name]
        for data in court.journal[court.pushed :]:
            self.hub.push(data)
        court.pushed = len(court.journal)

    def fetch(self, name):
        for item in self.hub.feeds[name]:
            self.courts[name].deliver(item)

    def say(self, name, kind, role=""):
        """Make, push, and let everybody hear of it."""
        assert self.make(name, kind, role) is None
        self.push(name)
        for court in self.courts:
            self.fetch(court)

    def state(self, name):
        return self.courts[name].view(self.matter).state


def play(*moves):
    table = Table()
    table.push(A)
    table.fetch(A)
    table.fetch(B)
    for move in moves:
        table.say(*move)
    return table


TO_REPORT = [
    (B, "Delivered"),
    (B, "Signed", "DUTY_OFFICER"),
    (B, "Assigned", "CENTRE_OFFICER"),
    (B, "Completed", "FIELD_OFFICER"),
]


def test_there_and_back():
    table = play(*TO_REPORT, (A, "ResultRejected", "JUDGE"), TO_REPORT[-1], (A, "Confirmed", "JUDGE"))
    held = table.hub.matters[table.matter].state
    assert (held.state, held.head.seq, held.reworks) == (State.CONFIRMED, 8, 1)
    assert table.courts[A].accepted == table.courts[B].accepted == {table.matter: held}


def test_a_court_hears_of_a_matter_when_the_hub_has_accepted_it():
    table = Table()
    assert table.courts[B].view(table.matter) is None
    assert table.state(A) == State.IN_TRANSIT
    assert table.courts[A].accepted == {}


def test_what_was_built_before_a_refused_event_stays():
    table = play((B, "Delivered"))
    assert table.make(A, "ContactLogged", "JUDGE") is None
    assert table.make(A, "Withdrawn", "JUDGE") is None
    assert table.state(A) == State.WITHDRAWN
    assert table.make(B, "Signed", "CENTRE_OFFICER") is None
    table.push(B)
    table.push(A)
    table.fetch(A)
    assert [(work.header.kind, work.reason) for work in table.courts[A].returned] == [
        ("Withdrawn", Reason.WRONG_STATE)
    ]
    assert table.state(A) == State.SIGNED


def test_an_exact_move_on_a_stale_base():
    table = play()
    assert table.make(A, "Withdrawn", "JUDGE") is None
    withdrawn = table.courts[A].pending[table.matter][0].header
    later = table.courts[A].draft(table.matter, "ContactLogged", B, facts_of("ContactLogged", "JUDGE"))
    assert table.courts[A].judge(later).reason == Reason.WRONG_STATE
    assert table.make(B, "Delivered") is None
    delivered = table.courts[B].pending[table.matter][0].header
    table.push(B)
    table.push(A)
    table.fetch(A)
    (work,) = table.courts[A].returned
    assert (work.header, work.reason, work.winner) == (withdrawn, Reason.STALE_BASE, delivered.id)
    assert table.state(A) == State.AWAITING_SIGNATURE


def test_what_builds_on_a_refused_event_is_refused():
    table = play((B, "Delivered"))
    for kind, role in [("Signed", "DUTY_OFFICER"), ("Assigned", "DUTY_OFFICER"), ("ContactLogged", "JUDGE")]:
        assert table.make(B, kind, role) is None
    table.say(A, "Withdrawn", "JUDGE")
    rulings = len(table.hub.log)
    table.push(B)
    answers = [decode_ruling(decode_entry(entry)[1]) for entry in table.hub.log[rulings:]]
    assert [answer.reason for answer in answers] == ["WRONG_STATE", "BASE_REFUSED", "BASE_REFUSED"]
    assert len({answer.winner for answer in answers}) == 1
    assert {answer.seq for answer in answers} == {3}
    first, *rest = table.hub.feeds[B][-3:]
    table.courts[B].deliver(first)
    assert table.courts[B].pending[table.matter] == []
    assert [work.reason for work in table.courts[B].returned] == [
        Reason.WRONG_STATE,
        Reason.BASE_REFUSED,
        Reason.BASE_REFUSED,
    ]
    for item in rest:
        table.courts[B].deliver(item)
    assert len(table.courts[B].returned) == 3
    assert table.state(B) == State.WITHDRAWN


def test_overlays_do_not_make_a_confirmation_stale():
    table = play(*TO_REPORT)
    assert table.make(A, "Confirmed", "JUDGE") is None
    assert table.make(B, "MaterialSupplied", "JUDGE") is None
    table.push(B)
    table.push(A)
    table.fetch(A)
    assert table.courts[A].returned == []
    assert table.state(A) == State.CONFIRMED


def test_a_court_hears_nothing_of_the_other_courts_refused_events():
    table = play((B, "Delivered"))
    assert table.make(B, "Signed", "DUTY_OFFICER") is None
    table.say(A, "Withdrawn", "JUDGE")
    heard = len(table.hub.feeds[A])
    table.push(B)
    assert len(table.hub.feeds[A]) == heard
    assert len(table.hub.feeds[B]) == heard + 1
