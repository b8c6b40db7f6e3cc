"""`python -m tradyn` is the `tradyn` command."""

from tradyn.cli import main

if __name__ == "__main__":
    main()
