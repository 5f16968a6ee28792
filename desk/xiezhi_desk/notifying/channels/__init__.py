"""The ways out: an SMS gateway, a mail server, webhooks. Each takes one message, and says what came of it."""
