"""Labels that change: release with the owner's consent, tightening, named readers, the ground for not disclosing."""
