"""The journal of accounts (账号日志): sign-ins and what was done to accounts, when, by whom, from where.

``recording``  adding entries, in the transaction of what they tell of
``refusals``   one entry for what is refused again and again
``reading``    pages of entries
``service``    `AccountJournalService`
"""
