"""What a distribution (参与分配) waits for, and what became of an objection to its plan."""

from xiezhi_domain.terms.base import Term


class ObjectionFate(Term):
    """What became of an objection (民诉法解释 510)."""

    OPEN = "OPEN", "异议处理中"
    UPHELD = "UPHELD", "无人反对，按异议修正方案"
    SUED = "SUED", "已提起分配方案异议之诉"
    DROPPED = "DROPPED", "异议人逾期未起诉，按原方案分配"
    LATE = "LATE", "逾期提出"


class DistributionWait(Term):
    """What a settlement waits for."""

    NO_PLAN = "NO_PLAN", "尚未制作分配方案"
    CLAIMS_CHANGED = "CLAIMS_CHANGED", "参与分配的债权有变化，应重新制作分配方案"
    PLAN_RECEIPT = "PLAN_RECEIPT", "待登记分配方案送达"
    OBJECTION_PERIOD = "OBJECTION_PERIOD", "异议期未满"
    NOTICE = "NOTICE", "待通知异议"
    NOTICE_RECEIPT = "NOTICE_RECEIPT", "待登记异议通知送达"
    COUNTER_PERIOD = "COUNTER_PERIOD", "反对意见期未满"
    TELLING = "TELLING", "待通知反对意见"
    TELLING_RECEIPT = "TELLING_RECEIPT", "待登记反对意见通知送达"
    SUIT_PERIOD = "SUIT_PERIOD", "起诉期未满"
