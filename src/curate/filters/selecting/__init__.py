"""What `select` draws and clusters with."""
