"""Commands for the remedies and side paths of a matter: of the sender, of the receiver, of both."""
