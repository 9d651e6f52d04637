"""Forms check shape and lay out fields; they never save."""
