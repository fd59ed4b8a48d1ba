"""Pages of the visit: the queue and the ticket; appointments."""
