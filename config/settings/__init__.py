"""One typed base; demo, test and production change only what must differ."""
