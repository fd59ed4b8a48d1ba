"""Pages of entering, of one's own account, and of one's businesses."""
