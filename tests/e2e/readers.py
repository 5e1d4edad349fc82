#!/usr/bin/env python3
"""readers.py AGGREGATE WIREROOM: the graphs, the feed and the items open in the programs people read them with

networkx reads GEXF and GraphML, feedparser and xmllint the feed; sqlite3 imports the CSV. What is not installed is
reported as skipped; with none of them the test is (status 77)."""
import json, os, shutil, subprocess, sys, tempfile
import msgpack

AGGREGATE, WIREROOM = sys.argv[1:3]
NAMES = ["Ada Moor", "Ben <&> Zoll", "Cleo \u00dcnal", "Dora Lind"]
skipped, passed = [], []


def check(what, good):
    if not good:
        sys.exit("readers.py: failed: " + what)


def pages():
    for i in range(24):
        names = [NAMES[i % 4], NAMES[(i + 1) % 4], NAMES[(i // 4) % 4]]
        text, entities = "", []
        for name in dict.fromkeys(names):
            start = len(text.encode())
            entities.append({"name": name, "type": "PER", "mentions": [{"start": start, "end": start + len(name.encode())}]})
            text += name + ", "
        text += "and \"nobody\" else\u2028in number %d." % i
        yield {"id": "%032x" % (i * 7919 + 1), "file": "f%d.txt" % i, "articles": [
            {"title": "Title <%d> & more" % i, "text": text, "lang": "en", "url": "https://s.example/%d?a&b" % i,
             "published": "2024-03-%02d" % (i + 1), "entities": entities,
             "paras": [{"start": 0, "end": len(text.encode()), "kind": "paragraph"}]}]}


def export(store, *form):
    return subprocess.run([WIREROOM, "export", *form, "--store", store], stdout=subprocess.PIPE, check=True,
                          timeout=60).stdout


def read_graphs(room, store):
    try:
        import networkx
    except ImportError:
        return skipped.append("networkx")
    for form, read in (("gexf", networkx.read_gexf), ("graphml", networkx.read_graphml)):
        path = os.path.join(room, "graph." + form)
        with open(path, "wb") as h:
            h.write(export(store, form, "--min", "1"))
        if form == "gexf":  # networkx 2.8 knows the name spaces up to 1.2
            with open(path, encoding="utf-8") as h:
                text = h.read()
            with open(path, "w", encoding="utf-8") as h:
                h.write(text.replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft").replace(
                    'version="1.3"', 'version="1.2"'))
        graph = read(path)
        names = {d.get("label") or d.get("name") for _, d in graph.nodes(data=True)}
        check("%s: nodes %s" % (form, names), names == set(NAMES))
        edges = list(graph.edges(data=True))
        check("%s: edges" % form, len(edges) == 6 and all(d["weight"] > 0 and -1 <= d["npmi"] <= 1 for _, _, d in edges))
        check("%s: undirected" % form, not graph.is_directed())
    passed.append("networkx")


def read_feed(room, store):
    path = os.path.join(room, "feed.xml")
    with open(path, "wb") as h:
        h.write(export(store, "rss"))
    try:
        import feedparser
        feed = feedparser.parse(path)
        check("feedparser: %s" % feed.get("bozo_exception"), not feed.bozo)
        check("feedparser", len(feed.entries) == 24 and feed.entries[0].title == "Title <23> & more" and
              feed.entries[0].link == "https://s.example/23?a&b" and feed.entries[0].published_parsed[:3] == (2024, 3, 24))
        passed.append("feedparser")
    except ImportError:
        skipped.append("feedparser")
    if not shutil.which("xmllint"):
        return skipped.append("xmllint")
    for form in ("rss", "gexf", "graphml"):
        done = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=export(store, form), stderr=subprocess.PIPE)
        check("xmllint %s: %s" % (form, done.stderr.decode()), done.returncode == 0)
    passed.append("xmllint")


def read_csv(room, store):
    if not shutil.which("sqlite3"):
        return skipped.append("sqlite3")
    path, db = os.path.join(room, "t.csv"), os.path.join(room, "t.db")
    for what, rows in (("articles", 24), ("pairs", 6), ("trends", None)):
        with open(path, "wb") as h:
            h.write(export(store, "csv", "--what", what))
        out = subprocess.run(["sqlite3", db, "-cmd", ".mode csv", "-cmd", ".import %s %s" % (path, what),
                              "SELECT count(*) FROM " + what], stdout=subprocess.PIPE, check=True).stdout
        check("sqlite3 %s: %s" % (what, out), rows is None or int(out) == rows)
    passed.append("sqlite3")


def read_items(store):
    """The members that the ninjs schemas ask for, and the types they give them."""
    for line in export(store, "ninjs").splitlines():
        item = json.loads(line)
        check("ninjs", isinstance(item["uri"], str) and all(isinstance(item.get(k, []), list) for k in (
            "people", "places", "organisations", "headlines", "bodies")))


def main():
    with tempfile.TemporaryDirectory(prefix="wr-readers-") as room:
        store = os.path.join(room, "s.db")
        subprocess.run([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "/dev/null", "--log-level",
                        "error"], input=b"".join(map(msgpack.packb, pages())), check=True, timeout=60)
        read_graphs(room, store)
        read_feed(room, store)
        read_csv(room, store)
        read_items(store)
    print("readers: passed with %s; skipped: %s" % (", ".join(passed) or "none", ", ".join(skipped) or "none"))
    sys.exit(0 if passed else 77)


main()
