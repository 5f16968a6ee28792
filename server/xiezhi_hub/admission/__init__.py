"""法院接入: how the courts' nodes are connected, and which may connect."""
