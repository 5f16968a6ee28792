"""E-mail by SMTP (RFC 5321), over TLS where the server has it."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from enum import StrEnum
from pathlib import Path
from typing import Final

from xiezhi_desk.notifying.channels.channel import Delivery, Message, readable
from xiezhi_desk.notifying.channels.posting import cannot_connect

_PERMANENT: Final = 500
_AT_ONCE: Final = 4


class Security(StrEnum):
    """How the line to the server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailServer:
    """Sends through one server, a connection for each message, in threads of its own."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        security: Security,
        user: str = "",
        password: str = "",
        authority: Path | None = None,
        timeout_s: float = 20.0,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._security = security
        self._user = user
        self._password = password
        secure = security is not Security.NONE
        self._tls = ssl.create_default_context(cafile=authority) if secure else None
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="mail")

    async def send(self, message: Message) -> Delivery:
        """Return what the server says."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, message)

    async def examine(self) -> str:
        """Return why the server cannot be reached."""
        return await cannot_connect(self._host, self._port, self._timeout_s)

    async def close(self) -> None:
        """Take no more; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, message: Message) -> Delivery:
        try:
            with self._connected() as server:
                server.send_message(self._mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return _answered(code, said)
        except smtplib.SMTPResponseException as error:
            # A login or a greeting that is refused is the court's to put right; only what concerns the mail is final.
            data = isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused)
            return _answered(error.smtp_code, error.smtp_error, may_be_final=data)
        except (smtplib.SMTPException, OSError) as error:
            return Delivery(taken=False, answer=f"无法连接邮件服务器：{type(error).__name__}")
        return Delivery(taken=True, answer="邮件服务器已接收")

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        direct = self._security is Security.TLS
        server = (
            smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=self._tls)
            if direct
            else smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        )
        # Not the server's own block: it raises what QUIT is answered with, when a mail may long be taken.
        with closing(server):
            if self._security is Security.STARTTLS:
                server.starttls(context=self._tls)
            if self._user:
                server.login(self._user, self._password)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.address, message.subject
        mail["Date"] = formatdate()
        # The same at every try: by it mail programs show a message once.
        mail["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _answered(code: int, said: bytes | str, *, may_be_final: bool = True) -> Delivery:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    final = may_be_final and code >= _PERMANENT
    return Delivery(taken=False, answer=readable(f"SMTP {code} {text}"), final=final)
