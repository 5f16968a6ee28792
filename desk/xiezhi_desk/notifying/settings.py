"""How a court tells people outside the platform: one TOML file, checked as a whole. Secrets are named by file."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from xiezhi_desk.notifying.channels.mail import Security
from xiezhi_desk.notifying.preferences import check_email
from xiezhi_desk.notifying.rules import RuleChange, Rules, changed_rules
from xiezhi_desk.notifying.schedule import QuietHours
from xiezhi_desk.notifying.wording import Texts, Wording
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.terms import NotificationChannel, NotificationKind
from xiezhi_wire.startup import StartupError

Url = Annotated[str, Field(pattern=r"^https?://[^\s/@]+(/\S*)?$")]
Timeout = Annotated[float, Field(gt=0, le=120)]
_FIELDS = frozenset({"mobile", "text", "key"})
KEEP_DAYS: Final = 365
"""How long notifications are kept after they were queued; longer than what is found late is still told."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SmsTable(_Table):
    """`[sms]`: where the gateway is, what it calls its fields, by what it says that it has taken a message.

    `per_hour` is how many an account is sent in an hour; what is beyond becomes a digest.
    """

    url: Url
    body: Literal["json", "form"] = "json"
    fields: dict[str, str] = Field(default={"mobile": "mobile", "text": "text", "key": "key"})
    constants: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    token_file: Path | None = None
    success: dict[str, str] = Field(default_factory=dict)
    authority: Path | None = None
    timeout_s: Timeout = 15.0
    per_hour: int = Field(20, ge=1, le=1_000)

    @field_validator("fields")
    @classmethod
    def _all_fields(cls, fields: dict[str, str]) -> dict[str, str]:
        if fields.keys() != _FIELDS:
            raise ValueError("应写明 mobile、text、key 三项各叫什么")
        return fields


class EmailTable(_Table):
    """`[email]`: the mail server and who mails come from."""

    host: str = Field(min_length=1)
    port: int = Field(587, gt=0, le=65_535)
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password_file: Path | None = None
    authority: Path | None = None
    timeout_s: Timeout = 20.0

    @field_validator("sender")
    @classmethod
    def _an_address(cls, text: str) -> str:
        try:
            return check_email(text, "sender")
        except InvalidInput as error:
            raise ValueError(error.message) from error


class WebhookTable(_Table):
    """One `[[webhook]]`: a system that is told; signed with a secret (HMAC) or a key (Ed25519, PEM)."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^\S+$")
    url: Url
    secret_file: Path | None = None
    key_file: Path | None = None
    kinds: frozenset[NotificationKind] = frozenset()
    authority: Path | None = None
    timeout_s: Timeout = 15.0


class _File(_Table):
    quiet_hours: str = "22:00-07:30"
    keep_days: int = Field(KEEP_DAYS, ge=30, le=3_650)
    sms: SmsTable | None = None
    email: EmailTable | None = None
    webhook: tuple[WebhookTable, ...] = ()
    rules: dict[NotificationKind, RuleChange] = Field(default_factory=dict)
    texts: dict[NotificationKind, Texts] = Field(default_factory=dict)

    @field_validator("quiet_hours")
    @classmethod
    def _hours(cls, text: str) -> str:
        QuietHours.parse(text)
        return text

    @field_validator("texts")
    @classmethod
    def _not_of_a_digest(cls, texts: dict[NotificationKind, Texts]) -> dict[NotificationKind, Texts]:
        if NotificationKind.DIGEST in texts:
            raise ValueError(f"{NotificationKind.DIGEST.zh}的文字不能更改")
        return texts

    @field_validator("webhook")
    @classmethod
    def _told_apart(cls, tables: tuple[WebhookTable, ...]) -> tuple[WebhookTable, ...]:
        if len({each.name for each in tables}) < len(tables):
            raise ValueError("两个接口不能同名")
        if any((each.secret_file is None) == (each.key_file is None) for each in tables):
            raise ValueError("secret_file 与 key_file 须填且只填一项，推送必须签名")
        return tables


@dataclass(frozen=True, slots=True)
class NotifyingSettings:
    """The ways that a court has, its rules, its words, its quiet hours."""

    rules: Rules = field(default_factory=lambda: changed_rules({}))
    wording: Wording = field(default_factory=lambda: Wording({}))
    quiet: QuietHours = field(default_factory=QuietHours)
    keep_days: int = KEEP_DAYS
    sms: SmsTable | None = None
    email: EmailTable | None = None
    webhooks: tuple[WebhookTable, ...] = ()

    @property
    def channels(self) -> frozenset[NotificationChannel]:
        """The ways that are there; without any, nothing is queued."""
        there: dict[NotificationChannel, Any] = {
            NotificationChannel.SMS: self.sms,
            NotificationChannel.EMAIL: self.email,
            NotificationChannel.WEBHOOK: self.webhooks,
        }
        return frozenset(channel for channel, table in there.items() if table)


def load_notifying(path: Path | None) -> NotifyingSettings:
    """Return the settings of *path*; without one, no way out.

    :raises StartupError: it cannot be read, or a key is unknown, missing or wrong.
    """
    if path is None:
        return NotifyingSettings()
    try:
        file = _File(**read_toml(path.read_text(encoding="utf-8")))
        wording = Wording(file.texts)
    except OSError as error:
        raise StartupError(f"通知配置文件 {path} 无法读取：{error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise StartupError(f"通知配置文件 {path} 的 {place} 有误：{first['msg']}") from None
    except InvalidInput as error:
        wrong = error.fields[0]
        raise StartupError(f"通知配置文件 {path} 的 {wrong.field} 有误：{wrong.message}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"通知配置文件 {path} 不是合法的 TOML：{error}") from error
    return NotifyingSettings(
        rules=changed_rules(file.rules),
        wording=wording,
        quiet=QuietHours.parse(file.quiet_hours),
        keep_days=file.keep_days,
        sms=file.sms,
        email=file.email,
        webhooks=file.webhook,
    )
