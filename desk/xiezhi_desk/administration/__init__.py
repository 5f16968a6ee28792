"""How a program is, and who has looked at whose data: alike at hub and node."""
