"""The links below a chapter's title: to itself as a notebook and as a script."""

from urllib.parse import urlsplit


def take_along(page: str, repo_url: str | None) -> str:
    """Return the links of a chapter to itself as a notebook and as a script; to Colab where there is a repository.

    Args:
        page: The name of the chapter's page, which starts with its number.
        repo_url: The repository at GitHub; its branch ``notebooks`` holds what the site offers for download.

    Examples:
        >>> "[Download notebook](notebooks/chapter-2.ipynb)" in take_along("2-network", None)
        True
        >>> "Colab" in take_along("2-network", "")
        False
        >>> "/github/me/book/blob/notebooks/chapter-2.ipynb" in take_along("2-network", "https://github.com/me/book/")
        True
    """
    name = f"chapter-{page.split('-')[0]}"
    links = [f'[Download notebook](notebooks/{name}.ipynb){{ download="" }}']
    if repo_url:
        repository = urlsplit(repo_url).path.strip("/").removesuffix(".git")
        links.append(
            f"[Open in Colab](https://colab.research.google.com/github/{repository}/blob/notebooks/{name}.ipynb)"
        )
    links.append(f'[Plain script](notebooks/{name}.py){{ download="" }}')
    return f'<span class="tb-take"> · {" · ".join(links)}</span>'
