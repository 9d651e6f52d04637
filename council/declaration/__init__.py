"""What was promised: the declaration, its pillars, commitments and indicators."""
