"""Where a matter stands: its state, the marks laid over it, and how an item ended."""

from xiezhi_domain.terms.base import Term


class State(Term):
    """The one state that an instruction, a superior's order or a 督办 matter is in."""

    # Cooperation, inside the sender's court.
    DRAFT = "DRAFT", "草稿"
    AWAITING_APPROVAL = "AWAITING_APPROVAL", "待审批"
    APPROVAL_REJECTED = "APPROVAL_REJECTED", "审批退回"
    AWAITING_SEAL = "AWAITING_SEAL", "待核验签章"
    DISCARDED = "DISCARDED", "已废弃"

    # Between machines. Never 送达, which is the legal word for service.
    AWAITING_HUB = "AWAITING_HUB", "待平台受理"
    REFUSED_BY_HUB = "REFUSED_BY_HUB", "平台未受理"
    IN_TRANSIT = "IN_TRANSIT", "传输中"
    ARRIVED = "ARRIVED", "已到达"

    # Cooperation, at the receiver's court.
    AWAITING_SIGNATURE = "AWAITING_SIGNATURE", "待签收"
    SIGNED = "SIGNED", "已签收(待分派)"
    IN_PROGRESS = "IN_PROGRESS", "办理中"
    AWAITING_SUPPLEMENT = "AWAITING_SUPPLEMENT", "待补充材料"
    REPORTED = "REPORTED", "已反馈(待确认)"
    REWORK = "REWORK", "退回重办"
    CONFIRMED = "CONFIRMED", "已确认办结"
    RETURN_PROPOSED = "RETURN_PROPOSED", "拟退回"
    RETURNED = "RETURNED", "已退回"
    REROUTED = "REROUTED", "已改派"
    WITHDRAWN = "WITHDRAWN", "已撤回"

    # Every ladder class.
    SUSPENDED = "SUSPENDED", "暂停办理"
    STOPPED_AWAITING_REPORT = "STOPPED_AWAITING_REPORT", "已停止(待回报)"
    TERMINATED = "TERMINATED", "已终止"

    # A superior's orders.
    ISSUED = "ISSUED", "已下发"
    EXECUTING = "EXECUTING", "执行中"
    ANSWERED = "ANSWERED", "已报告"
    CLOSED = "CLOSED", "已归结"

    # What a lower court asks of its superior.
    REQUESTED = "REQUESTED", "已报请(待受理)"
    EXAMINING = "EXAMINING", "审查中"
    DECIDED = "DECIDED", "已决定"

    # 处置权移交.
    HANDOVER_REFUSED = "HANDOVER_REFUSED", "不同意移送"
    HANDOVER_DUE = "HANDOVER_DUE", "待移送"
    AWAITING_DECISION = "AWAITING_DECISION", "待上级决定"
    DISPOSAL_ORDERED = "DISPOSAL_ORDERED", "首封法院限期处置"
    HANDED_OVER = "HANDED_OVER", "已移送(待变更登记)"
    DISPOSING = "DISPOSING", "处置中"
    DISPOSED = "DISPOSED", "已处置(待分配)"
    DISTRIBUTED = "DISTRIBUTED", "已分配(待告知)"

    # 委托执行(全案).
    AWAITING_FILING = "AWAITING_FILING", "待立案"
    CASE_FILED = "CASE_FILED", "已立案(执行中)"
    RETURN_APPLIED = "RETURN_APPLIED", "已层报退回(待高院审批)"
    RETURN_PERMITTED = "RETURN_PERMITTED", "高院已同意退回(待退回)"
    CASE_CLOSED = "CASE_CLOSED", "受托案件已结案"

    # 参与分配.
    PARTICIPATING = "PARTICIPATING", "准予参与分配(待方案)"
    PARTICIPATION_REFUSED = "PARTICIPATION_REFUSED", "不予参与分配"
    PLAN_ISSUED = "PLAN_ISSUED", "分配方案已发出(异议期)"
    PLAN_DISPUTED = "PLAN_DISPUTED", "分配方案有异议"
    PLAN_SETTLED = "PLAN_SETTLED", "分配方案已确定(待付款)"
    SHARE_PAID = "SHARE_PAID", "分配款已付(待确认)"

    # 督办.
    UNDER_REVIEW = "UNDER_REVIEW", "已回复(待审核)"
    SUPERVISION_DONE = "SUPERVISION_DONE", "已办结"
    REVOKED = "REVOKED", "已撤销"


class Mark(Term):
    """What is shown beside a state; any number at once, and never a state of its own."""

    URGENT = "URGENT", "紧急"
    DUE_SOON = "DUE_SOON", "即将到期"
    OVERDUE = "OVERDUE", "已超期"
    SUPERVISED = "SUPERVISED", "督办中"
    COMPLAINT_OPEN = "COMPLAINT_OPEN", "投诉中"
    EXTENDED = "EXTENDED", "已延期"
    CONFIDENTIAL = "CONFIDENTIAL", "保密办理"
    BACKFILLED = "BACKFILLED", "补录"
    PROVISIONAL = "PROVISIONAL", "暂定"
    PENDING = "PENDING", "待中心确认"
    CASE_CHANGED = "CASE_CHANGED", "案件变更待处理"
    UNDELIVERED = "UNDELIVERED", "未到达"
    CONSENT_OPEN = "CONSENT_OPEN", "待补书面同意"


class OwnRulesState(Term):
    """Where a court's proposal for its own rules (本地要求) stands."""

    QUEUED = "QUEUED", "待送达中院"
    AWAITING_CONSENT = "AWAITING_CONSENT", "待中院同意"
    PUBLISHED = "PUBLISHED", "已纳入规则库"
    REFUSED = "REFUSED", "未予采纳"
    TAKEN_BACK = "TAKEN_BACK", "申报已收回"


class Appeal(Term):
    """For which decision of the common superior a matter waits."""

    WRONG_COURT = "WRONG_COURT", "改派建议"
    OBJECTION = "OBJECTION", "不服退回的异议"
    DISPUTE = "DISPUTE", "再次退回重办的争议"
    COMPLAINT = "COMPLAINT", "对办理的投诉"
    TRANSFER = "TRANSFER", "变更委托法院的申请"
    RULING = "RULING", "尚未下发的执行裁定"


class Outcome(Term):
    """How one item (办理项) ended."""

    DONE = "DONE", "已办成"
    PARTLY_DONE = "PARTLY_DONE", "部分办成"
    NOT_DONE = "NOT_DONE", "未办成"
    NOT_NEEDED = "NOT_NEEDED", "不再需要"
