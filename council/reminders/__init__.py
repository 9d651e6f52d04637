"""Who is told, when, once."""
