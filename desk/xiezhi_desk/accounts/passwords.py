"""Passwords: which are good enough, and their argon2id hashes (RFC 9106)."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from xiezhi_desk.accounts.easy_passwords import is_easy
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason

ResultT = TypeVar("ResultT")

SHORTEST: Final = 12
LONGEST: Final = 256
THREADS: Final = 2
MOST_WAITING: Final = 32
_RETRY_MS: Final = 2_000


def check_password(password: str, login: str, field: str) -> str:
    """Return *password* if it is good enough: 12 to 256 characters, not the login, not easy to guess.

    :raises InvalidInput: naming *field*.
    """
    if len(password) < SHORTEST:
        raise InvalidInput.in_field(field, f"密码太短，至少 {SHORTEST} 个字符")
    if len(password) > LONGEST:
        raise InvalidInput.in_field(field, f"密码太长，最多 {LONGEST} 个字符")
    if password.casefold() == login.casefold():
        raise InvalidInput.in_field(field, "密码不能与登录名相同，请更换")
    if is_easy(password):
        raise InvalidInput.in_field(field, "密码过于常见或简单，请更换")
    return password


class Passwords:
    """Makes and checks hashes, off the event loop.

    On threads and not in processes: argon2-cffi lets go of the interpreter lock while it computes, so that two
    threads use two cores, and nothing has to be forked before gRPC starts. The threads bound the memory
    (64 MiB each), the number of those who wait bounds what strangers can keep busy.
    """

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        self._decoy = self._hasher.hash("nobody has this password")

    def close(self) -> None:
        """Wait for the hashes under way and end the threads."""
        self._threads.shutdown()

    async def hash(self, password: str) -> str:
        """Return a new hash of *password*.

        :raises LimitExceeded: RATE_LIMITED; too many are waiting.
        """
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def matches(self, password_hash: str, password: str) -> bool:
        """Return whether *password* has this hash; never, but after the same time, where the hash is empty.

        :raises LimitExceeded: as `hash`.
        """
        return await self._run(lambda: self._verify(password_hash, _normal(password)))

    def is_outdated(self, password_hash: str) -> bool:
        """Return whether the hash was made with other parameters than those of now."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(password_hash)

    async def _run(self, work: Callable[[], ResultT]) -> ResultT:
        if self._waiting >= MOST_WAITING:
            raise LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=_RETRY_MS)
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # Counted until the thread is done, also where nobody waits for it any more.
        future.add_done_callback(self._one_less)
        return await asyncio.shield(future)

    def _one_less(self, _done: object) -> None:
        self._waiting -= 1


def _normal(password: str) -> str:
    """Return the password in the form in which keyboards and systems agree (RFC 8265, OpaqueString)."""
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in password)
    return unicodedata.normalize("NFC", spaced)
