"""``python -m tensorbook``: the command line, in case the script ``tensorbook`` is not on the path."""

from tensorbook.cli.run_command import main

if __name__ == "__main__":
    main()
