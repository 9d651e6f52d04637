"""The founding facts at the price of a copy. The clock runs: the outbox measures leases by the database's."""

from tests.factories.founding import seeded

__all__ = ["seeded"]
