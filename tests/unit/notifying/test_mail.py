"""A mail that the server has taken stays taken, whatever it says to the goodbye."""

import asyncio

import pytest

from xiezhi_desk.notifying.channels.channel import Message
from xiezhi_desk.notifying.channels.mail import MailServer, Security


@pytest.mark.parametrize("goodbye", [b"421 going down\r\n", b"500 what\r\n", b""])
async def test_a_goodbye_that_fails_leaves_the_mail_taken(goodbye: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            command = line.strip().upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(goodbye if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        way = MailServer("127.0.0.1", port, "xiezhi@court.example", security=Security.NONE, timeout_s=5)
        answer = await way.send(Message("key", "a@court.example", "主题", "内容"))
        await way.close()
    assert answer.taken
