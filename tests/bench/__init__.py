"""What the platform reaches, against references measured in the same run: `make bench`.

Absolute figures say little on a shared machine, so nothing here is a target. Scenarios take turns in rounds,
every ratio is taken within one round, and the median over the rounds is given with its quartiles. Linux only:
CPU time of other processes is read from the kernel's clocks.

How a run goes
    ``catalogue``   the scenarios and the ratios between them
    ``harness``     the rounds
    ``scenario``    what a scenario is: the one interface to implement for a new one
    ``stand``       the programs of one scenario while they run; their CPU time and memory
    ``figures``     medians, quartiles, percentiles, ratios
    ``report``      ``build/bench.json`` and the table

How long it takes
    About a quarter of an hour on two free cores: seven rounds, and a journal seeded with 200,000 instructions for
    the scenario `seeded`. The target is stated for 1,000,000: ``make bench SEED=1000000`` takes some minutes more
    and about 23 GB below ``build/``, given back at the end. ``make bench QUICK=1`` runs two rounds with
    5,000. The number is printed with the table and stands in ``bench.json`` under ``plan``.

Inside a program that is measured
    ``program``     answers the harness on standard output, ends when the harness ends
    ``load``        a closed loop bounded in time and count
    ``end_state``   whether a matter's three copies agree afterwards (used by the harness; the product has its own)

What scenarios share
    ``courts``        who takes part
    ``tls``           certificates; ``grpc_tls`` makes credentials of them
    ``payload``       headers and bodies
    ``evidence``      the least Merkle tree, push signature and checkpoint
    ``group_commit``  one writer thread per store

Scenarios: ``raw`` (what the machine allows), ``naive`` (how it is usually written), ``prototype`` (the least
code with the same durable steps), ``product`` (the platform itself, on an empty and on a seeded journal).
"""
