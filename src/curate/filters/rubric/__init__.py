"""What a judge is asked, how its answer is read, and how well it agrees with people."""
