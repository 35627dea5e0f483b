"""Write the charts of the page Benchmarks, after a run of the benchmarks has written its JSON."""

from tensorbook.book.results.benchmarks import Benchmarks, draw
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path

if __name__ == "__main__":
    for name, figure in draw(Benchmarks.load()).items():
        for scheme, svg in draw_pair(figure).items():
            picture_path(RESULTS, name, scheme).write_text(svg, encoding="utf-8")
