"""What a node follows to tell its people outside the platform."""
