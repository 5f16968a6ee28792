"""How courts join and keep their certificates: join tokens, first keys, certificates, revocation."""
