"""Links and anchors within the site; `.ci/external-links` also asks other sites, at night."""

import re
from urllib.parse import urldefrag, urljoin

SETTINGS_OF_THE_PANEL = re.compile("^learn=.*")


def test_every_link_and_anchor_inside_leads_somewhere(soup, site, pages, address):
    ids = {}
    for path in pages:
        ids[address + path] = {tag["id"] for tag in soup(path).select("[id]")}
    for path in [*pages, "404.html"]:
        for tag in soup(path).select("[href], [src]"):
            target, fragment = urldefrag(urljoin(address + path, tag.get("href") or tag.get("src")))
            if not target.startswith(address):
                continue
            fragment = SETTINGS_OF_THE_PANEL.sub("watch-it-learn", fragment)  # the section that the panel is in
            if target in ids:
                assert not fragment or fragment in ids[target], f"{path}: {target}#{fragment}"
            else:
                assert (site / target.removeprefix(address)).exists(), f"{path}: {target}"
