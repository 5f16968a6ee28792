"""Deadlines: where one stands, whether it was kept, and the rungs of the supervisor's ladder."""

from xiezhi_domain.terms.base import Term


class DeadlineState(Term):
    """Where one deadline of a matter stands."""

    RUNNING = "RUNNING", "计时中"
    PAUSED = "PAUSED", "暂停计时"
    MET = "MET", "已履行"
    BREACHED = "BREACHED", "已逾期"
    CANCELLED = "CANCELLED", "不再计时"


class TimeVerdict(Term):
    """Whether what met a deadline came in time, by the three times of its event (protocol §5)."""

    IN_TIME = "IN_TIME", "期限内"
    LATE = "LATE", "超过期限"
    TO_BE_CHECKED = "TO_BE_CHECKED", "时间待核"


class Rung(Term):
    """A rung of the ladder against late courts (practice.md §8), in the order in which it is climbed."""

    REMIND = "REMIND", "提醒"
    ALERT = "ALERT", "预警"
    BREACH = "BREACH", "期限届满"
    CALL = "CALL", "电话催办"
    SUPERVISE = "SUPERVISE", "督办"
    BULLETIN = "BULLETIN", "通报"
    TALK = "TALK", "约谈"
    RECTIFY = "RECTIFY", "整改"
    ELEVATE = "ELEVATE", "指定或提级"


class OutageReason(Term):
    """Why a court could not be reached, as the hub's command centre records it (practice.md §4)."""

    NETWORK = "NETWORK", "网络中断"
    POWER = "POWER", "停电"
    SYSTEM = "SYSTEM", "系统故障"
    MAINTENANCE = "MAINTENANCE", "停机维护"
    OTHER = "OTHER", "其他故障"


class ProposalDecision(Term):
    """What people made of a rung that was proposed to them."""

    TAKEN = "TAKEN", "已采取"
    DISMISSED = "DISMISSED", "不采取"
