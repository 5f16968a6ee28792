"""What people and systems are told outside the platform: whom, what, by which way, and what became of it."""
