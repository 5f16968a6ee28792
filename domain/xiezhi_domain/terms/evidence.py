"""Words for what the hub's log is worth: who vouches for an entry, and how a log can be caught lying."""

from xiezhi_domain.terms.base import Term


class LogStanding(Term):
    """Who vouches for an event that the hub has ruled on (protocol §7); before that it is `Mark.PENDING`."""

    ACCEPTED = "ACCEPTED", "中心已确认"
    WITNESSED = "WITNESSED", "已见证"


class LogFault(Term):
    """How two checkpoints of one log do not fit together."""

    TWO_ROOTS = "TWO_ROOTS", "同一长度给出两个不同的根"
    NOT_EXTENDED = "NOT_EXTENDED", "不能证明后一日志由前一日志增加而来"
    SHRUNK = "SHRUNK", "日志变短"
