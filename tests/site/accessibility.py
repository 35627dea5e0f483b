"""Accessibility, checked with axe: which of its rules a page is checked for, at which width and in which scheme."""

# What axe says of a page depends on its width only by OF_WIDTH, on its scheme by OF_COLOUR; on two pages it says all.
# During the day, most pages are checked at the narrowest width only.
OF_WIDTH = ["scrollable-region-focusable", "target-size"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
IN_FULL = ("", "2-network/")
AT_NIGHT = ("results/whole-book/",)  # the chapters again, which take axe as long as half of the other pages
# Checking contrast takes axe longer than everything else. During the day, it is checked on the pages that have every
# part.
COLOURS_BY_DAY = ("", "install/", "2-network/", "results/")
# Two more pages have live parts that no other page has; the rest of them is as on the pages above.
LIVE_COLOURS_BY_DAY = {"6-engine/": ".tb-learn, .tb-try, .tb-live", "9-your-own-digits/": ".tb-live"}


def axe_rules(path, scheme, by_day):
    """Return what axe checks on a page at the largest width and at the smallest: pairs of a selector, or None, and
    options.
    """
    in_dark = scheme == "dark"
    wide, narrow = [(None, {})], [(None, {"runOnly": OF_WIDTH})]
    if path in IN_FULL:
        narrow = wide
    elif in_dark:
        wide, narrow = [(None, {"runOnly": OF_COLOUR})], []
    if by_day and path not in COLOURS_BY_DAY:
        without_colour = {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
        wide, narrow = [], [] if in_dark else [(None, without_colour)]
        if part := LIVE_COLOURS_BY_DAY.get(path):
            wide = [(part, {"runOnly": OF_COLOUR})]
    return ([], []) if by_day and path in AT_NIGHT else (wide, narrow)


def load_axe():
    """Return axe, which a page that already has it does not have to compile again, since it is half a megabyte."""
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    return Axe(f"if (!window.axe) {{ {AXE_SCRIPT} }}")


def violations(page, axe, checks):
    """Yield axe's report for each of the checks that the page does not pass."""
    for part, chosen in checks:
        results = axe.run(page, context=part, options={"resultTypes": ["violations"], "preload": False, **chosen})
        if results.violations_count:
            yield results.generate_report()
