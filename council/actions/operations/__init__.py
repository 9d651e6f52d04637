"""What can be done to action items."""
