"""Figures on a node's desk: counted from the court's own journal; bulletins are the hub's, asked for over the line."""
