"""An SMS gateway over HTTP, such as that of a court's 12368 hotline: what its fields are called is configuration."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from xiezhi_desk.notifying.channels.channel import Delivery, Message
from xiezhi_desk.notifying.channels.posting import Posted, Poster
from xiezhi_domain.plain_values import read_json

JSON, FORM = "json", "form"


class SmsGateway:
    """Posts one message for each mobile. *fields* calls the gateway's fields by mobile, text and key."""

    def __init__(
        self,
        poster: Poster,
        *,
        fields: Mapping[str, str],
        constants: Mapping[str, str],
        headers: Mapping[str, str],
        body: str,
        success: Mapping[str, str],
    ) -> None:
        self._poster = poster
        self._fields = fields
        self._constants = constants
        self._headers = headers
        self._body = body
        self._success = success

    async def send(self, message: Message) -> Delivery:
        """Return what the gateway says."""
        said = {"mobile": message.address, "text": message.text, "key": message.key}
        values = {**self._constants, **{self._fields[name]: value for name, value in said.items()}}
        posted = await self._poster.post(self._encoded(values), self._all_headers(message.key))
        delivery = posted.delivery()
        if delivery.taken and not self._succeeded(posted):
            return Delivery(taken=False, answer=delivery.answer)
        return delivery

    async def examine(self) -> str:
        """Return why the gateway cannot be reached."""
        return await self._poster.examine()

    async def close(self) -> None:
        """Let go of connections."""
        await self._poster.close()

    def _encoded(self, values: Mapping[str, str]) -> bytes:
        if self._body == FORM:
            return urlencode(values).encode()
        return json.dumps(values, ensure_ascii=False).encode()

    def _all_headers(self, key: str) -> dict[str, str]:
        kind = "application/x-www-form-urlencoded" if self._body == FORM else "application/json"
        return {**self._headers, "content-type": f"{kind}; charset=utf-8", _KEY_HEADER: key}

    def _succeeded(self, posted: Posted) -> bool:
        """Say whether the answer is a success by the gateway's own fields: many answer 200 to everything."""
        if not self._success:
            return True
        try:
            answer: Any = read_json(posted.text)
        except ValueError:
            return False
        return isinstance(answer, dict) and all(
            str(answer.get(name)) == value for name, value in self._success.items()
        )


_KEY_HEADER: Final = "idempotency-key"
