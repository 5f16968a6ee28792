"""The same durable steps the way they are usually written: what the design has to be better than.

One unary call per hop and event, one thread per call, one ORM session and one commit per step, one signature per event
made by its court, one checkpoint signed by the hub per event, each checked by whoever receives it. Seven commits per
instruction: the five of `tests.bench.prototype` and the two courts' own rulings. Messages, headers, bodies, log,
feeds and mTLS are those of the prototype.

Where there was a choice, the one that is faster was taken, so that the ratio is not flattered:

* synchronous `Session` in gRPC's thread pool, not asyncio: no async driver for SQLite is among the dependencies.
* an engine with a single connection. SQLite has one writer anyway; with the default pool its writers would find each
  other by sleeping (`busy_timeout`).
* the hub keeps heads of log and feeds in memory under a lock, and only inserts.
* a push answers with the ruling, so that the acting court needs no call back for it.
"""
