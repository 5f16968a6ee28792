"""The keys of the hub's log, as files: the one in use, the one that is to follow, and how they followed each other.

For the time of an overlap both sign every checkpoint. Nodes that ask learn of the new key by a note that the old one
has signed, whether they were there in the overlap or come later. A running hub follows the files
(`log_key_following`).
"""

import json
from dataclasses import replace
from pathlib import Path

from xiezhi_domain.evidence.log_keys import change_text
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_hub.paths import HubPaths
from xiezhi_journal.durable_files import move_file, replace_file
from xiezhi_journal.keys import SigningKey, make_next_key, next_key
from xiezhi_journal.translog import LogSigner
from xiezhi_wire.startup import StartupError


def load_log_signer(paths: HubPaths, origin: str) -> LogSigner:
    """Return what signs the checkpoints of *origin*.

    :raises OSError, ValueError, FormatError: a file cannot be read or is not what it should be.
    """
    coming = next_key(paths.log_key)
    record = _read(paths)
    return LogSigner(
        origin,
        SigningKey.load(paths.log_key),
        SigningKey.load(coming) if coming.exists() else None,
        tuple(VerifierKey.parse(each) for each in record["former"]),
        tuple(each.encode() for each in record["changes"]),
    )


def log_key_files(paths: HubPaths) -> tuple[Path, ...]:
    """Return the files that say what signs; all but the first may be missing."""
    return paths.log_key, next_key(paths.log_key), _record(paths)


def begin_log_key(paths: HubPaths, origin: str, holder: str = "") -> VerifierKey:
    """Make the key that is to follow, from now on beside the one in use. Returns it.

    *holder* says who keeps it, as `make_next_key` has it.

    :raises SignerAway: the signer makes none, or does not sign.
    :raises StartupError: an exchange is under way.
    """
    if not next_key(paths.log_key).exists():
        make_next_key(paths.log_key, holder)
    signer = load_log_signer(paths, origin)
    key, record = signer.verifier_keys[-1], _read(paths)
    if _is_announced(record, key):
        raise StartupError("日志密钥正在更换，请先以 xiezhi-hub log-key finish 完成")
    record["changes"].append(signer.sign_text(change_text(key)).decode())
    _write(paths, record)
    return key


def finish_log_key(paths: HubPaths, origin: str) -> VerifierKey:
    """Put the key that follows in the place of the one in use, which signs no more; returns the new one.

    :raises StartupError: no exchange is under way.
    """
    signer, record = load_log_signer(paths, origin), _read(paths)
    if signer.next_key is None or not _is_announced(record, signer.verifier_keys[-1]):
        raise StartupError("没有正在进行的更换，请先运行 xiezhi-hub log-key begin")
    old = signer.verifier_key.format()
    if old not in record["former"]:
        record["former"].append(old)
        _write(paths, record)
    # Last: up to here, the command can be repeated whole. The old private key is gone with it.
    move_file(next_key(paths.log_key), paths.log_key)
    return replace(signer, key=signer.next_key).verifier_key


def _is_announced(record: dict[str, list[str]], key: VerifierKey) -> bool:
    """Return whether nodes can learn of *key*; a `begin` that was cut off has perhaps made nothing but the key."""
    return any(key.format() in change for change in record["changes"])


def _record(paths: HubPaths) -> Path:
    return paths.log_key.with_name("log-keys.json")


def _read(paths: HubPaths) -> dict[str, list[str]]:
    path = _record(paths)
    if not path.exists():
        return {"former": [], "changes": []}
    values = json.loads(path.read_text("utf-8"))
    return {"former": [*values["former"]], "changes": [*values["changes"]]}


def _write(paths: HubPaths, record: dict[str, list[str]]) -> None:
    replace_file(_record(paths), json.dumps(record, ensure_ascii=False, indent=1).encode())
