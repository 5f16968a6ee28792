"""The line of seizures on a property: courts seize, renew, release and let run out in any order.

Beside the register stands a model that knows only who came when and until when; what must hold is judged by it.
"""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from xiezhi.v1 import property_pb2, registry_pb2
from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi_adapters.registry_sim.register import Register
from xiezhi_adapters.registry_sim.world import World
from xiezhi_desk.timestamps import to_timestamp

COURTS = ["甲法院", "乙法院", "丙法院"]
HOUSE = property_pb2.Property(description="演示新村一幢房屋")
DAY = 86_400_000
START = 1_767_225_600_000
LENGTHS = st.integers(0, 400)
WAITING = registry_pb2.SEIZURE_KIND_WAITING


class Line(RuleBasedStateMachine):
    """`line` is the model: case number → (day from which it runs or empty while it waits, days ordered, last day)."""

    @initialize()
    def open(self) -> None:
        self.register, self.now, self.made, self.line = Register(World("holder = []")), START, 0, {}
        self.day = self.today()

    def today(self) -> date:
        return date(2026, 1, 1) + timedelta((self.now - START) // DAY)

    def ask(
        self, action: int, case: str, court: str = COURTS[0], until: str = ""
    ) -> pb.RegistryConnectorControlResponse:
        self.made += 1
        return self.register.act(
            pb.RegistryConnectorControlRequest(
                request_number=f"{self.made}",
                action=action,
                property=HOUSE,
                expires_on=until,
                authority=registry_pb2.RegistryAuthority(
                    court_name=court, case_number=case, asked_at=to_timestamp(self.now)
                ),
            )
        )

    def seizures(self) -> list[registry_pb2.Seizure]:
        return list(self.ask(pb.CONTROL_ACTION_QUERY, "").seizures)

    # --- The model ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let run out what has, one after the other, each successor from the day after."""
        while self.line:
            case = next(iter(self.line))
            starts, ordered = self.line[case]
            if starts + timedelta(ordered) >= self.today():
                return
            self.end(case, starts + timedelta(ordered + 1))

    def end(self, case: str, day: date) -> None:
        was_first = next(iter(self.line)) == case
        del self.line[case]
        if was_first and self.line:
            successor = next(iter(self.line))
            self.line[successor] = (day, self.line[successor][1])

    # --- What courts do ----------------------------------------------------------------------------------------------

    @rule(court=st.sampled_from(COURTS), days=LENGTHS)
    def seize(self, court: str, days: int) -> None:
        self.settle()
        case = f"{court}{self.made}"
        told = self.ask(pb.CONTROL_ACTION_SEAL, case, court, str(self.today() + timedelta(days)))
        assert told.done
        self.line[case] = (self.today(), days)
        assert told.rank == len(self.line)
        assert (told.kind == WAITING) == (len(self.line) > 1)

    @precondition(lambda self: self.line)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(sorted(self.line)))
        self.settle()
        told = self.ask(pb.CONTROL_ACTION_RELEASE, case)
        assert told.done == (case in self.line)
        if told.done:
            self.end(case, self.today())

    @precondition(lambda self: self.line)
    @rule(data=st.data(), more=st.integers(-50, 400))
    def renew(self, data: st.DataObject, more: int) -> None:
        case = data.draw(st.sampled_from(sorted(self.line)))
        self.settle()
        starts, ordered = self.line.get(case, (self.today(), 0))
        told = self.ask(pb.CONTROL_ACTION_RENEW, case, until=str(starts + timedelta(ordered + more)))
        assert told.done == (case in self.line and more > 0)
        if told.done:
            self.line[case] = (starts, ordered + more)

    @rule(days=st.integers(1, 300))
    def time_passes(self, days: int) -> None:
        self.now += days * DAY

    # --- What must always hold ---------------------------------------------------------------------------------------

    @invariant()
    def ranks_are_whole_and_in_the_order_of_coming(self) -> None:
        self.settle()
        found = self.seizures()
        assert [each.rank for each in found] == list(range(1, len(found) + 1))
        assert [each.case_number for each in found] == list(self.line)

    @invariant()
    def the_first_alone_is_in_effect(self) -> None:
        kinds = [each.kind for each in self.seizures()]
        assert all(kind == WAITING for kind in kinds[1:])
        assert WAITING not in kinds[:1]

    @invariant()
    def what_waited_has_its_whole_period_from_when_it_takes_effect(self) -> None:
        self.settle()
        found = self.seizures()
        if found:
            starts, ordered = next(iter(self.line.values()))
            assert (found[0].starts_on, found[0].expires_on) == (
                str(starts),
                str(starts + timedelta(ordered)),
            )


TestLine = Line.TestCase
TestLine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
