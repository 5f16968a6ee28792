"""People and programs of one court, and how they show who they are.

``account``         an account, and what may be entered for one
``passwords``       argon2id on threads of its own, and which passwords are good enough
``limits``          how much one account or address may have of what costs something
``lockout``         how long an account is closed after wrong passwords
``authentication``  name and password to account
``bearer``          the tokens of sessions and programs
``session``         a session: its limits, its beginning, and whom it was begun for
``sessions``        who a bearer token stands for
``store``           rows of accounts
``bearer_store``    rows of sessions and API tokens
``administration``  making and changing accounts and API tokens
``staff``           many accounts at once, from a staff list
``convert``         accounts as messages
``assembly``        the services about accounts, put together
``service``         `AccountService`
"""
