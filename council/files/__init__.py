"""One way to take in, check, keep and serve a file."""
