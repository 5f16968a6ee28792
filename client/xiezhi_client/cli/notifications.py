"""`xiezhi notifications`: what was told outside the platform, and what one wants to hear."""

from typing import Annotated, Any

import typer

from xiezhi_client.cli.people.passwords import account_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import (
    Client,
    InvalidInput,
    NotificationChoices,
    NotificationSettings,
)
from xiezhi_client.sdk.vocabulary import NotificationChannel, NotificationState
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain import terms

app = typer.Typer(no_args_is_help=True)

_CHANNELS = "、".join(f"{each}（{each.zh}）" for each in terms.NotificationChannel)
_STATES = "、".join(f"{each}（{each.zh}）" for each in terms.NotificationState)
_KINDS = "、".join(f"{each}（{each.zh}）" for each in terms.NotificationKind)
Of = Annotated[str, typer.Option("--of", help="他人的登录名，仅系统管理员；不填为本人")]


@app.command("list", help="查看已发出和待发出的通知，最近的在前")
def list_notifications(
    ctx: typer.Context,
    state: Annotated[str, typer.Option("--state", help=f"只看：{_STATES}")] = "",
    channel: Annotated[str, typer.Option("--channel", help=f"只看：{_CHANNELS}")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="只看发给本人的")] = False,
    size: Annotated[int, typer.Option("--size", help="行数，最多 500", min=1, max=500)] = 50,
) -> None:
    """List notifications."""
    run = run_of(ctx)
    wanted_state: NotificationState = _named(state, terms.NotificationState, "--state")
    wanted_channel: NotificationChannel = _named(channel, terms.NotificationChannel, "--channel")
    page = run.online(
        lambda client: client.notifications.page(wanted_state, wanted_channel, mine_only=mine, page_size=size)
    )
    run.screen.data(page.notifications)
    rows = [
        (
            each.queued_at,
            word(terms.NotificationChannel, each.channel),
            each.addressee,
            word(terms.NotificationState, each.state),
            each.attempts,
            each.text,
            each.answer,
            each.notification_id,
        )
        for each in page.notifications
    ]
    run.screen.table("", ("时间", "渠道", "接收人", "状态", "次数", "内容", "应答", "标识"), rows)
    if not page.channels:
        run.screen.say("本院未配置短信、邮件或接口推送，不发送通知")


@app.command(help="重发未能送出的通知")
def retry(ctx: typer.Context, notification: Annotated[str, typer.Argument(metavar="通知标识")]) -> None:
    """Let one be tried again."""
    run = run_of(ctx)
    run.online(lambda client: client.notifications.retry(notification))
    run.screen.data({"retried": notification})
    run.screen.say("已重新排队，请稍后查看结果")


@app.command(help="查看或修改接收设置；不带选项只查看")
def settings(
    ctx: typer.Context,
    of: Of = "",
    email: Annotated[str | None, typer.Option("--email", help="电子邮件地址；空为不收邮件")] = None,
    decline_channel: Annotated[
        list[str] | None, typer.Option("--decline-channel", help=f"不收的渠道，可重复：{_CHANNELS}")
    ] = None,
    decline_kind: Annotated[
        list[str] | None, typer.Option("--decline-kind", help=f"不收的种类，可重复：{_KINDS}")
    ] = None,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="恢复接收全部渠道和种类")] = False,
) -> None:
    """Show or change what a person wants to hear."""
    run = run_of(ctx)

    async def work(client: Client) -> NotificationChoices:
        account = (await account_of(client, of)).account_id if of else ""
        found = await client.notifications.settings(account)
        before = found.settings or NotificationSettings()
        wanted = NotificationSettings(
            account_id=before.account_id,
            email=before.email if email is None else email,
            declined_channels=_chosen(
                decline_channel, terms.NotificationChannel, before.declined_channels, accept_all=accept_all
            ),
            declined_kinds=_chosen(
                decline_kind, terms.NotificationKind, before.declined_kinds, accept_all=accept_all
            ),
        )
        if wanted != before:
            await client.notifications.set_settings(wanted)
        return NotificationChoices(
            settings=wanted, binding_kinds=found.binding_kinds, channels=found.channels
        )

    told = run.online(work)
    run.screen.data(told)
    now = told.settings or NotificationSettings()
    declined = [word(terms.NotificationChannel, each) for each in now.declined_channels]
    declined += [word(terms.NotificationKind, each) for each in now.declined_kinds]
    run.screen.say(f"{terms.NotificationChannel.EMAIL.zh}：{now.email or '未登记'}")
    run.screen.say(f"不接收：{'、'.join(declined) or '无'}")
    binding = "、".join(word(terms.NotificationKind, each) for each in told.binding_kinds)
    run.screen.say(f"必须接收：{binding}")


def _chosen(
    typed: list[str] | None, vocabulary: type[terms.Term], before: tuple[Any, ...], *, accept_all: bool
) -> tuple[Any, ...]:
    """Give what is declined from now on: what was typed, else what was before, nothing with *accept_all*."""
    if typed:
        return tuple(sorted(_named(each, vocabulary, "--decline") for each in typed))
    return () if accept_all else before


def _named(text: str, vocabulary: type[terms.Term], option: str) -> Any:
    """Give the contract's name of a word that was typed. Raise `InvalidInput`, naming the *option*."""
    if not text:
        return ""
    try:
        return identifier(vocabulary, text)
    except UnreadableError as error:
        raise InvalidInput.in_field(option, str(error)) from error
