"""Pages of the applicant: filling in, and following what was sent."""
