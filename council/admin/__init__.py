"""The secretariat's door: one module a package."""
