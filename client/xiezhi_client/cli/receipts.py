"""Evidence receipts (存证回执), saved for the verifier and for tools of others."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.sdk import Client, EvidenceReceipt, NotFound, PartProof
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.records.event import Body
from xiezhi_client.verify.part import PART_SUFFIX, show_part
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.tlogproof import TlogProof

app = typer.Typer()


@app.command(help="保存存证回执，可离线核验；不指明步骤时保存事项的全部回执")
def receipt(
    ctx: typer.Context,
    matter: Matter,
    event: Annotated[str, typer.Option("--event", help="只要某一步骤的：show --json 中的 event_id")] = "",
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")] = Path(),
    pdf: Annotated[
        bool, typer.Option("--pdf", help="在本院节点：另存一页的 PDF，带二维码并内附回执，同样可以核验")
    ] = False,
) -> None:
    """Save the receipts of all steps that the hub has ruled on, or of one step."""
    run = run_of(ctx)

    async def work(client: Client) -> dict[str, tuple[EvidenceReceipt, bytes]]:
        which = await instruction_id(client, matter)
        ruled = [entry.event_id for entry in await client.instructions.timeline(which) if not entry.pending]
        if event and event not in ruled:
            raise NotFound("UNKNOWN_EVENT", "该事项没有这个步骤，或平台尚未受理这个步骤")
        wanted = [event] if event else ruled
        return {event_id: await _receipt(client, event_id, pdf=pdf) for event_id in wanted}

    saved = [_save(to, event_id, *received) for event_id, received in run.online(work).items()]
    run.screen.data(saved)
    run.screen.say(f"已保存 {len(saved)} 份存证回执：{to.resolve()}")


@app.command(help="出示一个步骤的某一项内容，不出示其他内容；保存的 .part 文件可离线核验")
def part(
    ctx: typer.Context,
    matter: Matter,
    event: Annotated[str, typer.Option("--event", help="步骤：show --json 中的 event_id")],
    name: Annotated[str, typer.Option("--part", help="内容部分，例如 subject/1、documents、outcomes")],
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")] = Path(),
) -> None:
    """Save a proof of one part; the look at the whole body is on record."""
    run = run_of(ctx)

    async def work(client: Client) -> PartProof:
        which = await instruction_id(client, matter)
        receipt = await client.evidence.receipt(event)
        header = receipt.record.header if receipt.record else b""
        bodies = {
            each.header: each.body for each in await client.instructions.history(which, with_bodies=True)
        }
        return show_part(receipt, bodies.get(header) or Body(), name)

    proof = run.online(work)
    path = to / f"{safe_name(event)}-{safe_name(name.replace('/', '-'))}{PART_SUFFIX}"
    path.write_bytes(proof.to_proto().SerializeToString())
    run.screen.data({"event_id": event, "part": name, "file": str(path)})
    run.screen.say(f"已保存单项内容证明：{path.resolve()}；只含 {name}，不含该步骤的其他内容")


async def _receipt(client: Client, event_id: str, *, pdf: bool) -> tuple[EvidenceReceipt, bytes]:
    """Return the receipt, and the page to print where it is asked for."""
    paper = (await client.evidence.receipt_paper(event_id)).content if pdf else b""
    return await client.evidence.receipt(event_id), paper


def _save(folder: Path, event_id: str, evidence: EvidenceReceipt, paper: bytes) -> dict[str, str]:
    """The whole, for `xiezhi verify`; the proof with its entry, for tools that read C2SP tlog-proof; the page, if any.

    Each of them can be checked by itself with pinned keys alone.
    """
    name = safe_name(event_id)
    whole = folder / f"{name}.receipt"
    proof = folder / f"{name}.tlog-proof"
    # The contract's GetReceiptResponse, serialised.
    whole.write_bytes(evidence.to_proto().SerializeToString())
    proof.write_bytes(_with_entry(evidence))
    saved = {"event_id": event_id, "receipt": str(whole), "tlog_proof": str(proof)}
    if paper:
        page = folder / f"{name}.pdf"
        page.write_bytes(paper)
        saved["pdf"] = str(page)
    return saved


def _with_entry(evidence: EvidenceReceipt) -> bytes:
    """Return the proof file with the log entry as its extra data, which its reader ties to the leaf by the hash."""
    assert evidence.record is not None, "a receipt has its record"
    entry = encode_entry(evidence.record.header, evidence.record.ruling)
    return replace(TlogProof.parse(evidence.tlog_proof), extra=entry).format()
