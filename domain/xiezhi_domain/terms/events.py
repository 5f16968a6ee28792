"""What happens to a matter: the words of the timeline."""

from xiezhi_domain.terms.base import Term


class EventKind(Term):
    """A kind of event. A header may carry another text: it is then stored and shown, but offers no action."""

    ISSUED = "Issued", "推送委托"
    DELIVERED = "Delivered", "已到达受托法院系统"
    UNDELIVERED = "Undelivered", "未到达"
    SIGNED = "Signed", "签收"
    ASSIGNED = "Assigned", "分派"
    HANDED_BACK = "HandedBack", "退回分派"
    PROGRESS_REPORTED = "ProgressReported", "填报进展"
    MATERIAL_SUPPLIED = "MaterialSupplied", "补充材料"
    DOSSIER_SHARED = "DossierShared", "共享卷宗文书"
    CONTACT_LOGGED = "ContactLogged", "记录沟通"
    COMPLETED = "Completed", "办结反馈"
    CONFIRMED = "Confirmed", "确认办结"
    RESULT_REJECTED = "ResultRejected", "退回重办"
    RETURN_PROPOSED = "ReturnProposed", "拟退回"
    RETURNED = "Returned", "同意退回"
    RETURN_REFUSED = "ReturnRefused", "不同意退回"
    WITHDRAWN = "Withdrawn", "撤回"
    KEY_ADDED = "KeyAdded", "登记密钥"
    KEY_ROTATED = "KeyRotated", "更换密钥"
    KEY_REVOKED = "KeyRevoked", "吊销密钥"
    KEY_REPLACED = "KeyReplaced", "重新登记密钥"
    RULEBOOK_PUBLISHED = "RulebookPublished", "发布规则库"
    BULLETIN_PUBLISHED = "BulletinPublished", "发布统计通报"
