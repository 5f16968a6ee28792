"""The secret behind the marks: a file of its own, so that a copy of the database alone says nothing of anybody."""

import secrets
from pathlib import Path

from xiezhi_domain.party_mark import SECRET_BYTES
from xiezhi_journal.durable_files import create_file
from xiezhi_wire.startup import StartupError


def load_or_create_secret(path: Path) -> bytes:
    """Return the secret at *path*, made now if there is none. Another one makes every mark void: nodes make them anew.

    :raises StartupError: the file cannot be read or is no secret.
    """
    try:
        if not path.exists():
            _create(path)
        secret = path.read_bytes()
    except OSError as error:
        raise StartupError(f"关联案件密钥 {path} 无法读取：{error.strerror}") from error
    if len(secret) != SECRET_BYTES:
        raise StartupError(f"关联案件密钥 {path} 不完整，请从备份恢复，或删除后重新启动以更换密钥")
    return secret


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_file(path, secrets.token_bytes(SECRET_BYTES))
