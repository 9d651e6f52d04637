"""What can be done to reporting rounds and reports."""
