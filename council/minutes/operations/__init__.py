"""What can be done to minutes and decisions."""
