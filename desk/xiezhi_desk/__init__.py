"""The desk: what hub and node both offer to people and programs of a court.

``accounts``    sign-in, sessions, API tokens, and the people and programs behind them
``documents``   documents in pieces: stored by hash, resumable, read by whoever the program admits
``access``      the record of who looked at personal data
``requests``    who a request is counted against, and what makes two requests the same
``timestamps``  milliseconds as timestamps of the contract
``terms``       the terms of the domain as enums of the contract, and back
"""
