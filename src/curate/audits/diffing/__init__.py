"""Post-training diffing: which prompts, which teacher and which rows give a student the trait."""
