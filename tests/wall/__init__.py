"""The proofs of the wall between rival carriers: every route, form, letter and file, as everybody."""
