"""The registers of the simulator: ranks, renewals, releases; each act once, also after a restart."""

from pathlib import Path

from xiezhi.v1 import item_pb2, property_pb2, registry_pb2
from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi_adapters.registry_sim.register import Register
from xiezhi_adapters.registry_sim.world import shipped_world
from xiezhi_domain.identity import check_citizen_id
from xiezhi_domain.registries import shipped_categories

CAR = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_VEHICLE,
    description="小型轿车一辆",
    vehicle=property_pb2.Vehicle(vin="XXX00000000000001"),
)
SEAL, WAIT = registry_pb2.SEIZURE_KIND_SEALED, registry_pb2.SEIZURE_KIND_WAITING


def request(
    number: str, action: pb.ControlAction, case: str, *, asked_at: int = 1_767_225_600, **changes: object
) -> pb.RegistryConnectorControlRequest:
    made = pb.RegistryConnectorControlRequest(
        request_number=number,
        action=action,
        property=CAR,
        expires_on="2027-01-01",
        earlier=item_pb2.EarlierMeasure(case_number=case),
        authority=registry_pb2.RegistryAuthority(case_number=case, event_id="e"),
    )
    made.authority.asked_at.FromSeconds(asked_at)
    made.MergeFrom(pb.RegistryConnectorControlRequest(**changes))
    return made


def test_an_act_is_done_once_and_those_behind_wait() -> None:
    register = Register(shipped_world())
    first = register.act(request("1", pb.CONTROL_ACTION_SEAL, "甲"))
    assert (first.kind, first.rank, first.done) == (SEAL, 1, True)
    assert register.act(request("1", pb.CONTROL_ACTION_SEAL, "甲")) == first
    second = register.act(request("2", pb.CONTROL_ACTION_SEAL, "乙"))
    assert (second.kind, second.rank) == (WAIT, 2)
    register.act(request("3", pb.CONTROL_ACTION_RELEASE, "甲"))
    [left] = register.act(request("4", pb.CONTROL_ACTION_QUERY, "乙")).seizures
    assert (left.kind, left.rank, left.case_number) == (SEAL, 1, "乙")


def test_what_has_run_out_is_not_renewed() -> None:
    register = Register(shipped_world())
    register.act(request("1", pb.CONTROL_ACTION_SEAL, "甲"))
    in_time = register.act(request("2", pb.CONTROL_ACTION_RENEW, "甲", expires_on="2028-01-01"))
    assert (in_time.done, in_time.expires_on) == (True, "2028-01-01")
    late = request("3", pb.CONTROL_ACTION_RENEW, "甲", asked_at=1_840_000_000, expires_on="2029-01-01")
    refused = register.act(late)
    assert not refused.done
    assert "不能续封" in refused.refusal
    assert not register.act(request("4", pb.CONTROL_ACTION_RENEW, "丙")).done


def test_a_killed_simulator_knows_what_it_did(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    before = Register(shipped_world(), file).act(request("1", pb.CONTROL_ACTION_SEAL, "甲"))
    Register(shipped_world(), file).act(request("2", pb.CONTROL_ACTION_WATCH, "甲"))
    after = Register(shipped_world(), file)
    assert after.act(request("1", pb.CONTROL_ACTION_SEAL, "甲")) == before
    assert [hit.request_number for hit in after.hits] == ["2"]


def test_the_world_has_nobody_who_could_exist() -> None:
    world = shipped_world()
    ids = [number for number in world._registers if number[:17].isdecimal() and number[6:10] < "2100"]
    assert len(ids) == 2
    # Nobody is born in 1899 who has a number of 1999.
    assert all(number[6:10] < "1900" and check_citizen_id(number).number == number for number in ids)
    categories = {category for register in world._registers.values() for category in register}
    assert categories <= set(shipped_categories())
