"""The verifier: checks receipts and copies of histories offline, trusting only the pinned log key.

Needs `xiezhi[verify]` and no connection. What is wrong is said in words, by a `DomainError`.
"""

from xiezhi_client.verify.copies import Difference, compare_copies
from xiezhi_client.verify.receipt import VerifiedReceipt, verify_receipt

__all__ = ["Difference", "VerifiedReceipt", "compare_copies", "verify_receipt"]
