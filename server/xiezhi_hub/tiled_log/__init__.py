"""The log as files that everybody enrolled can check (C2SP tlog-tiles; ADR 0011): served, and exported."""
