"""Worlds with planted traits and known truth: corpora and a base that prove the audits."""
