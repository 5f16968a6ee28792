"""A receiver for trying notifications out: plays SMS gateway, mail server and webhook, and shows what arrives."""
