"""The chapters as notebooks and scripts, and the whole book as one notebook, all from the same Markdown."""
