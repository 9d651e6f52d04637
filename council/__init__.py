"""The system of record for consultative bodies."""
