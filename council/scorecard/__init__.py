"""How we are doing: commitment × organisation × quarter."""
