"""What the machine and the libraries allow: disk, SQLite, gRPC, Ed25519, SHA-256, each alone."""
