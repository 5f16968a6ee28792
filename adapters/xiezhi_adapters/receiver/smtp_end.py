"""The receiver's SMTP end: as much of RFC 5321 as a mail server needs to take a mail on the own machine."""

import asyncio
from email import message_from_bytes, policy
from typing import Final

from xiezhi_adapters.receiver.arrivals import Arrival, Arrivals
from xiezhi_domain.terms import NotificationChannel

_OK: Final = "250 OK"


class SmtpEnd:
    """Takes mails, one conversation for each connection."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one sender until it says good-bye."""
        try:
            await _say(writer, "220 receiver")
            while line := await reader.readline():
                command = line[:4].decode("latin-1").upper()
                if command == "QUIT":
                    await _say(writer, "221 bye")
                    return
                await _say(writer, await self._answer(command, reader, writer))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            pass
        finally:
            writer.close()

    async def _answer(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        match command:
            case "EHLO" | "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP":
                return _OK
            case "DATA":
                await _say(writer, "354 go on")
                return self._take(await reader.readuntil(b"\r\n.\r\n"))
            case _:
                return "502 not here"

    def _take(self, data: bytes) -> str:
        if not self._arrivals.takes():
            return "451 try again later"
        plain = data.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        mail = message_from_bytes(plain, policy=policy.default)
        key = str(mail["message-id"]).strip("<>").partition("@")[0]
        content = mail.get_content() if not mail.is_multipart() else ""
        text = f"{mail['subject']} | {' '.join(str(content).split())}"
        self._arrivals.add(Arrival(NotificationChannel.EMAIL, key, str(mail["to"]), text))
        return _OK


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode())
    await writer.drain()
