"""Evidence receipts (存证回执), saved for the verifier and for tools of others."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.sdk import Client, EvidenceReceipt, NotFound
from xiezhi_client.sdk.content import safe_name

app = typer.Typer()


@app.command(help="保存存证回执，可离线核验；不指明步骤时保存事项的全部回执")
def receipt(
    ctx: typer.Context,
    matter: Matter,
    event: Annotated[str, typer.Option("--event", help="只要某一步骤的：show --json 中的 event_id")] = "",
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")] = Path(),
) -> None:
    """Save the receipts of all steps that the hub has ruled on, or of one step."""
    run = run_of(ctx)

    async def work(client: Client) -> dict[str, EvidenceReceipt]:
        which = await instruction_id(client, matter)
        ruled = [entry.event_id for entry in await client.instructions.timeline(which) if not entry.pending]
        if event and event not in ruled:
            raise NotFound("UNKNOWN_EVENT", "该事项没有这个步骤，或平台尚未受理这个步骤")
        wanted = [event] if event else ruled
        return {event_id: await client.evidence.receipt(event_id) for event_id in wanted}

    saved = [_save(to, event_id, evidence) for event_id, evidence in run.online(work).items()]
    run.screen.data(saved)
    run.screen.say(f"已保存 {len(saved)} 份存证回执：{to.resolve()}")


def _save(folder: Path, event_id: str, evidence: EvidenceReceipt) -> dict[str, str]:
    """Two files: the whole, for `xiezhi verify`; the proof alone, for tools that read C2SP tlog-proof."""
    name = safe_name(event_id)
    whole = folder / f"{name}.receipt"
    proof = folder / f"{name}.tlog-proof"
    # The contract's GetReceiptResponse, serialised.
    whole.write_bytes(evidence.to_proto().SerializeToString())
    proof.write_bytes(evidence.tlog_proof)
    return {"event_id": event_id, "receipt": str(whole), "tlog_proof": str(proof)}
