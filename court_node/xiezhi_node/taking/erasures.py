"""Orders to erase on the feed, and items of matters that such orders are about (protocol §14)."""

from xiezhi_desk.erasing.contents import has_erased_parts
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_journal.erasures import begin_again, is_ordered, note_order, ordered_erasure, orders_about
from xiezhi_journal.ledger import Ledger
from xiezhi_node.taking.check import CheckedItem


def take_order(ledger: Ledger, item: CheckedItem) -> None:
    """Keep an order; what it means is erased as soon as this transaction stands.

    :raises FormatError: header and body do not say the same.
    """
    note_order(ledger, ordered_erasure(item.header, item.body, item.log_index, item.ruling.at))


def hold_to_orders(ledger: Ledger, item: CheckedItem) -> None:
    """Erase again in a matter of which something older than an order has come.

    :raises ProofError: parts are erased and no order says so: the hub withholds them, or the order is still on its way
        in its own lane. The item waits in quarantine until it comes.
    """
    matter = item.header.instruction
    orders = orders_about(ledger.connection, matter) if is_ordered(ledger, matter) else []
    if any(item.log_index < order.log_index for order in orders):
        begin_again(ledger.connection, matter)
    elif item.body is not None and has_erased_parts(item.body):
        raise ProofError("平台送来的内容已有部分清除，本院尚未收到相应的清除决定")
