"""pages -- news pages made up for benches: varied in length, furniture and markup; and a WARC of them"""

import gzip
import random

LETTERS = "eeeeeeetttttaaaaooooiiiinnnnssshhhrrrddlllcccuummwwffggyyppbbvk"


class Pages:
    """The same seed gives the same pages. A few words make most of the text, as in any language."""

    def __init__(self, seed, furniture=1.0, text=1.0):
        self.random, self.furniture, self.text = random.Random(seed), furniture, text
        words = set()
        while len(words) < 20000:
            words.add("".join(self.random.choice(LETTERS) for _ in range(self.random.choice((2, 3, 4, 5, 6, 7, 8, 9, 11)))))
        words = sorted(words)
        self.random.shuffle(words)
        self.words = words
        self.weights = [1 / (i + 3) for i in range(len(words))]
        self.pool = self.random.choices(words, self.weights, k=200000)
        self.names = [w.capitalize() for w in words[300:4000] if len(w) > 3]

    def phrase(self, n):
        at = self.random.randrange(len(self.pool) - n)
        return " ".join(self.pool[at:at + n])

    def sentence(self):
        text = self.phrase(self.random.randint(6, 28))
        if self.random.random() < 0.4:
            text = " ".join((self.random.choice(self.names), self.random.choice(self.names), "said", text))
        if self.random.random() < 0.1:
            text = "\u201c" + text + ",\u201d said " + self.random.choice(self.names)
        return text[0].upper() + text[1:] + "."

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.random.randint(1, 5)))

    def links(self, n, name):
        items = "".join(f'<li class="{name}-item"><a href="/{self.phrase(1)}/{i}">{self.phrase(2)}</a></li>' for i in range(n))
        return f'<ul class="{name}">{items}</ul>'

    def cards(self, n):
        """The furniture that makes most of a page's bytes."""
        r, kind = self.random, self.phrase(1)
        return "\n".join(
            f'<div class="c-{kind} c-{kind}--teaser l-grid__item l-grid__item--{r.choice((4, 6, 12))}" data-id="{r.randrange(10**7)}" '
            f'data-track="{kind}|teaser|{i}"><a class="c-{kind}__link" href="/2026/{r.randint(1, 12)}/{self.phrase(1)}-{self.phrase(1)}">'
            f'<img class="c-{kind}__image lazyload" loading="lazy" width="320" height="180" data-src="/thumbs/{r.randrange(10**6)}.jpg'
            f'?w=320&amp;h=180&amp;fit=crop" alt="{self.phrase(4)}"><h3 class="c-{kind}__title">{self.phrase(7)}</h3></a>'
            f'<span class="c-{kind}__meta"><time class="c-{kind}__time">{r.randint(1, 23)} hours ago</time></span></div>'
            for i in range(n))

    def html(self):
        r, title = self.random, self.phrase(8).capitalize()
        when = f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:00Z"
        out = [f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title} | The {self.names[r.randint(0, 40)]} '
               f'Post</title><meta property="og:title" content="{title}"><meta property="article:published_time" '
               f'content="{when}">']
        for _ in range(r.randint(1, 8)):
            out.append("<script>var " + self.phrase(1) + "=" + str(r.random()) + ";" + self.phrase(r.randint(5, 300)) + "</script>")
        out.append("<style>" + "".join(f".{w}{{color:#{r.randrange(1 << 24):06x};margin:{r.randint(0, 40)}px}}"
                                       for w in r.sample(self.words, r.randint(5, 120))) + "</style></head><body>")
        out.append("<header><nav>" + self.links(r.randint(5, 40), "menu") + "</nav></header><main><article>")
        out.append(f'<h1>{title}</h1><p class="byline">By {r.choice(self.names)} {r.choice(self.names)}</p>'
                   f'<time datetime="{when}">{when[:10]}</time>')
        long = r.random() < 0.02  # a few are as long as pages get
        for i in range(r.randint(3, 30 if long else max(3, int(30 * self.text)))):
            out.append(f"<p>{self.paragraph()}</p>" if r.random() < 0.85 else
                       f'<div class="related"><h3>{self.phrase(3)}</h3>{self.links(r.randint(2, 6), "more")}</div>')
            if r.random() < 0.1:
                out.append(f"<h2>{self.phrase(4)}</h2>")
            if r.random() < 0.1:
                out.append(f'<figure><img src="/{i}.jpg" alt="{self.phrase(4)}"><figcaption>{self.sentence()}</figcaption></figure>')
        out.append("</article></main><section>" + "".join(self.cards(int(r.randint(2, 60) * self.furniture)) for _ in range(r.randint(1, 8))) + "</section>")
        out.append("<aside>" + self.links(r.randint(5, 60), "popular") + "</aside>")
        out.append("<footer>" + self.links(r.randint(5, 30), "foot") + "<p>Copyright 2026. All rights reserved.</p></footer></body></html>\n")
        return "\n".join(out).encode()


def record(kind, url, body, content):
    return (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-11T10:15:00Z\r\n"
            f"Content-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body + b"\r\n\r\n"


def write_warc(path, pages, n):
    """A gzip member for each request and each response, as crawlers write them."""
    with open(path, "wb") as f:
        f.write(gzip.compress(record("warcinfo", "", b"software: bench\r\n", "application/warc-fields"), 6))
        for i in range(n):
            page = pages.html()
            url = f"https://news.example/{i}"
            request = f"GET /{i} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
            f.write(gzip.compress(record("request", url, request, "application/http;msgtype=request"), 6))
            f.write(gzip.compress(record("response", url, head.encode() + page, "application/http;msgtype=response"), 6))
