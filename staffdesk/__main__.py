"""``python -m staffdesk``."""

from __future__ import annotations

from staffdesk.cli.main import main

if __name__ == "__main__":
    main()
