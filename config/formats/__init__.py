"""How Django itself writes days and times."""
