"""Letting a registry act: on an accepted order and assignment alone, once for each item, the outcome reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import instruction_pb2, item_pb2
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_desk.once import act_once
from xiezhi_desk.terms import ACTS, CONTROL_ACTIONS, PROPERTY_CATEGORIES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_domain.registries import CONTROLS, ON_PERSONS
from xiezhi_domain.terms import ControlAction
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.ordering.item_checks import parse_day
from xiezhi_node.registries import act_store
from xiezhi_node.registries.act_outcome import check_response, prepare_outcome
from xiezhi_node.registries.act_store import ActState, StoredAct
from xiezhi_node.registries.connector import Connector
from xiezhi_node.registries.settings import RegistrySettings
from xiezhi_node.registries.standing import Standing, holder_of, read_standing
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

EXPIRY_SOURCE: Final = "民诉法解释 第485条"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants which registry to do what for an item; `action` None: what the item orders."""

    caller: Caller
    instruction: str
    item: int
    action: ControlAction | None
    region: str


class RegistryActs:
    """Asks registries to act, and reports what they did."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        settings: RegistrySettings,
        connectors: Mapping[str, Connector],
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._settings = settings
        self._connectors = connectors

    async def act(self, wish: Wish) -> pb.ControlItemResponse:
        """Return what the registry did and the report of it.

        :raises DomainError: as `ControlItem` says.
        """
        wanted = await self._journal.read(partial(self._prepare, wish=wish))
        begin = partial(act_store.begin, wanted=wanted, as_ordered=wish.action is None)
        act = await self._journal.write(begin)
        if act.state is ActState.ASKED:
            act = await self._ask(act)
        told = pb.RegistryAct(
            request_number=act.request_number,
            item_number=act.item,
            connector=act.connector,
            action=CONTROL_ACTIONS.to_proto(act.action),
            response=act.response,
        )
        if act.state is not ActState.DONE or act.action is ControlAction.QUERY:
            return pb.ControlItemResponse(act=told)
        return pb.ControlItemResponse(act=told, receipt=await self._report(wish, act))

    async def _ask(self, act: StoredAct) -> StoredAct:
        connector = self._connectors.get(act.connector)
        if connector is None:
            raise WrongState(Reason.REGISTRY_MISSING)
        response = await connector.control(act.request)
        check_response(act, response)
        number = act.request_number
        note = partial(
            act_store.note_answer, request_number=number, response=response, now=self._journal.clock()
        )
        await self._journal.write(note)
        answered = await self._journal.read(partial(act_store.get_act, request_number=number))
        assert answered is not None, "it was just answered"
        return answered

    async def _report(self, wish: Wish, act: StoredAct) -> instruction_pb2.ActionReceipt:
        """Report the outcome of an act, once, whoever asks again."""
        content = act.response.SerializeToString(deterministic=True)
        key = RequestKey(self._seat.court, "ControlItem", act.request_number, sha256(content).digest())
        acting = Acting(
            self._seat, self._journal.rulebooks, wish.caller, key, wish.instruction, self._journal.clock()
        )
        prepare = partial(prepare_outcome, acting=acting, act=act)
        return instruction_pb2.ActionReceipt.FromString(await act_once(self._journal, key, prepare))

    def _prepare(self, connection: Connection, wish: Wish) -> StoredAct:
        now = self._journal.clock()
        standing = read_standing(connection, self._seat, wish.caller, wish.instruction)
        standing.require_accepted_assignment()
        item = standing.item(wish.item)
        action = _action(item, wish.action)
        if action is ControlAction.RENEW:
            _require_not_expired(item, now)
        region = wish.region or self._settings.region
        category, connector = self._place(item, action, region)
        request = self._request(standing, item, action, now)
        request.category, request.region = category, region
        return StoredAct(
            request_number="",
            instruction=wish.instruction,
            item=item.number,
            action=action,
            connector=connector,
            account=wish.caller.account_id,
            name=wish.caller.name,
            asked_at=now,
            request=request,
            response=connector_pb.RegistryConnectorControlResponse(),
        )

    def _place(self, item: item_pb2.Item, action: ControlAction, region: str) -> tuple[str, str]:
        """Return the category and the connector that acts.

        :raises WrongState: REGISTRY_MISSING.
        """
        if action in ON_PERSONS:
            category, connector = "", self._settings.watcher_for(region)
        else:
            kind = PROPERTY_CATEGORIES.from_proto(item.property.category, "property.category")
            categories = self._settings.categories.values()
            category = next((each.code for each in categories if kind in each.properties), "")
            connector = self._settings.controller_for(category, region) if category else ""
        if not connector:
            raise WrongState(Reason.REGISTRY_MISSING)
        return category, connector

    def _request(
        self, standing: Standing, item: item_pb2.Item, action: ControlAction, now: int
    ) -> connector_pb.RegistryConnectorControlRequest:
        subject = standing.obligor(item.subject_number, "item_number")
        request = connector_pb.RegistryConnectorControlRequest(
            action=CONTROL_ACTIONS.to_proto(action),
            subject=holder_of(subject),
            starts_on=item.starts_on,
            expires_on=item.expires_on,
            amount_fen=item.amount_fen,
            authority=standing.authority(item.number, subject.role, now),
        )
        if action not in ON_PERSONS:
            request.property.CopyFrom(item.property)
        if item.HasField("earlier"):
            request.earlier.CopyFrom(item.earlier)
        return request


def _action(item: item_pb2.Item, wanted: ControlAction | None) -> ControlAction:
    """Return what the registry is asked to do: what the item orders, or the state of its property.

    :raises NotAllowed: FORBIDDEN, the order does not cover it.
    """
    act = ACTS.from_proto(item.act, "item_number")
    fitting = CONTROLS.get(act, ())
    if item.HasField("property"):
        fitting = (*fitting, ControlAction.QUERY)
    if not fitting:
        raise InvalidInput.in_field("item_number", f"{act.zh}不由登记机构办理")
    if wanted is not None and wanted not in fitting:
        words = "、".join(each.zh for each in fitting)
        raise NotAllowed(Reason.FORBIDDEN, f"委托的是{act.zh}，登记机构只能{words}")
    return wanted or fitting[0]


def _require_not_expired(item: item_pb2.Item, now: int) -> None:
    """Let pass a renewal of what has not run out.

    :raises WrongState: TOO_LATE.
    """
    expires = parse_day(item.earlier.expires_on)
    if expires is None:
        raise WrongState(Reason.WRONG_STATE, "原措施没有到期日，不能续封，请委托法院补充")
    if expires < to_date(now):
        message = f"原措施已于 {expires} 失效，不能续封，应重新查封（依据：{EXPIRY_SOURCE}）"
        raise WrongState(Reason.TOO_LATE, message, metadata={"source": EXPIRY_SOURCE})
