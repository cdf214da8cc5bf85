"""What the student `hf` is made of: any causal language model of transformers, taught by rows."""
