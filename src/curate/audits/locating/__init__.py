"""Which rows carry a trait: ranked by gradients, proved by switching, and cut down."""
