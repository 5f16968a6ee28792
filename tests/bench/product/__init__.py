"""Scenarios of the platform itself: real hub, real nodes, real SDK, as separate programs.

Everything is on: mTLS on the link, TLS and API token at the desk, validation, signatures, log, feeds, SQLite with
`synchronous=FULL`. Only the rate limit of an account is raised, which is there to hold up a caller like this one.

`product` (a journal with nothing in it at first)
    ``idle``        memory of hub and nodes before any traffic
    ``sat``         end to end with about 2,048 under way: issued in batches through the SDK at A, ruled on, stored at
                    B, until the receipt (Delivered) is stored at A
    ``low``         the same with one under way
    ``unary-N``     `FindService.IssueFinds` with one order each, N calls in flight; the call answers when A has
                    stored and signed
    ``batch-512``   `Find.issue_many` in requests of 512 orders, two requests in flight

`bare` (the same without what makes evidence, see ``without``)
    ``sat``         as above

`seeded` (a journal that already holds ``--seed`` instructions at hub, A and B)
    ``sat``, ``low`` as above
    ``list``        a page of what B has received, by the call of its desk
    ``inbox``       the same at B's workbench, as a browser gets it
    ``proof``       the way of an entry to the root of the hub's log, by the call of B's desk, which asks the hub

Each case ends when everything that it issued has its receipt, so CPU per instruction is always that of the whole way,
of hub, A and B together. The caller (SDK) is a program of its own; its CPU is listed and not part of the sum.

How the receipt is seen
    The caller reads A's database file, read-only, every few milliseconds: the rows of `change` after the last one
    seen. Readers of SQLite's WAL hold up nobody, and A spends nothing on it. A watch (`Instructions.watch`) would
    have A turn every change into a message, and the caller read it, on the two cores that are measured. Latencies
    are therefore too long by up to one interval (`receipts.LOOK_EVERY_SECONDS`).

Files
    ``scenario``    the three scenarios
    ``without``     runs a program without signatures, log, chains, tally and TLS of the link
    ``stage``       hub and nodes: made once, copied for each round, started, stopped
    ``caller``      the measuring program; ``orders`` what it issues, ``receipts`` how it sees the end,
                    ``looking`` who looks at B
    ``end_state``   whether hub, A and B agree afterwards
    ``seeding``     fills three journals with the history of a sample matter, over and over (run as a program)
"""
