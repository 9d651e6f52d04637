"""Reads across packages for one reader: desk, dashboard, thread."""
