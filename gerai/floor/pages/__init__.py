"""Pages of the floor, one file for each place: the counter, the hall."""
