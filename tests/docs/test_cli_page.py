"""docs/cli.md says what the commands say today."""

from tests.docs.cli_page import PAGE, page


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.cli_page"
