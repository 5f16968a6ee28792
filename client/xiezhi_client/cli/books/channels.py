"""`xiezhi channel`: which channel a matter has to take, and the policy that says so."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import read_file
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import ChannelRule, InvalidInput
from xiezhi_client.typed.words import identifier, kind_word, word
from xiezhi_domain.terms import Channel, Kind

app = typer.Typer(no_args_is_help=True)


@app.command(help="某类事项发往某法院应走哪个渠道")
def check(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="类型")],
    receiver: Annotated[str, typer.Argument(metavar="法院代字")],
) -> None:
    """Say which channel a new matter has to take."""
    run = run_of(ctx)
    code = identifier(Kind, kind)
    advice = run.online(lambda client: client.outside.check_channel(code, receiver))
    run.screen.data(advice)
    run.screen.say(advice.message or f"可在{word(Channel, advice.channel)}办理")


@app.command(help="查看渠道规则")
def show(
    ctx: typer.Context,
    version: Annotated[int, typer.Option("--version", help="版本；不填为现行")] = 0,
) -> None:
    """Show the policy."""
    run = run_of(ctx)
    policy = run.online(lambda client: client.channels.policy(version))
    run.screen.data(policy)
    rows = [
        (
            kind_word(rule.kind) or "全部",
            rule.sender or "全部",
            rule.receiver or "全部",
            word(Channel, rule.channel),
        )
        for rule in policy.rules
    ]
    title = f"第 {policy.version} 版　{policy.ground}"
    run.screen.table(title, ("类型", "委托法院", "受托法院", "渠道"), rows)


@app.command("set", help="中院：从 TOML 或 JSON 文件发布新一版渠道规则")
def set_policy(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="文件")],
    ground: Annotated[str, typer.Option("--ground", help="依据的文件")],
    seen: Annotated[int, typer.Option("--seen", help="所依据的现行版本")],
) -> None:
    """Put a new version in force; the file has a list `rules`."""
    run = run_of(ctx)
    listed = read_file(file).get("rules", [])
    if not isinstance(listed, list):
        raise InvalidInput.in_field("rules", "应为列表")
    rules = [ChannelRule.from_plain(each, f"rules[{at}]") for at, each in enumerate(listed)]
    policy = run.online(lambda client: client.channels.set_policy(rules, ground, seen_version=seen))
    run.screen.data(policy)
    run.screen.say(f"已发布第 {policy.version} 版，{len(policy.rules)} 条规则")
