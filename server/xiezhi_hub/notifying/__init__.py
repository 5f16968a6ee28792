"""What the hub follows to tell its people outside the platform."""
