"""The measures of the specification: `make bench` prints them. Nothing here is a test, and no test is timed."""
