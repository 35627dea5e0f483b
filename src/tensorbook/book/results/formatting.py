"""How figures and tables are written on a page."""

from typing import Any


def table(head: Any, rows: Any) -> str:
    """Return a Markdown table."""
    lines = [list(map(str, head)), ["---"] * len(list(head)), *(list(map(str, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a percentage.

    Examples:
        >>> percent(0.97964)
        '98.0%'
        >>> percent(0.97964, digits=2)
        '97.96%'
    """
    return f"{share:.{digits}%}"


def thousands(number: int) -> str:
    """Write an integer with commas.

    Examples:
        >>> thousands(407050)
        '407,050'
    """
    return f"{number:,}"


def times(ratio: float) -> str:
    """Write a ratio with two significant digits.

    Examples:
        >>> times(1234.5), times(3.456)
        ('1,200', '3.5')
    """
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def with_unit(value: float, unit: str) -> str:
    """Write a figure with its unit.

    Examples:
        >>> with_unit(4.321, "s"), with_unit(0.0871, "s"), with_unit(1234.5, "MB")
        ('4.3 s', '87 ms', '1,234 MB')
    """
    if unit == "s" and value < 1:
        return f"{1000 * value:.0f} ms"
    return f"{value:.1f} {unit}" if unit == "s" else f"{value:,.0f} {unit}"
