"""The carriers' door: HTML pages that work without JavaScript."""
