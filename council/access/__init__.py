"""Who may do what, and which rows they see. The one source for both."""
