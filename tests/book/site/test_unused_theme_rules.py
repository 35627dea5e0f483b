"""The theme's style sheet without the rules that no page needs."""

import pytest

from tensorbook.book.site.unused_theme_rules import Names, drop_unused_rules, prune

KNOWN = {"a", "b", "md-nav"}


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{color:red}.z{color:blue}", ".a{color:red}"),
        (".a,.z .b,.b>.a{x:y}", ".a,.b>.a{x:y}"),
        ("p{x:y}:root{--i:url(\"data:;<svg class='z'>{}\")}", "p{x:y}:root{--i:url(\"data:;<svg class='z'>{}\")}"),
        (".a:is(.z,.b),.a:not(.z:has(.y),.x)~p{x:y}", ".a:is(.z,.b),.a:not(.z:has(.y),.x)~p{x:y}"),
        ('[href$=".z"] .a,[data-x=".q"].z{x:y}', '[href$=".z"] .a{x:y}'),
        ("@media print{.z{x:y}.a{x:y}}@media screen{.z{x:y}}", "@media print{.a{x:y}}"),
        ("@media screen{@supports (x:y){.z{x:y}.b::before{x:y}}}", "@media screen{@supports (x:y){.b::before{x:y}}}"),
        ("@keyframes z{0%{x:y}to{x:z}}@font-face{x:y}", "@keyframes z{0%{x:y}to{x:z}}@font-face{x:y}"),
        ('@charset "UTF-8";@import "z.css";.z{x:y}', '@charset "UTF-8";@import "z.css";'),
        ("/*! .z{} */.a{x:y}/*# end */", "/*! .z{} */.a{x:y}/*# end */"),
        (".md-nav__z{x:y}.md-nav{x:y}", ".md-nav{x:y}"),
        (r".a\:b{x:y}.a\3a{x:y}", ""),
        ("", ""),
    ],
)
def test_only_selectors_of_unknown_classes_go(css, kept):
    assert prune(css, KNOWN) == kept


def test_what_pages_have_and_scripts_name_is_known(tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text('<p class="a b">text</p><pre class="c">', encoding="utf-8")
    (tmp_path / "script.js").write_text('x.className = `d d__${"e"}`; y("md-fact--" + kind)', encoding="utf-8")
    names = Names(tmp_path)
    known = {name for name in ("a", "b", "c", "d", "md-fact--stars", "text", "md-fact", "z") if name in names}
    assert known == {"a", "b", "c", "d", "md-fact--stars"}
    sheet = tmp_path / "assets" / "stylesheets" / "main.12.min.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(".a{x:y}.z{x:y}.md-fact--stars{x:y}", encoding="utf-8")
    drop_unused_rules(tmp_path)
    assert sheet.read_text(encoding="utf-8") == ".a{x:y}.md-fact--stars{x:y}"
