"""``python -m tensorbook.book``: the commands of those who make the book."""

from tensorbook.book.commands import main

if __name__ == "__main__":
    main()
