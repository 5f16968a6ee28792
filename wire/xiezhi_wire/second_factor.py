"""What a court demands of approvals and seals: that a second factor was shown for them lately (design §9).

Which methods these are stands in the contract (``approves``, ``approves_with`` and ``approves_where`` of
``move.proto``), so that hub and node ask alike and no service has to think of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from google.protobuf import descriptor_pool

from xiezhi.v1 import move_pb2
from xiezhi.v1.instruction_pb2 import Action
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_wire.caller import AnyCaller, Caller

_MS_OF_MINUTE: Final = 60_000
_PROGRAM: Final = (
    "本院要求审批、签章时验证动态口令，该程序令牌未获授权，请由系统管理员重新签发可以审批、签章的令牌"
)


@dataclass(frozen=True, slots=True)
class SecondFactorDemand:
    """Whether a second factor is demanded, and for how many minutes one that was shown is good.

    ``clock_ms`` is the time in ms since 1970.
    """

    demanded: bool
    minutes: int
    clock_ms: Callable[[], int]

    def check(self, method: str, request: Any, caller: AnyCaller | None) -> None:
        """Lets ``caller`` do what ``request`` asks of ``method``, or refuses.

        Raises:
            NotAllowed: it is an approval or a seal, and `SECOND_FACTOR_REQUIRED`: none was shown in time,
            `SECOND_FACTOR_MISSING`: the person has none, `FORBIDDEN`: the program's token may not.

        """
        if not self.demanded or not isinstance(caller, Caller) or not is_approval(method, request):
            return
        if caller.token_id is not None:
            if not caller.may_approve:
                raise NotAllowed(Reason.FORBIDDEN, _PROGRAM)
        elif caller.confirmed_at is None:
            raise NotAllowed(Reason.SECOND_FACTOR_MISSING)
        elif self.clock_ms() >= self.good_until(caller.confirmed_at):
            raise NotAllowed(Reason.SECOND_FACTOR_REQUIRED)

    def good_until(self, confirmed_at: int) -> int:
        """The time until which a second factor shown at ``confirmed_at`` is good, in ms since 1970."""
        return confirmed_at + self.minutes * _MS_OF_MINUTE


NO_DEMAND: Final = SecondFactorDemand(demanded=False, minutes=0, clock_ms=lambda: 0)


def is_approval(method: str, request: Any) -> bool:
    """Whether ``request`` asks ``method`` (``/package.Service/Method``) for an approval or a seal."""
    marks = _marks(method)
    if marks.always or request is None:
        return marks.always
    where = bool(marks.where) and bool(getattr(request, marks.where))
    return where or (bool(marks.actions) and request.action in marks.actions)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Whether a method is an approval always; else for which of its actions, or where which field is filled in."""

    always: bool = False
    actions: frozenset[int] = frozenset()
    where: str = ""


@lru_cache(maxsize=4096)
def _marks(method: str) -> _Marks:
    """What the contract says of a method."""
    try:
        found = descriptor_pool.Default().FindMethodByName(method[1:].replace("/", "."))
    except KeyError:
        # Health and reflection may be served from descriptors of their own.
        return _Marks()
    options = found.GetOptions().Extensions
    actions = frozenset(Action.Value(name) for name in options[move_pb2.approves_with])
    return _Marks(options[move_pb2.approves], actions, options[move_pb2.approves_where])
