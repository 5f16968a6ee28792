"""Scenarios of the platform itself: real hub, real nodes, real SDK, as separate programs.

What is measured here, each as one module with a `Scenario` (see `tests.bench.scenario`), listed in `catalogue`:

* issuing one instruction at a time: unary `FindService` calls with 1, 16 and 64 in flight; the call answers
  when the node has stored and signed
* issuing in batches through the SDK
* end to end: from issuing at one node to the receipt durable there, at saturation and alone: per second, p50, p99, CPU
  per instruction; against `prototype/sat`, `prototype/low` and `naive/sat` of the same round
* memory: resident MiB of an idle hub and an idle node
* growth: CPU per instruction on an empty journal against one seeded with a million instructions (`Stand.kept`
  holds the seeded journal for all rounds)
"""
