"""`xiezhi-node doctor`: what is in order and what is not, each with what to do."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from sqlalchemy import Connection, func, select

from xiezhi_desk.erasing.examining import examine_erasures
from xiezhi_desk.federation.examining import examine_federation
from xiezhi_desk.notifying.examining import examine_notifying
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.errors import DomainError
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_domain.terms import EventKind, LogStanding, Mark
from xiezhi_journal import tables
from xiezhi_journal.erasures import NODE
from xiezhi_journal.journal import Journal, system_clock
from xiezhi_journal.keys import try_signer, verify_signature
from xiezhi_journal.migrate import NEWEST, current
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.quarantine import ALARMS, KEYS, LOG
from xiezhi_journal.translog import newest_checkpoint
from xiezhi_node.config import NodeSettings
from xiezhi_node.key_change import under_exchange
from xiezhi_node.pins import Pins, every_log_key, read_pins
from xiezhi_node.registries.examining import examine_registries
from xiezhi_node.registries.settings import load_registries
from xiezhi_node.witnessing.store import witnessed_size
from xiezhi_wire.startup import StartupError

DAY_MS = 86_400_000
WARN_DAYS = 14
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    subject: str
    good: bool
    text: str


def examine(settings: NodeSettings) -> list[Finding]:
    """Return what was found; the program may be running or not."""
    findings = [
        *examine_files(settings),
        *_registries(settings),
        *_notifying(settings),
        _federation(settings),
    ]
    version = current(settings.database_url)
    up_to_date = version == NEWEST
    findings.append(
        Finding(
            "数据库",
            up_to_date,
            "结构为当前版本" if up_to_date else "结构不是当前版本，请运行 xiezhi-node migrate",
        )
    )
    if up_to_date:
        journal = Journal(settings.database_url)
        try:
            findings.extend(journal.read_now(examine_journal))
        finally:
            journal.close()
    return findings


def examine_files(settings: NodeSettings) -> list[Finding]:
    """Return what was found of keys, certificates and the disk."""
    return [*_files(settings), _disk(settings), _misconduct(settings), _policy(settings)]


def examine_journal(connection: Connection) -> list[Finding]:
    """Return what was found in the node's database, which is current."""
    return list(_journal(connection))


def _files(settings: NodeSettings) -> Iterator[Finding]:
    paths = settings.paths
    for path in paths.secrets:
        yield _secret(path)
    for name in under_exchange(paths):
        yield Finding(EventKind.KEY_ROTATED.zh, True, f"{name} 正在更换，节点联网后自动完成")
    for name, path in (("与平台连接的证书", paths.tls_chain), ("工作端证书", paths.desk_chain)):
        yield _certificate(name, path)


def _secret(path: Path) -> Finding:
    subject = f"密钥 {path.parent.name}/{path.name}"
    if not path.exists():
        return Finding(subject, False, "不存在，请先运行 xiezhi-node join")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(subject, False, "其他用户可以读取，请执行 chmod 600")
    try:
        signer = try_signer(path)
    except (DomainError, OSError) as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, f"由签名器 {signer} 保管" if signer else "存在，仅本用户可读")


def _certificate(name: str, path: Path) -> Finding:
    if not path.exists():
        return Finding(name, False, "不存在，请先运行 xiezhi-node join")
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    left = to_ms(certificate.not_valid_after_utc) - system_clock()
    until = to_text(to_ms(certificate.not_valid_after_utc))
    if left <= 0:
        return Finding(name, False, f"已于 {until} 过期，请向平台申请新的加入令牌")
    if left < WARN_DAYS * DAY_MS:
        return Finding(name, False, f"将于 {until} 到期，请尽快更新")
    return Finding(name, True, f"有效期至 {until}")


def _registries(settings: NodeSettings) -> Iterator[Finding]:
    try:
        registries = load_registries(settings.registries_file)
    except StartupError as error:
        yield Finding("登记机构", False, str(error))
        return
    for examined in examine_registries(registries):
        yield Finding(f"登记机构 {examined.name}", examined.good, examined.text)


def _federation(settings: NodeSettings) -> Finding:
    return Finding(*examine_federation(settings.federation_file))


def _notifying(settings: NodeSettings) -> Iterator[Finding]:
    for examined in examine_notifying(settings.notifications_file):
        yield Finding(examined.name, examined.good, examined.text)


def _disk(settings: NodeSettings) -> Finding:
    place = settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent
    free = shutil.disk_usage(place).free // MIB
    good = free >= settings.min_free_mib
    return Finding("磁盘", good, f"剩余 {free} MiB" if good else f"仅剩 {free} MiB，请清理或扩容")


def _misconduct(settings: NodeSettings) -> Finding:
    kept = MisconductFiles(settings.paths.misconduct).all()
    if not kept:
        return Finding("日志异常记录", True, "无")
    where = f"{len(kept)} 份，在 {settings.paths.misconduct}"
    text = f"{where}：平台给出过互相矛盾的日志，请用 xiezhi verify 查看并报告上级法院"
    return Finding("日志异常记录", False, text)


def _policy(settings: NodeSettings) -> Finding:
    return Finding("见证方", True, policy_in_words(settings.witness_policy))


def policy_in_words(policy: WitnessPolicy) -> str:
    """Say in Chinese what the pinned witnesses mean."""
    if not policy.witnesses:
        return f"未登记，任何步骤都不会显示为“{LogStanding.WITNESSED.zh}”"
    names = "、".join(witness.name for witness in policy.witnesses)
    return (
        f"{names}：{len(policy.witnesses)} 家中有 {policy.needed} 家见证的，显示为“{LogStanding.WITNESSED.zh}”；"
        f"可承受其中 {policy.tolerated} 家与平台串通"
    )


def _journal(connection: Connection) -> Iterator[Finding]:
    pins = read_pins(connection)
    if pins is None:
        yield Finding("加入平台", False, "尚未加入，请运行 xiezhi-node join <加入令牌>")
        return
    yield Finding("加入平台", True, f"{pins.court} → {pins.origin}（{pins.link_address}）")
    yield _log(connection, pins)
    for examined in examine_erasures(connection, pins.court, NODE):
        yield Finding(*examined)
    yield Finding("见证", True, f"前 {witnessed_size(connection)} 条记录{LogStanding.WITNESSED.zh}")
    waiting = connection.scalar(select(func.count()).select_from(tables.pending)) or 0
    yield Finding(Mark.PENDING.zh, True, f"{waiting} 项")
    held = tables.quarantine.c.source
    unhandled = connection.scalar(select(func.count()).where(held.not_in(ALARMS))) or 0
    text = "无" if not unhandled else f"{unhandled} 项未能处理，请查看日志并联系技术支持"
    yield Finding("隔离区", not unhandled, text)
    # Key entries of the log that nobody should have made (protocol §6).
    yield _alarm(connection, "密钥登记", KEYS)
    yield _proofs(connection)


def _alarm(connection: Connection, subject: str, source: str) -> Finding:
    """Tell of what accuses the hub."""
    held = tables.quarantine
    query = select(held.c.event_id, held.c.detail).where(held.c.source == source).order_by(held.c.at)
    alarms = connection.execute(query).all()
    if not alarms:
        return Finding(subject, True, "无异常")
    event_id, detail = alarms[0]
    text = f"{len(alarms)} 项异常，最早一项：{detail}（{event_id}）；请保存数据并报告上级法院"
    return Finding(subject, False, text)


def _proofs(connection: Connection) -> Finding:
    """Tell whether what the feed brought, and what other courts saw, is the log that this node follows."""
    alarm = _alarm(connection, "日志核对", LOG)
    if not alarm.good:
        return alarm
    waiting = connection.scalar(select(func.count()).select_from(tables.unproven)) or 0
    text = f"{waiting} 项记录待核对是否在平台日志中" if waiting else "所收记录均已核对，在平台日志中"
    return Finding(alarm.subject, True, text)


def _log(connection: Connection, pins: Pins) -> Finding:
    note = newest_checkpoint(connection)
    if not note:
        return Finding("平台日志", True, "尚未收到检查点")
    trusted = TrustedLog(pins.origin, every_log_key(connection, pins))
    try:
        checkpoint = trusted.open(note, verify_signature).checkpoint
    except DomainError as error:
        return Finding("平台日志", False, f"所存检查点签名不成立：{error.message}")
    return Finding("平台日志", True, f"已存检查点，长度 {checkpoint.size}")
