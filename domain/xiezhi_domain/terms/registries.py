"""What becomes of a question to a registry, and what a registry can be asked to do."""

from xiezhi_domain.terms.base import Term


class AnswerState(Term):
    """What became of the question to one registry."""

    ASKED = "ASKED", "查询中"
    FOUND = "FOUND", "有记录"
    NOTHING = "NOTHING", "无记录"
    PARTIAL = "PARTIAL", "部分返回"
    AWAY = "AWAY", "暂未返回"
    REFUSED = "REFUSED", "协助单位退回"
    MISMATCHED = "MISMATCHED", "返回不符"
    GIVEN_UP = "GIVEN_UP", "停止查询"
    NOT_CONNECTED = "NOT_CONNECTED", "未接入"


class SeizureKind(Term):
    """Which kind of seizure stands in a register."""

    SEALED = "SEALED", "首先查封"
    WAITING = "WAITING", "轮候查封登记"
    IN_ADVANCE = "IN_ADVANCE", "预查封"


class ControlAction(Term):
    """What a registry can be asked to do."""

    QUERY = "QUERY", "查询登记状态"
    SEAL = "SEAL", "办理查封登记"
    SEAL_IN_ADVANCE = "SEAL_IN_ADVANCE", "办理预查封登记"
    RENEW = "RENEW", "办理续封登记"
    RELEASE = "RELEASE", "办理解封登记"
    WATCH = "WATCH", "布控"
    UNWATCH = "UNWATCH", "撤控"
