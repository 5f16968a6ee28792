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

    # Papers asked for and supplied.
    MATERIAL_ASKED = "MaterialAsked", "要求补充材料"
    DEFECT_TOLD = "DefectTold", "告知所补材料有误"
    SUPPLEMENT_SUPPLIED = "SupplementSupplied", "按要求补充材料"
    URGENT_PAPERS_SUPPLIED = "UrgentPapersSupplied", "补齐紧急事项文书"

    # The right court.
    WRONG_COURT_REPORTED = "WrongCourtReported", "指明应受托法院"
    REROUTED = "Rerouted", "改派"
    REROUTE_REFUSED = "RerouteRefused", "不予改派"
    FORWARDED = "Forwarded", "转办"
    LETTER_REISSUED = "LetterReissued", "确认新函"
    RETURN_OBJECTED = "ReturnObjected", "退回异议"
    OBJECTION_UPHELD = "ObjectionUpheld", "退回异议成立"
    OBJECTION_DISMISSED = "ObjectionDismissed", "退回异议不成立"

    # Stopping, pausing, moving.
    STOPPED = "Stopped", "停止办理"
    STOP_ARRIVED = "StopArrived", "停止已到达受托法院系统"
    STOP_REPORTED = "StopReported", "回报停止情况"
    SUSPENDED = "Suspended", "暂停办理"
    RESUMED = "Resumed", "恢复办理"
    SENDER_TRANSFERRED = "SenderTransferred", "变更委托法院"
    CASE_STATUS_CHANGED = "CaseStatusChanged", "案件状态变更"
    CASE_CONTINUED = "CaseContinued", "案件变更后继续办理"
    TRANSFER_ASKED = "TransferAsked", "申请变更委托法院"
    EXTENSION_ASKED = "ExtensionAsked", "申请延期"
    EXTENSION_GRANTED = "ExtensionGranted", "同意延期"
    EXTENSION_REFUSED = "ExtensionRefused", "不同意延期"

    # Nudging, disputes, judging the work.
    NUDGED = "Nudged", "催办"
    NUDGE_ANSWERED = "NudgeAnswered", "答复催办"
    CONFIRMATION_NUDGED = "ConfirmationNudged", "催确认"
    CONFIRMED_FOR = "ConfirmedFor", "代为确认"
    ESCALATED = "Escalated", "报请共同上级"
    DISPUTE_RULED = "DisputeRuled", "处理争议"
    EVALUATED = "Evaluated", "评价"
    COMPLAINED = "Complained", "投诉"
    COMPLAINT_EXPLAINED = "ComplaintExplained", "投诉说明"
    COMPLAINT_RULED = "ComplaintRuled", "处理投诉"

    # Urgent matters, calls, people.
    CALL_LOGGED = "CallLogged", "电话登记"
    URGENCY_QUESTIONED = "UrgencyQuestioned", "申请转普通"
    URGENCY_LOWERED = "UrgencyLowered", "同意转普通"
    URGENCY_KEPT = "UrgencyKept", "不同意转普通"
    OFFICER_CHANGED = "OfficerChanged", "承办人变更"
    RECUSED = "Recused", "回避"

    # 督办.
    SUPERVISION_REPLIED = "SupervisionReplied", "回复督办"
    REPLY_RETURNED = "ReplyReturned", "退回重报"
    SUPERVISION_CLOSED = "SupervisionClosed", "督办办结"
    REVOKED = "Revoked", "撤销"
    SUPERVISED = "Supervised", "纳入督办"
    SUPERVISION_ENDED = "SupervisionEnded", "督办结束"

    # 处置权移交.
    HANDOVER_AGREED = "HandoverAgreed", "同意移送"
    HANDOVER_REFUSED = "HandoverRefused", "不同意移送"
    HANDOVER_ESCALATED = "HandoverEscalated", "移送争议报请共同上级"
    DISPOSAL_DEADLINE_SET = "DisposalDeadlineSet", "决定限期处置"
    JOINT_DISPOSAL_ORDERED = "JointDisposalOrdered", "决定协同执行"
    DISPOSAL_ELEVATED = "DisposalElevated", "决定提级执行"
    DISPOSAL_DESIGNATED = "DisposalDesignated", "决定指定执行"
    DISPOSED_BY_FIRST_COURT = "DisposedByFirstCourt", "首封法院处置完毕"
    HANDED_OVER = "HandedOver", "移送处置权"
    SEIZURES_STATED = "SeizuresStated", "登记查封情况"
    SEIZURE_RENEWED = "SeizureRenewed", "登记续封"
    SEIZURE_LIFTED = "SeizureLifted", "登记解封"
    PARTIES_TOLD = "PartiesTold", "告知当事人"
    REGISTRY_CHANGED = "RegistryChanged", "办理变更登记"
    DISPOSAL_REPORTED = "DisposalReported", "报告处置结果"
    PROCEEDS_DISTRIBUTED = "ProceedsDistributed", "分配处置款"
    RESERVE_RELEASED = "ReserveReleased", "处理预留份额"
    FIRST_COURT_TOLD = "FirstCourtTold", "告知首封法院"

    # A court's own stream.
    KEY_ADDED = "KeyAdded", "登记密钥"
    KEY_ROTATED = "KeyRotated", "更换密钥"
    KEY_REVOKED = "KeyRevoked", "吊销密钥"
    KEY_REPLACED = "KeyReplaced", "重新登记密钥"
    RULEBOOK_PUBLISHED = "RulebookPublished", "发布规则库"
    BULLETIN_PUBLISHED = "BulletinPublished", "发布统计通报"
    CALENDAR_PUBLISHED = "CalendarPublished", "发布工作日历"
    OUTAGE_RECORDED = "OutageRecorded", "登记通信故障"
