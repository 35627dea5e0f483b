"""Convert the chapters' Markdown to notebooks, to scripts, and to one notebook of the whole book."""
