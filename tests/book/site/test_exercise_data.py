"""What the site adds below the exercises on its pages."""

import json
import re
from html import unescape

import markdown

from tensorbook.book.site.exercise_data import ExerciseFieldsExtension, with_fields, with_places

VALUE = '<h3 id="a">How many?</h3>\n<p>Count: <code>check("place", number)</code>.</p>\n<details></details>\n'
FUNCTION = '<h3 id="b">The <em>largest</em><a class="headerlink" href="#b">¶</a></h3>\n'
FUNCTION += "<p>Write it. <code>check(&quot;largest&quot;, largest)</code>.</p>\n"
HEAD = '<h1 id="t">Title</h1>\n<p>Text with <code>check("place", 1)</code></p>\n'
PAGE = HEAD + '<h2 id="exercises">Exercises</h2>\n<p>Predict.</p>\n'


def test_a_page_without_exercises_is_left_alone():
    assert with_fields(HEAD) == HEAD
    assert with_fields(PAGE) == PAGE


def test_a_field_follows_its_question_and_knows_its_answer():
    html = with_fields(PAGE + VALUE + FUNCTION)
    [data] = re.findall(r'</code>.</p><div class="tb-field"[^>]* data-exercise="([^"]*)"></div>\n<details>', html)
    exercise = json.loads(unescape(data))
    assert (exercise["name"], exercise["kind"], exercise["answer"]) == ("place", "count", 89)
    without = re.sub(r"<div [^>]*></div>", "", html)
    assert without.startswith(PAGE + VALUE)
    hosts = re.findall(r'data-nearby="([^"]*)"', html)
    assert hosts == ["exercises/ticks-in-contents", "exercises/progress-line", "exercises/field"]


def test_an_exercise_that_asks_for_a_function_says_where_to_write_it():
    page = (
        '# Title\n\nText\n\n## Exercises\n\nPredict.\n\n### The *largest*\n\nWrite it. `check("largest", largest)`.\n'
    )
    solution = '\n??? success "Solution"\n\n    `check("largest", max)`\n'
    download = 'download it](notebooks/chapter-5.ipynb){ download="" }.\n{ .tb-where data-search-exclude="" }\n'
    where = "Write it in this chapter's notebook, below “The *largest*”: "
    assert with_places(page + solution) == f"{page}\n{where}[{download}{solution}"
    colab = "https://colab.research.google.com/github/me/book/blob/notebooks/chapter-5.ipynb#scrollTo=exercise-largest"
    at_github = with_places(page + solution, "https://github.com/me/book")
    assert at_github == f"{page}\n{where}[open it in Colab]({colab}), or [{download}{solution}"
    untouched = page.replace("largest", "place")
    assert with_places(untouched) == untouched
    assert with_places("Text\n") == "Text\n"


def test_markdown_makes_links_of_it():
    page = '## Exercises\n\n### A walk\n\nWrite it. `check("walk", walk)`.\n\n??? tip "Hint"\n\n    Walk.\n'
    html = markdown.markdown(f"# Title\n\n{page}", extensions=["attr_list", "toc", ExerciseFieldsExtension()])
    assert (
        '<p class="tb-where" data-search-exclude="">Write it in this chapter\'s notebook, below “A walk”: <a ' in html
    )
    assert '<a download="" href="notebooks/chapter-6.ipynb">download it</a>.</p>' in html
