"""What the site's pages have below their exercises."""

import json
import re
from html import unescape

from tensorbook.book.site.exercise_fields import with_fields

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
    assert hosts == ["exercises/contents", "exercises/memory", "exercises/field"]


def test_an_exercise_that_asks_for_a_function_says_where_to_write_it():
    html = with_fields(PAGE + FUNCTION)
    assert html.startswith(PAGE + FUNCTION[:-1])
    assert 'below “The <em>largest</em>”: <a href="../notebooks/chapter-5.ipynb" download>download it</a>.</p>' in html
    assert "Colab" not in html
    colab = "https://colab.research.google.com/github/me/book/blob/notebooks/chapter-5.ipynb#scrollTo=exercise-largest"
    assert f'<a href="{colab}">open it there in Colab</a>, or <a ' in with_fields(
        PAGE + FUNCTION, "https://github.com/me/book"
    )
