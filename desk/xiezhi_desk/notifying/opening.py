"""The ways out of a court's settings, ready to send; their secrets read from files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from xiezhi_desk.notifying.channels.channel import Notifier
from xiezhi_desk.notifying.channels.mail import MailServer
from xiezhi_desk.notifying.channels.posting import Poster
from xiezhi_desk.notifying.channels.sms import SmsGateway
from xiezhi_desk.notifying.channels.webhook import Ed25519Signer, HmacSigner, Signer, Webhook
from xiezhi_desk.notifying.settings import EmailTable, NotifyingSettings, SmsTable, WebhookTable
from xiezhi_desk.settings import secret_of
from xiezhi_domain.terms import NotificationChannel
from xiezhi_journal.journal import Clock
from xiezhi_wire.startup import StartupError

SHORTEST_SECRET: Final = 24
_WEBHOOK: Final = NotificationChannel.WEBHOOK


@dataclass(frozen=True, slots=True)
class Ways:
    """The notifiers of a court: one for SMS and one for e-mail at most, webhooks by name."""

    sms: Notifier | None = None
    email: Notifier | None = None
    webhooks: Mapping[str, Notifier] | None = None

    def of(self, channel: NotificationChannel, hook: str) -> Notifier | None:
        """Return the notifier that takes what goes by *channel*, to the webhook *hook*; None for one that is gone."""
        if channel is _WEBHOOK:
            return (self.webhooks or {}).get(hook)
        return self.sms if channel is NotificationChannel.SMS else self.email

    @property
    def named(self) -> dict[str, Notifier]:
        """All of them, by what people call them."""
        ways = {NotificationChannel.SMS.zh: self.sms, NotificationChannel.EMAIL.zh: self.email}
        found = {name: way for name, way in ways.items() if way is not None}
        return found | {f"{_WEBHOOK.zh} {name}": way for name, way in (self.webhooks or {}).items()}

    async def close(self) -> None:
        """Let go of all connections."""
        for way in self.named.values():
            await way.close()


def open_ways(settings: NotifyingSettings, clock: Clock) -> Ways:
    """Return the notifiers of *settings*.

    :raises StartupError: a secret or a certificate cannot be read.
    """
    try:
        return Ways(
            sms=_sms(settings.sms) if settings.sms else None,
            email=_email(settings.email) if settings.email else None,
            webhooks={table.name: _webhook(table, clock) for table in settings.webhooks},
        )
    except OSError as error:
        raise StartupError(f"通知接口的证书文件 {error.filename or ''} 无法读取：{error.strerror}") from error


def _sms(table: SmsTable) -> SmsGateway:
    headers = dict(table.headers)
    if table.token_file is not None:
        headers["authorization"] = f"Bearer {secret_of(table.token_file, 'sms.token_file')}"
    return SmsGateway(
        Poster(table.url, table.timeout_s, table.authority),
        fields=table.fields,
        constants=table.constants,
        headers=headers,
        body=table.body,
        success=table.success,
    )


def _email(table: EmailTable) -> MailServer:
    file = table.password_file
    return MailServer(
        table.host,
        table.port,
        table.sender,
        security=table.security,
        user=table.user,
        password=secret_of(file, "email.password_file") if file else "",
        authority=table.authority,
        timeout_s=table.timeout_s,
    )


def _webhook(table: WebhookTable, clock: Clock) -> Webhook:
    signer: Signer
    if table.secret_file is not None:
        secret = secret_of(table.secret_file, "webhook.secret_file")
        if len(secret) < SHORTEST_SECRET:
            raise StartupError(f"接口 {table.name} 的密钥过短，至少 {SHORTEST_SECRET} 个字符")
        signer = HmacSigner(secret.encode())
    else:
        assert table.key_file is not None, "settings ask for one of the two"
        signer = Ed25519Signer(_private_key(table.key_file))
    return Webhook(Poster(table.url, table.timeout_s, table.authority), signer, clock)


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(secret_of(path, "webhook.key_file").encode(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StartupError(f"签名密钥 {path} 不是 Ed25519 私钥（PEM）")
    return key
