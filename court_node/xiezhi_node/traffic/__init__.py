"""What the node brings to the hub and fetches from it beside the stream, on the same channel: documents, rulebooks."""
