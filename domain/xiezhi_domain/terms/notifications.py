"""What people are told outside the platform: the kinds of notifications, the ways they take, where one stands."""

from xiezhi_domain.terms.base import Term


class NotificationKind(Term):
    """What a notification is about; who is told, and how, is configuration."""

    ARRIVED = "ARRIVED", "收到新委托"
    ASSIGNED = "ASSIGNED", "事项已分派给您"
    ORDERED = "ORDERED", "收到上级决定"
    URGED = "URGED", "收到督办"
    REQUESTED = "REQUESTED", "收到报请事项"
    DUE_SOON = "DUE_SOON", "期限将至"
    DUE_ALERT = "DUE_ALERT", "期限预警"
    OVERDUE = "OVERDUE", "期限已过"
    UNDELIVERED = "UNDELIVERED", "委托未到达"
    RETURNED = "RETURNED", "委托被退回"
    REFUSED = "REFUSED", "操作未被平台受理"
    REPORTED = "REPORTED", "结果待确认"
    REDO = "REDO", "结果退回重做"
    PAPERS_ASKED = "PAPERS_ASKED", "须补充材料"
    PAPERS_SUPPLIED = "PAPERS_SUPPLIED", "材料已补充"
    HALTED = "HALTED", "事项停止、暂停或变更"
    NUDGED = "NUDGED", "收到催办"
    COMPLAINED = "COMPLAINED", "收到投诉"
    EXTENSION_ASKED = "EXTENSION_ASKED", "延期申请待决定"
    REPLIED = "REPLIED", "督办回复待审核"
    DIGEST = "DIGEST", "提醒汇总"


class NotificationChannel(Term):
    """The way that a notification takes."""

    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "电子邮件"
    WEBHOOK = "WEBHOOK", "接口推送"


class NotificationState(Term):
    """Where one notification stands."""

    QUEUED = "QUEUED", "待发出"
    FAILED = "FAILED", "待重发"
    SENT = "SENT", "已发出"
    GIVEN_UP = "GIVEN_UP", "未能送出"
    OUTDATED = "OUTDATED", "已过时"
    DIGESTED = "DIGESTED", "已并入汇总"
