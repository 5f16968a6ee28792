"""First passwords of new accounts, written once to a file that the administrator has chosen.

A password is on disk before the account is made, so that an import that broke off goes on with the same ones, and
nobody has an account whose password is nowhere.
"""

import csv
import os
import secrets
from pathlib import Path
from typing import Final

from xiezhi_client.sdk import InvalidInput

# Without what is mistaken for something else in print: 0 O o, 1 l I.
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 16
_HEAD: Final = ("文件校验值", "登录名", "姓名", "初始密码")


class FirstPasswords:
    """The file and what is in it; for the staff list with this hash alone."""

    def __init__(self, path: Path, sha256: str) -> None:
        """Make the file, readable by its owner alone, or go on with that of an import that broke off.

        Raise `InvalidInput` where the file is something else, `OSError`.
        """
        self._path = path
        self._sha256 = sha256
        self._passwords: dict[str, str] = {}
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            self._read()
        else:
            self._append(_HEAD)

    def of(self, login: str, name: str) -> str:
        """Give the first password of an account; a new one is on disk when this returns. Raise `OSError`."""
        if login not in self._passwords:
            password = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
            self._append((self._sha256, login, name, password))
            self._passwords[login] = password
        return self._passwords[login]

    def _read(self) -> None:
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = [*csv.reader(file)] or [[]]
        if tuple(head) != _HEAD or any(len(row) != len(_HEAD) or row[0] != self._sha256 for row in rows):
            raise InvalidInput.in_field("passwords", "该文件已存在且不属于这份名单，请另选文件名")
        self._passwords = {row[1]: row[3] for row in rows}

    def _append(self, row: tuple[str, ...]) -> None:
        with self._path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(row)
            file.flush()
            os.fsync(file.fileno())
