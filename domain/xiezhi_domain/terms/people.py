"""Who: the roles of court staff, the courts' levels, and the place of a subject in the case."""

from xiezhi_domain.terms.base import Term


class Role(Term):
    """What an account may act as in its court; one person may hold several."""

    JUDGE = "JUDGE", "承办法官"
    ASSISTANT = "ASSISTANT", "法官助理/书记员"
    BUREAU_CHIEF = "BUREAU_CHIEF", "执行局长"
    COURT_LEADER = "COURT_LEADER", "分管院领导"
    CENTRE_DIRECTOR = "CENTRE_DIRECTOR", "指挥中心主任"
    CENTRE_OFFICER = "CENTRE_OFFICER", "指挥中心专员"
    SEAL_KEEPER = "SEAL_KEEPER", "印章管理员"
    FIELD_OFFICER = "FIELD_OFFICER", "执行专员/外勤"
    DUTY_OFFICER = "DUTY_OFFICER", "值班员"
    AUXILIARY = "AUXILIARY", "辅助人员"
    SUPERVISOR = "SUPERVISOR", "督办员"
    STATISTICIAN = "STATISTICIAN", "统计员"
    AUDITOR = "AUDITOR", "审计员"
    ADMINISTRATOR = "ADMINISTRATOR", "系统管理员"
    INTEGRATION = "INTEGRATION", "系统对接"


class AccountEventKind(Term):
    """What happens to an account, as its journal says it."""

    SIGNED_IN = "SIGNED_IN", "登录成功"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED", "登录被拒"
    LOCKED = "LOCKED", "账号锁定"
    UNLOCKED = "UNLOCKED", "解除锁定"
    SIGNED_OUT = "SIGNED_OUT", "退出登录"
    PASSWORD_CHANGED = "PASSWORD_CHANGED", "本人修改密码"
    PASSWORD_RESET = "PASSWORD_RESET", "密码被重置"
    CREATED = "CREATED", "账号建立"
    ROLES_CHANGED = "ROLES_CHANGED", "岗位变更"
    DISABLED = "DISABLED", "账号停用"
    ENABLED = "ENABLED", "账号恢复启用"
    SESSIONS_ENDED = "SESSIONS_ENDED", "会话被结束"
    TOKEN_MADE = "TOKEN_MADE", "签发令牌"
    TOKEN_FIRST_USED = "TOKEN_FIRST_USED", "令牌首次使用"
    TOKEN_REVOKED = "TOKEN_REVOKED", "吊销令牌"
    SECOND_FACTOR_SET = "SECOND_FACTOR_SET", "动态口令绑定"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED", "动态口令解除"
    CONFIRMED = "CONFIRMED", "二次验证"
    CHECK_REFUSED = "CHECK_REFUSED", "验证未通过"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED", "使用恢复码"
    IDENTITY_BOUND = "IDENTITY_BOUND", "统一身份绑定"
    IDENTITY_UNBOUND = "IDENTITY_UNBOUND", "统一身份解除绑定"


class SubjectRole(Term):
    """The standing in the case (诉讼地位) of a person or body that a matter is about.

    Registry queries are lawful on obligors only (财产调查规定 25); which roles count as such, and which role
    fits which act, is in the rulebook.
    """

    DEBTOR = "DEBTOR", "被执行人"
    PRESERVATION_RESPONDENT = "PRESERVATION_RESPONDENT", "被保全人"
    APPLICANT = "APPLICANT", "申请执行人"
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE", "法定代表人"
    PERSON_IN_CHARGE = "PERSON_IN_CHARGE", "主要负责人"
    ACTUAL_CONTROLLER = "ACTUAL_CONTROLLER", "实际控制人"
    CO_OWNER = "CO_OWNER", "共有人"
    POSSESSOR = "POSSESSOR", "财产占有人"
    NOMINEE = "NOMINEE", "代持人"
    SUB_DEBTOR = "SUB_DEBTOR", "次债务人"
    SERVICE_RECIPIENT = "SERVICE_RECIPIENT", "受送达人"
    INTERESTED_PARTY = "INTERESTED_PARTY", "其他利害关系人"


class CourtLevel(Term):
    """The four levels of the people's courts (人民法院组织法 12, 13)."""

    SUPREME = "SUPREME", "最高人民法院"
    HIGH = "HIGH", "高级人民法院"
    INTERMEDIATE = "INTERMEDIATE", "中级人民法院"
    BASIC = "BASIC", "基层人民法院"
