#!/usr/bin/env python3
"""stories.py AGGREGATE WIREROOM: the same order of submission gives the same stories, in whatever order pages come out of
the workers, however they are committed, after a kill, and when pages come twice; messages, aliases, removal"""
import json, os, random, signal, sqlite3, subprocess, sys, tempfile, time
import msgpack

AGGREGATE, WIREROOM = sys.argv[1:3]
KINDS = ["quake", "ferry strike", "bank robbery", "cup final", "dam collapse"]
WINDOW = 16


def check(what, good):
    if not good:
        sys.exit("stories.py: failed: " + what)


def article(event, variant):
    """A report: kind and place of the event, its names and odd words, and words of its own."""
    mine, own = random.Random(event), random.Random(event * 1000 + variant)
    kind = KINDS[event % 5]
    place = "".join(mine.choice(["bra", "lin", "mor", "nes", "ost", "qua", "tor", "vel"]) for _ in range(3)).capitalize()
    names = ["%s %s" % (mine.choice(["Ada", "Ben", "Cleo", "Dora"]), "Mc" + "".join(mine.sample("abcdefghij", 5))) for _ in range(3)]
    words = ["detail" + "".join(mine.sample("klmnopqrst", 5)) for _ in range(20)]
    title = "%s in %s: %s" % (kind.capitalize(), place, names[0])
    said = ["%s said that the %s %s %s" % (own.choice(names), kind, own.choice(words), own.choice(words)) for _ in range(4)]
    said += ["In %s the %s was %s, %s" % (place, own.choice(words), own.choice(words), own.choice(words)) for _ in range(2)]
    said += ["The %s then %s a %s" % tuple("".join(own.sample("abcdeghilmnoprst", 7)) for _ in range(3)) for _ in range(4)]
    own.shuffle(said)
    body = ". ".join(said) + ". Report " + "".join(own.sample("uvwxyzabcdef", 8)) + "."
    text = title + "\n\n" + body
    entities = [{"name": n, "type": "PER", "mentions": [{"start": i, "end": i + len(n)} for i in range(len(text)) if text.startswith(n, i)]}
                for n in names + [place]]
    entities[-1]["type"] = "LOC"
    entities = [e for e in entities if e["mentions"]]
    return {"title": title, "text": text, "entities": entities, "lang": "en", "published": "2024-05-%02d" % (1 + variant % 3),
            "paras": [{"start": 0, "end": len(title), "kind": "title"}, {"start": len(title) + 2, "end": len(text), "kind": "paragraph"}]}


def pages(n=240):
    order = [(e, v) for e in range(40) for v in range(n // 40)]
    random.Random(4).shuffle(order)
    out = []
    for i, (e, v) in enumerate(order):
        out.append({"id": "%032x" % (e * 100 + v + 1), "file": "%d.txt" % i, "submitted": 1000 + i, "completed": 1000 + max(0, i - WINDOW),
                    "articles": [article(e, v)]})
        if i % 20 == 7: # the same text somewhere else: a copy
            out[-1]["articles"].append(dict(article(*order[i - 3]), url="https://copy.example/%d" % i))
    return out


def arrive(given, seed):
    """As they come out of several workers: a page may be overtaken by WINDOW others at most."""
    rng = random.Random(seed)
    keys = sorted((i + rng.uniform(0, WINDOW - 1), i) for i in range(len(given)))
    return [given[i] for _, i in keys]


def feed(store, given, batch, *words):
    subprocess.run([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "/dev/null", "--commit-pages", str(batch),
                    "--log-level", "error", *words], input=b"".join(msgpack.packb(p) for p in given), check=True)


def killed(store, given, batch, times):
    """Killed after about so many commits, again and again; what was given comes anew."""
    for k in range(1, times + 1):
        run = subprocess.Popen([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "/dev/null", "--commit-pages", str(batch),
                                "--log-level", "error"], stdin=subprocess.PIPE)
        want = len(given) * k // (times + 1)
        run.stdin.write(b"".join(msgpack.packb(p) for p in given[:want]))
        run.stdin.flush()
        deadline = time.monotonic() + 60
        while count(store, "SELECT count(*) FROM pages") < want - batch and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdin.close()
    feed(store, given, batch)


def count(store, sql):
    try:
        db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
        return db.execute(sql).fetchone()[0]
    except sqlite3.OperationalError:
        return -1


def stories(store):
    return subprocess.run([WIREROOM, "export", "csv", "--what", "stories", "--store", store], stdout=subprocess.PIPE, check=True).stdout


def ask(store, *words):
    out = subprocess.run([WIREROOM, "query", *words, "--json", "--store", store], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def look(store):
    """Rows that belong together do."""
    db = sqlite3.connect(store)
    check("counts are those of the members", not db.execute(
        "SELECT s.id, s.n_articles, count(x.article_id) FROM stories s LEFT JOIN story_articles x ON x.story_id = s.id"
        " GROUP BY s.id HAVING s.n_articles <> count(x.article_id)").fetchall())
    check("aliases lead to stories that are", not db.execute(
        "SELECT 1 FROM stories s WHERE merged_into IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stories t WHERE t.id = s.merged_into"
        " AND t.merged_into IS NULL)").fetchall())
    check("members are of stories that are", not db.execute(
        "SELECT 1 FROM story_articles x LEFT JOIN stories s ON s.id = x.story_id WHERE s.id IS NULL OR s.merged_into IS NOT NULL").fetchall())
    check("copies are where their original is", not db.execute(
        "SELECT 1 FROM story_articles x JOIN story_articles y ON y.article_id = x.copy_of WHERE x.story_id <> y.story_id").fetchall())
    check("the window says what the rows say", not db.execute(
        "SELECT 1 FROM story_window w JOIN story_articles x ON x.article_id = w.article_id WHERE w.field > 0 AND w.story <> x.story_id").fetchall())
    check("there are copies", db.execute("SELECT count(*) FROM story_articles WHERE copy_of IS NOT NULL").fetchone()[0] > 5)
    check("nothing waits", not db.execute(
        "SELECT 1 FROM story_terms WHERE article_id NOT IN (SELECT article_id FROM story_window)").fetchall())
    topics = [t for t, in db.execute("SELECT topic FROM events WHERE kind = 'story'")]
    bodies = [json.loads(b) for b, in db.execute("SELECT body FROM events WHERE kind = 'story' ORDER BY seq")]
    check("topics", all(t == "story/%s/%s/" % (b["event"], b["story"]) for t, b in zip(topics, bodies)))
    # the stream alone tells who is where in the end
    where = {}
    for b in bodies:
        if "article" in b:
            where[b["article"]] = b["story"]
        if b["event"] == "merge":
            where = {a: b["story"] if s == b["gone"] else s for a, s in where.items()}
    rows = dict(db.execute("SELECT p.page || '-' || a.ordinal, s.key FROM story_articles x JOIN stories s ON s.id = x.story_id"
                           " JOIN articles a ON a.id = x.article_id JOIN pages p ON p.id = a.page_id WHERE x.copy_of IS NULL"))
    check("the stream says what the rows say", all(where.get(a) == s for a, s in rows.items() if a in where))
    check("the stream knows all but copies", len([a for a in rows if a not in where]) == 0)
    return len(topics)


def main():
    given = pages()
    with tempfile.TemporaryDirectory(prefix="wr") as tmp:
        path = lambda name: os.path.join(tmp, name)
        feed(path("calm"), given, 50)
        calm = stories(path("calm"))
        check("there are stories", calm.count(b"\n") > 100)
        for seed, batch in (1, 7), (2, 64), (3, 1), (4, 1000):
            feed(path("s%d" % seed), arrive(given, seed), batch)
            check("arrival %d, %d pages a commit" % (seed, batch), stories(path("s%d" % seed)) == calm)
        killed(path("killed"), arrive(given, 9), 7, 4)
        check("killed four times", stories(path("killed")) == calm)
        events = look(path("calm"))
        feed(path("calm"), given, 50)
        check("a replay changes nothing", stories(path("calm")) == calm and look(path("calm")) == events)
        listed = ask(path("calm"), "stories", "--limit", "100")
        check("query stories: %d" % len(listed), len(listed) > 20 and all(r["title"] for r in listed))
        check("query story", len(ask(path("calm"), "story", listed[0]["story"], "--limit", "99")) == listed[0]["articles"])
        db = sqlite3.connect(path("calm"))
        gone = db.execute("SELECT key FROM stories WHERE merged_into IS NOT NULL LIMIT 1").fetchone()
        if gone:
            check("an old key still leads to the story", len(ask(path("calm"), "story", gone[0])) > 1)
        # a page under an earlier name with other facts replaces the stored one
        again = dict(given[30], file="!.txt", url="https://other.example/")
        feed(path("calm"), [again], 1)
        look(path("calm"))
        feed(path("calm"), [dict(p, id="f%031x" % i, submitted=5000 + i, completed=5000 + i) for i, p in enumerate(given[:20])], 5, "--stories", "1M")
        look(path("calm"))
    print("stories.py: passed")


main()
