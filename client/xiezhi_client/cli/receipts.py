"""Evidence receipts (存证回执), saved for the verifier and for tools of others."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.run import run_of

app = typer.Typer()


@app.command(help="保存一个步骤的存证回执，可离线核验")
def receipt(
    ctx: typer.Context,
    event_id: Annotated[str, typer.Argument(metavar="步骤标识", help="办理轨迹中的 event_id（show --json）")],
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")] = Path(),
) -> None:
    """Save a receipt twice: whole, for `xiezhi verify`; its proof alone, for tools that read C2SP tlog-proof."""
    run = run_of(ctx)
    evidence = run.online(lambda client: client.evidence.receipt(event_id))
    whole = to / f"{event_id}.receipt"
    proof = to / f"{event_id}.tlog-proof"
    # The contract's GetReceiptResponse, serialised.
    whole.write_bytes(evidence.to_proto().SerializeToString())
    proof.write_bytes(evidence.tlog_proof)
    run.screen.data({"receipt": str(whole), "tlog_proof": str(proof)})
    run.screen.say(f"已保存：{whole}")
