"""Secrets of a program in files of their own, so that a copy of the database alone is of no use."""

import secrets
from pathlib import Path
from typing import Final

from xiezhi_journal.durable_files import create_file
from xiezhi_wire.startup import StartupError

SECRET_BYTES: Final = 32


def load_or_create_secret(path: Path, name: str) -> bytes:
    """Return the secret at *path*, 32 random bytes, made now if there is none; *name* is what people call it.

    :raises StartupError: the file cannot be read or is no secret.
    """
    try:
        if not path.exists():
            _create(path)
        secret = path.read_bytes()
    except OSError as error:
        raise StartupError(f"{name} {path} 无法读取：{error.strerror}") from error
    if len(secret) != SECRET_BYTES:
        raise StartupError(f"{name} {path} 不完整，请从备份恢复，或删除后重新启动以更换密钥")
    return secret


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_file(path, secrets.token_bytes(SECRET_BYTES))
