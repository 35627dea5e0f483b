"""What makes the book, not what it teaches: the record of the run, the gates, the hooks of the site.

Nothing at the top of ``tensorbook`` imports from here.
"""
