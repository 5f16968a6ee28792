"""Figures: what is counted, by which definition (口径), through which channel a matter came."""

from xiezhi_domain.terms.base import Term


class Indicator(Term):
    """A figure of a bulletin; how it is counted is in `xiezhi_domain.indicators`."""

    HANDLING_DAYS = "HANDLING_DAYS", "事项受托平均用时"
    COMPLETED_IN_TIME = "COMPLETED_IN_TIME", "期限内办结率"
    SUPERVISION_IN_TIME = "SUPERVISION_IN_TIME", "督办事项期限内办结率"
    SIGNED_IN_TIME = "SIGNED_IN_TIME", "签收及时率"
    RETURNED_RECEIVED = "RETURNED_RECEIVED", "退回率"
    RETURNED_SENT = "RETURNED_SENT", "被退回率"
    WRONGLY_RETURNED = "WRONGLY_RETURNED", "不当退回数"
    CONFIRMED_IN_TIME = "CONFIRMED_IN_TIME", "确认及时率"
    PASSED_AT_ONCE = "PASSED_AT_ONCE", "一次通过率"
    ARRIVAL_DAYS = "ARRIVAL_DAYS", "到达用时"


class Variant(Term):
    """A definition (口径) of an indicator; a bulletin names the one that it uses."""

    STANDARD = "STANDARD", "标准口径"
    FROM_SIGNING = "FROM_SIGNING", "自签收起"
    PAUSES_COUNTED = "PAUSES_COUNTED", "不扣除"
    FINISHED_ONLY = "FINISHED_ONLY", "仅办结口径"


class ReturnCause(Term):
    """With whom the cause of a return lies."""

    SENDER = "SENDER", "委托方原因"
    RECEIVER = "RECEIVER", "受托方原因"
    OBJECTIVE = "OBJECTIVE", "客观原因"


class Channel(Term):
    """How a matter came (渠道, practice.md §14); figures of different channels are never mixed."""

    PLATFORM = "PLATFORM", "本平台"
    NATIONAL_SYSTEM = "NATIONAL_SYSTEM", "全国事项委托系统"
    PAPER = "PAPER", "纸质来函"
    PHONE = "PHONE", "电话委托"


class BulletinState(Term):
    """Where a bulletin (统计通报) stands."""

    DRAFT = "DRAFT", "征求意见"
    PUBLISHED = "PUBLISHED", "已发布"
    DISCARDED = "DISCARDED", "已作废"
