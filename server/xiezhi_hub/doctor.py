"""`xiezhi-hub doctor`: what is in order and what is not, each with what to do."""

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from sqlalchemy import Connection, func, select

from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.erasing.examining import examine_erasures
from xiezhi_desk.federation.examining import examine_federation
from xiezhi_desk.notifying.examining import examine_notifying
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_hub.config import HubSettings
from xiezhi_hub.health import LAGGING_MS
from xiezhi_hub.opening import Hub, open_hub
from xiezhi_hub.parts import MIB
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.recovery.compare import Diverged, OwnLog, check_extends
from xiezhi_journal import tables
from xiezhi_journal.erasures import HUB
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import system_clock
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import next_key, try_signer
from xiezhi_journal.migrate import is_current
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.quarantine import LOG
from xiezhi_wire.startup import StartupError

DAY_MS: Final = 86_400_000
WARN_DAYS: Final = 14
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; `serious` where the hub cannot do its work properly."""

    subject: str
    good: bool
    text: str
    serious: bool = True


def examine(settings: HubSettings) -> list[Finding]:
    """Return what was found; the hub may be running or not."""
    findings = [
        Finding("配置", True, "无误"),
        *examine_files(settings),
        *_notifying(settings),
        _federation(settings),
    ]
    current = is_current(settings.database_url)
    schema = "结构为当前版本" if current else "尚未建立或不是当前版本，请运行 xiezhi-hub migrate"
    findings.append(Finding("数据库", current, schema))
    return findings + (_of_hub(settings) if current else [])


def examine_files(settings: HubSettings) -> list[Finding]:
    """Return what was found of keys, certificates and the disk."""
    paths = HubPaths.of(settings)
    return [
        *map(_key, paths.private_files),
        _certificate(paths.server_chain),
        _certificate(paths.authority / "ca.pem"),
        _disk(settings),
        _misconduct(paths),
    ]


def examine_journal(connection: Connection, hub: Hub) -> list[Finding]:
    """Return what was found in the hub's database, which is current."""
    now = hub.journal.clock()
    return [
        _log(connection, hub),
        _event_key(connection, hub),
        _clock(connection, now),
        _quarantine(connection),
        _claims(connection),
        _links(connection, now),
        *(Finding(*each) for each in examine_erasures(connection, hub.seat.court, HUB)),
    ]


def _of_hub(settings: HubSettings) -> list[Finding]:
    try:
        hub = open_hub(settings)
    except StartupError as error:
        return [Finding("枢纽", False, str(error))]
    try:
        return hub.journal.read_now(
            lambda connection: [*examine_journal(connection, hub), _documents(connection, hub.paths)]
        )
    finally:
        hub.journal.close()


def _key(path: Path) -> Finding:
    subject = f"密钥 {path.name}"
    if not path.exists():
        return Finding(subject, False, "不存在，请运行 xiezhi-hub init，或从备份恢复")
    if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        return Finding(subject, False, f"其他用户可以读取，请执行 chmod 600 {path}")
    try:
        signer = try_signer(path)
    except (DomainError, OSError) as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, f"由签名器 {signer} 保管" if signer else "存在，仅本用户可读")


def _certificate(path: Path) -> Finding:
    subject = f"证书 {path.name}"
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return Finding(subject, False, "不存在或无法读取，请运行 xiezhi-hub init，或从备份恢复")
    not_after = to_ms(certificate.not_valid_after_utc)
    left, until = not_after - system_clock(), to_text(not_after)
    if left <= 0:
        return Finding(subject, False, f"已于 {until} 过期，请运行 xiezhi-hub renew-certificate")
    if left < WARN_DAYS * DAY_MS:
        return Finding(subject, False, f"将于 {until} 到期，请运行 xiezhi-hub renew-certificate")
    return Finding(subject, True, f"有效期至 {until}")


def _notifying(settings: HubSettings) -> list[Finding]:
    examined = examine_notifying(settings.notifications_file)
    return [Finding(each.name, each.good, each.text, serious=False) for each in examined]


def _federation(settings: HubSettings) -> Finding:
    return Finding(*examine_federation(settings.federation_file), serious=False)


def _disk(settings: HubSettings) -> Finding:
    place = settings.data_dir if settings.data_dir.exists() else Path.cwd()
    free = shutil.disk_usage(place).free // MIB
    good = free >= settings.min_free_mib
    return Finding("磁盘", good, f"剩余 {free} MiB" if good else f"仅剩 {free} MiB，请清理或扩容")


def _misconduct(paths: HubPaths) -> Finding:
    kept = MisconductFiles(paths.misconduct).all()
    if not kept:
        return Finding("日志异常记录", True, "无")
    text = f"{len(kept)} 份，在 {paths.misconduct}：有法院持有本日志密钥所签的另一份日志，请用 xiezhi verify 查看"
    return Finding("日志异常记录", False, text)


def _log(connection: Connection, hub: Hub) -> Finding:
    """Hold the database's log against itself and against the head file."""
    own_log = OwnLog(hub.journal.signer)
    try:
        own = own_log.check_database(connection)
        record = HeadFile(hub.paths.head_file).read()
        if record is None:
            return Finding("平台日志", False, "没有日志头文件，启动后须等待过半法院的节点连接以核对")
        kept, size = own_log.open(record.note), own.size if own else 0
        if kept.size > size:
            missing = kept.size - size
            return Finding("平台日志", False, f"数据库缺少 {missing} 条记录，启动后将从各院节点取回")
        check_extends(connection, kept, "日志头文件")
    except (Diverged, FormatError, DomainError) as error:
        return Finding("平台日志", False, f"{error}，请勿启动，联系技术支持")
    return Finding("平台日志", True, f"{size} 条，签名与日志头文件相符")


def _event_key(connection: Connection, hub: Hub) -> Finding:
    """Hold the key of the hub's own events against the log, which is where it counts."""
    assert hub.journal.key is not None, "a hub has an event key of its own"
    key = read_keyring(connection).keys.get(hub.journal.key.key_id)
    if next_key(hub.paths.event_key).exists():
        return Finding("签名密钥", True, "正在更换，枢纽运行时自动完成")
    if key is None:
        return Finding(
            "签名密钥", False, "平台日志中没有：缺少的记录取回以后仍没有的，请从备份恢复 keys/event.pem"
        )
    if key.ended_index is not None:
        return Finding("签名密钥", False, "平台日志中已更换，请从更换以后的备份恢复 keys/event.pem")
    return Finding("签名密钥", True, f"平台日志第 {key.added_index} 项登记，有效")


def _clock(connection: Connection, now: int) -> Finding:
    ruled_at = connection.scalar(select(func.max(tables.head.c.ruled_at))) or 0
    if ruled_at > now + LAGGING_MS:
        return Finding("时钟", False, f"比最近一次裁定（{to_text(ruled_at)}）还早，请校准时间")
    return Finding("时钟", True, to_text(now))


def _quarantine(connection: Connection) -> Finding:
    query = select(func.count()).where(tables.quarantine.c.source != LOG)
    held = connection.scalar(query) or 0
    text = "无" if not held else f"{held} 项未能处理，请查看日志并联系技术支持"
    return Finding("隔离区", not held, text, serious=False)


def _claims(connection: Connection) -> Finding:
    """Tell of courts that have signed that they saw this log as it never was."""
    held = tables.quarantine.c
    told = connection.scalars(select(held.detail).where(held.source == LOG).order_by(held.at)).all()
    if not told:
        return Finding("日志核对", True, "各院所见的平台日志与本平台一致")
    return Finding("日志核对", False, f"{len(told)} 家法院所见不同，最早：{told[0]}", serious=False)


def _links(connection: Connection, now: int) -> Finding:
    court = tables.court
    joined = connection.execute(select(court.c.code, court.c.heard_at).where(court.c.joined_at > 0)).all()
    silent = sorted(row.code for row in joined if row.heard_at < now - LAGGING_MS)
    if silent:
        text = f"十分钟内没有联系的法院：{'、'.join(silent)}，请检查其节点和线路"
        return Finding("各院节点", False, text, serious=False)
    return Finding("各院节点", True, f"已加入 {len(joined)} 家，均有联系")


def _documents(connection: Connection, paths: HubPaths) -> Finding:
    storage = FileStorage(paths.documents)
    known = connection.scalars(select(tables.document.c.sha256))
    missing = sum(not storage.has(sha256) for sha256 in known)
    text = "齐全" if not missing else f"缺少 {missing} 份，请从备份或有关法院的节点恢复"
    return Finding("文书", not missing, text)
