"""Inputs that are elsewhere: objects of a store, or files of a web server, by their URL."""
