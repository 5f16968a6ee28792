"""The directory: courts, keys and rulebooks as this hub knows them, and the service that shows them."""
