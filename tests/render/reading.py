"""A page of HTML as it is read, and held to what may stand in one of ours."""

import re
from html.parser import HTMLParser


class Read(HTMLParser):
    """The elements, attributes and text of a page; every element that is opened is closed."""

    VOID = frozenset({"meta", "rect", "path", "circle"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text, self.addresses = [], set(), set(), [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    @property
    def flat(self):
        return re.sub(r"\s+", " ", " ".join(self.text))


TAGS = (
    "html head meta title style body header h1 h2 h3 p main section div figure figcaption span details summary table "
    "thead tr th tbody td dl dt dd ul li footer a pre svg g rect path circle text"
)
ATTRIBUTES = (
    "lang charset name content http-equiv class id aria-label aria-hidden tabindex scope href rel viewbox "
    "preserveaspectratio width height x y d cx cy r role xmlns transform"
)


def harmless(page):
    read = Read(page)
    assert read.tags <= set(TAGS.split())
    assert read.attributes <= set(ATTRIBUTES.split())
    assert all(address.startswith("https://") for address in read.addresses)
    assert not {"\x1b", "\u202e", "\x00"} & set(page)
    return read
