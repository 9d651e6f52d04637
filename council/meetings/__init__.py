"""When a body meets and about what."""
