"""The court that sends: where it can send to, by which rules, until when, and what it has ordered already."""

from collections.abc import Callable
from datetime import date

from xiezhi.v1 import instruction_pb2
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Channel
from xiezhi_node.acting.issue import due_at
from xiezhi_node.ordering.order_type import OrderMessage, kind_of
from xiezhi_node.seat import Seat

FIELD = "order.receiver"
Exposure = Callable[[str], int]
"""How much, in fen, is ordered or controlled for the case with this number."""


class Sender:
    """The court of this node as it sends at one moment; asked once for each receiver of a batch.

    *exposure* is only asked for orders that name sums.
    """

    def __init__(self, seat: Seat, now: int, exposure: Exposure = lambda _case_number: 0) -> None:
        self._seat = seat
        self._now = now
        self._good: set[str] = set()
        self.exposure = exposure

    @property
    def court(self) -> str:
        """The code of this court."""
        return self._seat.court

    @property
    def today(self) -> date:
        """The day on which it sends."""
        return to_date(self._now)

    def rules(self, order: OrderMessage) -> KindRules:
        """Return the rules in force for *order*, with what its receiver wants beside.

        :raises InvalidInput: the rulebook has no such kind.
        """
        rulebook, kind = self._seat.rulebook, kind_of(order)
        if kind not in rulebook.kinds:
            raise InvalidInput.in_field("order.kind", "请选择事项类型，或升级程序后重试")
        return rulebook.rules(kind, self._seat.court, order.receiver)

    def check_receiver(self, code: str) -> None:
        """Let pass a court that has its common superior with ours at this node's hub (protocol §9).

        :raises NotFound: UNKNOWN_COURT.
        :raises InvalidInput: it is this court itself.
        :raises NotAllowed: NO_COMMON_HUB.
        """
        if code in self._good:
            return
        seat = self._seat
        if code == seat.court:
            raise InvalidInput.in_field(FIELD, "不能委托本院，请选择其他法院")
        if code not in seat.courts:
            national = Channel.NATIONAL_SYSTEM.zh
            message = f"本平台没有这个法院：{code}，请核对代字；如无误，请在{national}办理"
            raise NotFound(Reason.UNKNOWN_COURT, message, metadata={"court": code})
        if seat.courts.lowest_common_superior(seat.court, code).code != seat.hub_court:
            raise NotAllowed(Reason.NO_COMMON_HUB, metadata={"courts": f"{seat.court},{code}"})
        self._good.add(code)

    def due_day(self, order: OrderMessage, rules: KindRules) -> date:
        """Return the day until which an order that is sent now has to be done."""
        days = order.limit_days or rules.limits["handle"].amount
        urgent = order.urgency == instruction_pb2.URGENCY_URGENT
        return to_date(due_at(self._now, days, rules, self._seat.calendar, urgent=urgent))
