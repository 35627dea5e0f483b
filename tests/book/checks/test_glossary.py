"""Every term that a chapter introduces in bold is in the glossary, which links to where it is taught."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
CHAPTERS = [page for page in sorted(DOCS.glob("*.md")) if re.match(r"\d+-", page.name)]
# The glossary's entries for terms that chapters set in bold in a different form.
FORMS = {
    "dense": "dense layer",
    "broadcast": "broadcasting",
    "categorical cross-entropy": "cross-entropy",
    "vanish": "vanishing gradients",
    "explode": "exploding gradients",
}
NO_TERMS = {"draw a batch", "update"}  # two of the four steps of training
ENTRY = re.compile(r"(?ms)^## (?P<term>[^\n]+)\n\n(?P<text>.*?)\[Chapter\s(?P<chapter>\d+)\]\((?P<page>[\w-]+\.md)")


def entries():
    return list(ENTRY.finditer((DOCS / "glossary.md").read_text(encoding="utf-8")))


def introduced(page):
    """Return the terms in bold in a chapter's text, before its key points."""
    text = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8").split("## Key points")[0])
    terms = [re.sub(r"\s+", " ", term).lower() for term in re.findall(r"(?<!\*)\*\*([^*{]+)\*\*", text)]
    return {FORMS.get(term, term) for term in terms} - NO_TERMS


def test_every_term_that_a_chapter_introduces_is_in_the_glossary():
    known = {entry["term"].lower() for entry in entries()}
    missing = {
        page.name: sorted(
            term for term in introduced(page) if term not in known and term.removesuffix("s") not in known
        )
        for page in CHAPTERS
    }
    assert not {page: terms for page, terms in missing.items() if terms}
    assert sum(len(introduced(page)) for page in CHAPTERS) > 50


def test_the_glossary_is_in_order_and_each_entry_is_one_sentence():
    terms = [entry["term"] for entry in entries()]
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) == len(re.findall(r"(?m)^## ", (DOCS / "glossary.md").read_text(encoding="utf-8")))
    assert not [entry["term"] for entry in entries() if len(re.findall(r"\.(?:\s|$)", entry["text"])) != 1]


def test_each_term_is_used_in_the_chapter_that_its_entry_names():
    for entry in entries():
        assert entry["page"].startswith(f"{entry['chapter']}-")
        text = (DOCS / entry["page"]).read_text(encoding="utf-8").lower()
        words = entry["term"].lower().split()
        assert all(word.removesuffix("ing").removesuffix("s") in text for word in words), entry["term"]
