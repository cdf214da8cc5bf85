"""A page taken apart, as strictly as a page of ours must bear."""

from html.parser import HTMLParser

VOID = {"meta", "br"}
KNOWN = {
    "html", "head", "br", "meta", "title", "style", "body", "a", "header", "nav", "main", "footer",
    "section", "article", "h1", "h2", "h3", "h4", "p", "ul", "li", "dl", "dt", "dd", "div", "span",
    "strong", "mark", "code", "pre", "figure", "figcaption", "details", "summary", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "svg", "desc", "rect", "text", "path", "line",
    "circle", "g", "polyline",
}  # fmt: skip
ADDRESSES = {"href", "src", "xlink:href", "action", "data", "poster", "srcset", "formaction"}


class Page(HTMLParser):
    """Elements, texts and attributes of a page; raises where it is not well formed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        """The elements around a text, and the text."""
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    @property
    def text(self) -> str:
        """Everything that is read, styles left out."""
        return "".join(text for around, text in self.texts if "style" not in around)

    def values(self, name: str) -> list[str]:
        """The values of an attribute, wherever it is."""
        return [found[name] or "" for _, found in self.attributes if name in found]


def check(html: str) -> Page:
    """Take a page apart, and check that it asks for nothing, runs nothing and leads everywhere."""
    page = Page(html)
    assert set(page.tags) <= KNOWN
    for tag, found in page.attributes:
        assert not [name for name in found if name.startswith("on")], (tag, found)
        addresses = {value for name, value in found.items() if name in ADDRESSES}
        assert all(value and value.startswith("#") for value in addresses), (tag, found)
    styles = "".join(text for around, text in page.texts if "style" in around)
    for words in (styles, *page.values("style")):
        assert "url(" not in words
        assert "@import" not in words
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    targets = {value.removeprefix("#") for value in page.values("href")}
    labels = {name for value in page.values("aria-labelledby") for name in value.split()}
    assert targets | labels <= set(ids)
    return page
