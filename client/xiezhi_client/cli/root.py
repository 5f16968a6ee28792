"""What every command shares: ``--json``, ``--profile`` and ``--code`` anywhere, errors as Chinese and exit codes."""

import importlib
import json
import os
import sys
from importlib.util import find_spec
from typing import Any, Final

import typer
from typer.core import TyperGroup

from xiezhi_client.cli.screen import printable
from xiezhi_client.sdk.errors import NotSignedIn, Unavailable, XiezhiError
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.errors import DomainError

REFUSED: Final = 1
USAGE: Final = 2
NOT_REACHED: Final = 3
INTERRUPTED: Final = 130

_FLAGS: Final = frozenset({"--json"})
_OPTIONS: Final = frozenset({"--profile", "--code"})

# Commands of other parts of the client, loaded when called; left out where the part is not installed.
_LAZY: Final = {
    "verify": "xiezhi_client.verify.cli",
    "audit": "xiezhi_client.verify.audit_cli",
    "workbench": "xiezhi_workbench.cli",
}


class Root(TyperGroup):
    """The group of all commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the common options from wherever they stand."""
        common, own = _split(args)
        return super().parse_args(ctx, common + own)

    def list_commands(self, ctx: Any) -> list[str]:
        """Name all commands, those of other parts last."""
        return super().list_commands(ctx) + [name for name, module in _LAZY.items() if _installed(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Find a command, in another part of the client if it is that part's."""
        if cmd_name in _LAZY and _installed(_LAZY[cmd_name]):
            app = importlib.import_module(_LAZY[cmd_name]).app
            return typer.main.get_group(app).get_command(ctx, cmd_name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it raises becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except UnreadableError as error:
            raise typer.BadParameter(error.message) from error
        except (XiezhiError, DomainError) as error:
            as_json = bool(ctx.params.get("as_json"))
            print(_error_json(error) if as_json else _error_text(error), file=sys.stderr)  # noqa: T201  for people
            raise typer.Exit(NOT_REACHED if isinstance(error, Unavailable) else REFUSED) from error
        except BrokenPipeError as error:
            # The reader has left, as `head` does. Nothing is left to say; Python's own last flush would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error
        except OSError as error:
            print(f"读写文件失败：{error.filename or ''} {error.strerror}", file=sys.stderr)  # noqa: T201  for people
            raise typer.Exit(USAGE) from error
        except KeyboardInterrupt as error:
            print("已停止", file=sys.stderr)  # noqa: T201  for people
            raise typer.Exit(INTERRUPTED) from error


def _split(args: list[str]) -> tuple[list[str], list[str]]:
    """The common options, and the rest; nothing behind ``--`` is an option."""
    common: list[str] = []
    own: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == "--":
            own.extend([arg, *rest])
        elif arg in _FLAGS or (arg.partition("=")[0] in _OPTIONS and "=" in arg):
            common.append(arg)
        elif arg in _OPTIONS:
            common.extend([arg, *([value] if (value := next(rest, None)) is not None else [])])
        else:
            own.append(arg)
    return common, own


def _installed(module: str) -> bool:
    package = module.rpartition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None


def _error_text(error: XiezhiError | DomainError) -> str:
    lines = [f"未完成：{error.message}"]
    lines += [
        f"  字段 {field.field}：{field.message}" for field in error.fields if field.message != error.message
    ]
    if len(error.fields) == 1 and error.fields[0].message == error.message:
        lines.append(f"  字段 {error.fields[0].field}")
    if isinstance(error, NotSignedIn):
        lines.append("  请运行 xiezhi login 登录")
    if (seconds := getattr(error, "retry_after", None)) is not None:
        lines.append(f"  请在 {round(seconds)} 秒后重试")
    return printable("\n".join(lines))


def _error_json(error: XiezhiError | DomainError) -> str:
    told = {
        "reason": str(error.reason),
        "message": error.message,
        "fields": [{"field": field.field, "message": field.message} for field in error.fields],
        "retry_after": getattr(error, "retry_after", None),
    }
    return json.dumps({"error": told}, ensure_ascii=False)
