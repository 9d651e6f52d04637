"""What follows from a meeting: action items, progress, evidence, verification."""
