"""The hub's own listeners ask for a second factor, and limit accounts, as the hub's configuration says."""

from pathlib import Path

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.hub.stand import new_hub
from tests.integration.hub.test_desk import PASSWORD, signed_in

from xiezhi.v1 import (
    account_service_pb2,
    second_factor_service_pb2,
    supervision_service_pb2,
    urge_service_pb2,
)
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.second_factor_service_pb2_grpc import SecondFactorServiceStub
from xiezhi.v1.supervision_service_pb2_grpc import SupervisionServiceStub
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceStub
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import Role

SECRET = "a-secret-of-the-workbench-alone-4711"
BROWSER = (("x-workbench", SECRET), ("x-client-address", "192.0.2.7"))


@pytest.mark.parametrize("demanded", [True, False])
async def test_approvals_demand_it_where_the_hub_is_set_so(tmp_path: Path, demanded: bool) -> None:
    async with (
        new_hub(tmp_path / "hub", second_factor_for_approvals=demanded, second_factor_minutes=5) as hub,
        signed_in(hub, Role.BUREAU_CHIEF) as desk,
        hub.anybody("desk") as channel,
    ):
        approval = urge_service_pb2.ApproveUrgeRequest(request_id="one", draft_id="none")
        refused = await refusal(UrgeServiceStub(channel).ApproveUrge(approval, metadata=desk.bearing))
        assert (refused.reason == Reason.SECOND_FACTOR_MISSING) is demanded
        request = second_factor_service_pb2.GetSecondFactorRequest()
        told = await SecondFactorServiceStub(channel).GetSecondFactor(request, metadata=desk.bearing)
        assert (told.demanded, told.minutes) == (demanded, 5)
    key = tmp_path / "hub" / "keys" / "accounts.secret"
    assert key.stat().st_mode & 0o077 == 0


async def test_the_hubs_workbench_is_believed_by_its_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    settings = {"workbench_secret_file": tmp_path / "secret", "sign_in_failures_per_address": 1}
    async with new_hub(tmp_path / "hub", **settings) as hub, hub.anybody("desk") as channel:
        stub = AccountServiceStub(channel)
        request = account_service_pb2.SignInRequest(login="nobody", password=PASSWORD)
        for reason in (Reason.BAD_CREDENTIALS, Reason.ADDRESS_LOCKED):
            assert (await refusal(stub.SignIn(request, metadata=BROWSER))).reason == reason
        assert (await refusal(stub.SignIn(request))).reason == Reason.BAD_CREDENTIALS


async def test_an_account_has_what_the_hub_is_set_to(tmp_path: Path) -> None:
    limits = {"sign_ins_per_minute": 3, "sessions_per_account": 1, "streams_per_account": 1}
    async with (
        new_hub(tmp_path / "hub", **limits) as hub,
        signed_in(hub, Role.BUREAU_CHIEF) as desk,
        hub.anybody("desk") as channel,
    ):
        stub = AccountServiceStub(channel)
        login = (await stub.GetMe(account_service_pb2.GetMeRequest(), metadata=desk.bearing)).account.login
        again = account_service_pb2.SignInRequest(login=login, password=PASSWORD)
        newer = await stub.SignIn(again)
        bearing = (("authorization", f"Bearer {newer.session_token}"),)
        assert len(await hub.parts.sessions.list(newer.account.account_id)) == 1
        caller = await hub.parts.sessions.lookup(newer.session_token)
        with hub.parts.streams.register(caller):
            export = supervision_service_pb2.ExportMattersRequest()
            exported = SupervisionServiceStub(channel).ExportMatters(export, metadata=bearing)
            assert "已达 1 个" in (await refusal(exported.read())).message
        await stub.SignIn(again)
        assert (await refusal(stub.SignIn(again))).reason == Reason.RATE_LIMITED
