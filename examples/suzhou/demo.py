"""`make demo`: stories of Suzhou, played by real processes over mTLS on loopback.

The stories run in a process of their own (`story.py`) and talk to this one by lines of JSON: what to tell, whom to
kill or start, which command to run, how much time to let pass. This process holds the stage and never loads gRPC.
"""

import argparse
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from receiver import open_receiver, show_arrivals
from registry import open_registry
from stories import ALL, STORIES, chosen, lets_days_pass
from workbenches import open_workbench

from stage import BIN, Stage, StageError

HERE = Path(__file__).parent


def play(stage: Stage, accounts_file: Path, stories: list[str]) -> int:
    """Play the stories on the stage; returns their exit code."""
    story = subprocess.Popen(
        [sys.executable, str(HERE / "story.py"), str(accounts_file), *stories],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert story.stdin is not None, "asked for"
    assert story.stdout is not None, "asked for"
    for line in story.stdout:
        wish: dict[str, Any] = json.loads(line)
        if "say" in wish:
            print(wish["say"], flush=True)
            continue
        answer = grant(stage, **wish)
        story.stdin.write(json.dumps(answer, ensure_ascii=False) + "\n")
        story.stdin.flush()
    return story.wait()


def grant(stage: Stage, do: str, **wish: Any) -> Any:
    """Do what the story asks for."""
    match do:
        case "kill":
            stage.actor(wish["who"]).kill()
        case "start":
            stage.actor(wish["who"]).start()
        case "stop":
            stage.actor(wish["who"]).stop()
        case "pass_time":
            stage.pass_time(wish["ms"])
        case "open_registry":
            court = wish["court"]
            if court not in stage.beside:
                node = stage.actor(court)
                stage.beside[court] = open_registry(stage.folder / "registry", court, node)
        case "accounts":
            stage.write_endpoints(wish["accounts"])
        case "run":
            done = subprocess.run(
                [str(BIN / "xiezhi"), *wish["words"]],
                input=wish["text"],
                capture_output=True,
                text=True,
                check=False,
            )
            return {"code": done.returncode, "out": done.stdout, "err": done.stderr}
        case _:
            raise StageError(f"不明白：{do}")
    return None


def main() -> int:
    """Set the stage, play, and stay up for playing unless told to leave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="leave when the story is over")
    parser.add_argument(
        "--story", action="append", default=[], choices=[*STORIES, ALL], help="which to play; may be repeated"
    )
    parser.add_argument("--folder", type=Path, default=Path(".demo"))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    stories = chosen(options.story)
    stage = Stage(options.folder, own_clock=lets_days_pass(stories))
    try:
        print("正在生成密钥、建库并启动：枢纽 苏05，节点 苏05、苏0591、苏0508 ……", flush=True)
        receiver = stage.beside["receiver"] = open_receiver(stage.folder / "receiver", stage.clock)
        stage.notifications = receiver.folder / "notifications.toml"
        stage.set_up()
        endpoints = stage.write_endpoints({})
        code = play(stage, endpoints, stories)
        show_arrivals(receiver)
        if code == 0 and not options.once:
            show_workbenches(stage, endpoints)
            stay(endpoints)
    except StageError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stage.close()
    return code


def show_workbenches(stage: Stage, endpoints: Path) -> None:
    """Start the workbenches of the receiving court and of the hub, and say who signs in where."""
    accounts = json.loads(endpoints.read_text("utf-8"))["accounts"]
    print("\n网页工作台（证书为本次演示自制，浏览器会提示，选择继续访问即可）：", flush=True)
    for place in (*stage.nodes, "hub"):
        if not any(account["place"] == place for account in accounts.values()):
            continue
        actor = open_workbench(
            stage.folder / f"workbench-{place}",
            stage.actor(place),
            serves="hub" if place == "hub" else "node",
            clock=stage.clock,
        )
        stage.beside[actor.name] = actor
        print(f"  {place}  {actor.endpoints()['workbench']}", flush=True)
        for login, account in accounts.items():
            if account["place"] == place:
                print(f"      账号 {login}  口令 {account['password']}", flush=True)


def stay(endpoints: Path) -> None:
    """Keep everything up until Ctrl-C, and say how to play on."""
    print(f"\n演示继续运行。地址、证书、账号口令见 {endpoints}（仅本机、仅本次有效）。", flush=True)
    print("另开一个终端试用命令行，步骤见 README.md“五分钟试用”。", flush=True)
    print("按 Ctrl-C 结束。", flush=True)
    signal.pause()


if __name__ == "__main__":
    sys.exit(main())
