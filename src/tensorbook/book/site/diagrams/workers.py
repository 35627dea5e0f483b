"""Chapter 10: a batch in two halves, one for each worker, and the mean of their slopes."""

from tensorbook.book.site.diagrams.cells import ROWS
from tensorbook.book.site.diagrams.svg import SMALL, Drawing

BATCH = 128
WORKERS = 2


def workers() -> str:
    """Return two workers that share a batch and exchange their slopes."""
    share = BATCH // WORKERS
    drawing = Drawing(
        "workers",
        (400, 330),
        "Two workers train one network",
        f"From top to bottom: a batch of {BATCH} pictures is split into two halves of {share}. Each worker has the "
        "same weights and computes the slopes for its half. The workers exchange the slopes and take the mean, which "
        "is the gradient of the whole batch. Both take the same step, so their weights remain identical.",
    )
    drawing.rect(90, 8, 110, 40, ROWS[0], 6)
    drawing.rect(200, 8, 110, 40, ROWS[1], 6)
    for middle, left in ((145, 0), (255, share)):
        drawing.text(middle, 28, f"{left} to {left + share - 1}", size=SMALL)
    drawing.text(80, 28, "batch", "tb-text tb-strong", anchor="end")
    for index, (start, middle, kind) in enumerate(((145, 100, ROWS[0]), (255, 300, ROWS[1]))):
        drawing.arrow([(start, 48), (middle, 84)])
        drawing.rect(middle - 85, 88, 170, 84, kind, 8)
        drawing.text(middle, 108, f"worker {index}", "tb-text tb-strong")
        drawing.text(middle, 130, "the same weights", size=SMALL)
        drawing.text(middle, 152, f"slopes for {share} pictures", size=SMALL)
        drawing.arrow([(middle, 172), (middle, 208)])
        drawing.arrow([(middle, 260), (middle, 290)])
        drawing.text(middle, 308, "the same step", "tb-text tb-strong")
    drawing.rect(15, 212, 370, 48, ROWS[2], 8)
    drawing.text(200, 228, "exchange: the mean of the slopes", "tb-text tb-strong")
    drawing.text(200, 247, "the gradient of the whole batch", size=SMALL)
    return str(drawing)
