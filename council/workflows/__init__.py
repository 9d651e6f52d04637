"""Verbs that cross packages, one file each."""
