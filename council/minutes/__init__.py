"""What was said and decided: the minutes of a meeting, their versions, decisions, comments and confirmations."""
