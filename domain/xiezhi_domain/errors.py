"""The one family of errors that the domain raises, and the stable codes they carry.

Messages are Chinese and for a clerk: what is wrong, in which field, what to do. They never contain personal
numbers, because errors end up in logs.
"""

# The classes are named after what happened, as callers say it; the module says that they are errors.
# ruff: noqa: N818

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiezhi_domain.terms.base import Term


class Reason(Term):
    """The machine-readable code of an error (`google.rpc.ErrorInfo.reason`); never renamed, never reused."""

    # What was sent.
    INVALID_FIELD = "INVALID_FIELD", "填写的内容有误，请按提示修改"
    MALFORMED = "MALFORMED", "数据格式不正确，无法读取"
    TOO_LARGE = "TOO_LARGE", "内容过大，请分批提交"
    REQUEST_ID_REUSED = "REQUEST_ID_REUSED", "同一请求编号已用于其他内容，请刷新后重新提交"
    UNKNOWN_METHOD = "UNKNOWN_METHOD", "系统不提供此项功能，请升级程序"

    # What it names.
    UNKNOWN_COURT = "UNKNOWN_COURT", "没有这个法院代字，请核对"
    UNKNOWN_KIND = "UNKNOWN_KIND", "没有这种事项类型，请核对"
    UNKNOWN_INSTRUCTION = "UNKNOWN_INSTRUCTION", "找不到该事项，请核对编号"
    UNKNOWN_DOCUMENT = "UNKNOWN_DOCUMENT", "找不到该文书，请核对"
    UNKNOWN_BULLETIN = "UNKNOWN_BULLETIN", "找不到该统计通报，请核对"
    UNKNOWN_CASE = "UNKNOWN_CASE", "找不到该案件，请核对案号"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT", "找不到该账号，请核对"
    UNKNOWN_QUERY = "UNKNOWN_QUERY", "找不到该次登记查询，请核对"
    UNKNOWN_VIEW = "UNKNOWN_VIEW", "找不到该视图，可能已经删除"
    UNKNOWN_NOTIFICATION = "UNKNOWN_NOTIFICATION", "找不到该通知，请核对"
    UNKNOWN_SHEET = "UNKNOWN_SHEET", "找不到该外勤任务单，请核对"
    RULEBOOK_UNKNOWN = "RULEBOOK_UNKNOWN", "本机尚无该版本的规则库，请稍后重试"
    RULEBOOK_NOT_IN_FORCE = (
        "RULEBOOK_NOT_IN_FORCE",
        "事项所依据的规则库已不再用于新事项，或者尚未生效；请按现行规则库核对后重新推送",
    )

    # Who may do it.
    WRONG_ROLE = "WRONG_ROLE", "您的岗位不能进行此操作"
    WRONG_COURT = "WRONG_COURT", "该操作应由其他法院进行"
    SAME_PERSON = "SAME_PERSON", "不能审批本人提出的事项，请由他人审批"
    FORBIDDEN = "FORBIDDEN", "没有权限"
    NOT_AN_OBLIGOR = "NOT_AN_OBLIGOR", "登记查询只能针对案件的被执行人、被保全人"

    # Whether it can be done now.
    WRONG_STATE = "WRONG_STATE", "事项当前状态不能进行此操作"
    TOO_EARLY = "TOO_EARLY", "尚未到可以进行此操作的时间"
    TOO_LATE = "TOO_LATE", "已超过可以进行此操作的期间"
    STALE_BASE = "STALE_BASE", "事项已有新的进展，请刷新后重新操作"
    BASE_REFUSED = "BASE_REFUSED", "所依据的上一步未被平台受理，请查看原因后重新操作"
    BASE_UNKNOWN = "BASE_UNKNOWN", "平台尚未收到所依据的上一步"
    DUPLICATE_EVENT = "DUPLICATE_EVENT", "该操作已经提交，无需重复提交"
    PAPERS_MISSING = "PAPERS_MISSING", "所需文书不齐，请补齐后提交"
    OUTCOMES_MISSING = "OUTCOMES_MISSING", "尚有办理项没有填写结果，请逐项填写"
    NO_COMMON_HUB = "NO_COMMON_HUB", "两院的共同上级法院尚未接入本平台，请通过全国系统办理"

    # Documents.
    DOCUMENT_MISSING = "DOCUMENT_MISSING", "文书尚未上传完成，请等待或重新上传"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE", "文书过大，请压缩或拆分后上传"
    DOCUMENT_HASH_MISMATCH = "DOCUMENT_HASH_MISMATCH", "文书内容与登记的校验值不符，请重新上传"
    DOCUMENT_TRUNCATED = "DOCUMENT_TRUNCATED", "文书没有传完，请继续上传"
    DOCUMENT_TYPE_REFUSED = "DOCUMENT_TYPE_REFUSED", "不接受此类文件，请转换为 PDF、OFD 或图片后上传"
    DOCUMENT_BROKEN = "DOCUMENT_BROKEN", "文书已损坏或设有密码，无法打开，请重新扫描或另存后上传"
    SEAL_MISSING = "SEAL_MISSING", "本院未在节点上配置电子签章，请在签章系统中签章后上传"
    OFFSET_OUT_OF_RANGE = "OFFSET_OUT_OF_RANGE", "续传位置不正确，请从平台告知的位置继续"

    # Keys and proof.
    SIGNATURE_INVALID = "SIGNATURE_INVALID", "电子签名验证不通过"
    KEY_UNKNOWN = "KEY_UNKNOWN", "签名密钥未登记"
    KEY_REVOKED = "KEY_REVOKED", "签名密钥已吊销"
    TOKEN_INVALID = "TOKEN_INVALID", "令牌无效或已过期，请重新申请"
    CERTIFICATE_INVALID = "CERTIFICATE_INVALID", "证书无效或已过期，请联系系统管理员"

    # Signing in.
    SIGNED_OUT = "SIGNED_OUT", "登录已失效，请重新登录"
    BAD_CREDENTIALS = "BAD_CREDENTIALS", "账号或密码不正确"
    PASSWORD_NOT_OWN = "PASSWORD_NOT_OWN", "您使用的是初始密码，请先修改密码"
    ACCOUNT_LOCKED = "ACCOUNT_LOCKED", "账号已锁定，请稍后再试或联系系统管理员"
    ADDRESS_LOCKED = (
        "ADDRESS_LOCKED",
        "从您所在的网络地址登录失败次数过多，请稍后再试或联系系统管理员",
    )
    SECOND_FACTOR_REQUIRED = "SECOND_FACTOR_REQUIRED", "需要动态口令，请输入手机应用当前显示的动态口令"
    SECOND_FACTOR_MISSING = (
        "SECOND_FACTOR_MISSING",
        "本院要求审批、签章时验证动态口令，您的账号尚未绑定，请先在“我的账号”中绑定",
    )
    SECOND_FACTOR_WRONG = "SECOND_FACTOR_WRONG", "动态口令不正确或者已经用过，请等待下一个动态口令再试"
    LOGIN_TAKEN = "LOGIN_TAKEN", "该登录名已被使用，请更换"
    FEDERATED_SIGN_IN_REFUSED = "FEDERATED_SIGN_IN_REFUSED", "统一身份认证未通过，请重新登录"
    IDENTITY_NOT_BOUND = "IDENTITY_NOT_BOUND", "您的统一身份尚未绑定本院账号，请联系系统管理员"
    IDENTITY_TAKEN = "IDENTITY_TAKEN", "该统一身份已绑定其他账号，请核对，或先解除原绑定"
    IDENTITY_PROVIDER_UNREACHABLE = (
        "IDENTITY_PROVIDER_UNREACHABLE",
        "统一身份认证暂时无法使用，请稍后再试，或用密码登录",
    )

    # The link between node and hub.
    PROTOCOL_UNSUPPORTED = "PROTOCOL_UNSUPPORTED", "两端程序版本不兼容，请升级程序"
    FEED_DIVERGED = "FEED_DIVERGED", "本院节点与枢纽的收发记录不一致，请联系系统管理员"
    LINK_REPLACED = "LINK_REPLACED", "本院节点已在别处建立新的连接，请检查是否重复部署"
    HUB_UNREACHABLE = "HUB_UNREACHABLE", "平台暂时连接不上，请稍后再试"

    # The court's own case system.
    CASE_SOURCE_MISSING = "CASE_SOURCE_MISSING", "本院尚未接入办案系统，请手工登记案件并上传文书"
    CASE_SOURCE_AWAY = (
        "CASE_SOURCE_AWAY",
        "办案系统接口暂时连接不上，请稍后再试；急办的可手工登记案件并上传文书",
    )
    CASE_UNREADABLE = "CASE_UNREADABLE", "办案系统中的案件资料有误，请在办案系统中更正后重试"

    # The registries of local authorities.
    REGISTRY_MISSING = "REGISTRY_MISSING", "本院尚未接入该类登记机构，请持协助执行通知书现场办理"
    REGISTRY_AWAY = "REGISTRY_AWAY", "登记机构接口暂时连接不上，请稍后以同一请求再试"
    REGISTRY_REFUSED = "REGISTRY_REFUSED", "登记机构未予办理，请与其联系"
    REGISTRY_UNREADABLE = "REGISTRY_UNREADABLE", "登记机构返回的内容与请求不符或者无法识别，请联系系统管理员"
    NOT_ACCEPTED = "NOT_ACCEPTED", "平台尚未受理所依据的事项或者分派，请稍后再办"

    # The machine.
    RATE_LIMITED = "RATE_LIMITED", "操作过于频繁，请稍后再试"
    DISK_FULL = "DISK_FULL", "服务器存储空间不足，请联系系统管理员"
    SIGNER_AWAY = "SIGNER_AWAY", "签名服务暂时不可用，请稍后再试；仍不行请联系系统管理员"
    RECOVERING = "RECOVERING", "平台正在恢复数据，请稍后再试"
    STOPPING = "STOPPING", "平台正在停机，请稍后再试"
    TIMED_OUT = "TIMED_OUT", "处理超时，请刷新查看结果后再试"
    CLOCK_SKEW = "CLOCK_SKEW", "本机时间与平台相差过大，请校准时间"
    INTERNAL = "INTERNAL", "系统内部错误，请联系系统管理员"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that is wrong: its path in the request and a Chinese message."""

    field: str
    message: str


class DomainError(Exception):
    """What the domain refuses: a stable reason, a message for a clerk, and details for programs.

    `message` falls back to the reason's own text. `metadata` is for programs and holds no personal data.
    """

    reason: Reason
    message: str
    fields: tuple[FieldViolation, ...]
    metadata: dict[str, str]

    def __init__(
        self,
        reason: Reason,
        message: str = "",
        *,
        fields: Sequence[FieldViolation] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message or reason.zh
        self.fields = tuple(fields)
        self.metadata = dict(metadata or {})

    def __str__(self) -> str:
        """Give the code and the message, for logs."""
        return f"{self.reason}: {self.message}"


class InvalidInput(DomainError):
    """What was entered is wrong, whatever the state of the matter."""

    @classmethod
    def in_field(cls, field: str, message: str) -> "InvalidInput":
        """Give the error of one wrong field (`INVALID_FIELD`), whose message is also the error's."""
        return cls(Reason.INVALID_FIELD, message, fields=(FieldViolation(field, message),))


class NotAllowed(DomainError):
    """The acting person, court or program may not do this."""


class NotFound(DomainError):
    """What the request names does not exist, or not for whoever asks."""


class WrongState(DomainError):
    """The matter is not where this action is possible."""


class Conflict(DomainError):
    """Somebody else was first; look again and decide again."""


class LimitExceeded(DomainError):
    """A limit of size, rate or number was passed; `retry_after_ms` is 0 where waiting does not help."""

    retry_after_ms: int

    def __init__(
        self,
        reason: Reason,
        message: str = "",
        *,
        retry_after_ms: int = 0,
        fields: Sequence[FieldViolation] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason, message, fields=fields, metadata=metadata)
        self.retry_after_ms = retry_after_ms


class Unavailable(DomainError):
    """The machine cannot do it now; the same request may succeed later."""


class FormatError(DomainError):
    """Bytes that do not follow their format (`MALFORMED`)."""

    def __init__(self, message: str = "", *, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(Reason.MALFORMED, message, metadata=metadata)
        # An exception is copied and pickled by calling its class with `args`.
        self.args = (message,)
