"""The signal: from any thread, to everyone subscribed, no wake-up lost."""

import asyncio
import threading

from xiezhi_link.signal import Signal

LONG = 60.0


async def test_a_notification_before_the_wait_is_not_lost() -> None:
    signal = Signal()
    with signal.subscribe() as wake:
        signal.notify()
        signal.notify()
        await wake.wait(LONG)
        # Both were one: nothing is left.
        await wake.wait(0.0)
        signal.notify()
        await wake.wait(LONG)


async def test_every_watcher_hears_it_and_none_after_its_block() -> None:
    signal = Signal()
    with signal.subscribe() as one, signal.subscribe() as other:
        waits = [asyncio.create_task(wake.wait(LONG)) for wake in (one, other)]
        await asyncio.sleep(0)
        signal.notify()
        await asyncio.gather(*waits)
    signal.notify()
    waiting = asyncio.create_task(one.wait(LONG))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    waiting.cancel()


async def test_a_watcher_that_looks_again_misses_no_commit_of_another_thread() -> None:
    signal, last = Signal(), 20_000
    committed = 0

    def commit() -> None:
        nonlocal committed
        for number in range(1, last + 1):
            committed = number
            signal.notify()

    with signal.subscribe() as wake:
        writer = threading.Thread(target=commit)
        writer.start()
        async with asyncio.timeout(LONG):
            while committed < last:
                await wake.wait(LONG)
        writer.join()


def test_a_watcher_whose_loop_is_closed_does_not_trouble_the_writer() -> None:
    signal = Signal()
    block = signal.subscribe()

    async def subscribe() -> None:
        block.__enter__()

    asyncio.run(subscribe())
    signal.notify()
    block.__exit__(None, None, None)
