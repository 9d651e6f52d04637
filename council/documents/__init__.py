"""Renderings: bytes and lines out of plain values, with no queries of their own."""
