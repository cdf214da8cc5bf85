"""The `curate` command: one file per verb, loaded when it is used."""


def main() -> None:
    """Run the command line."""
