"""The kernel: time, state moves, audit, labels, errors. It knows no noun of the domain."""
