#!/usr/bin/env python3
"""watch.py AGGREGATE WIREROOM: watches find what comes, once each, and their programs get it, without a shell"""
import json, os, subprocess, sys, tempfile, time
import msgpack

AGGREGATE, WIREROOM = sys.argv[1:3]


def check(what, good):
    if not good:
        sys.exit("watch.py: failed: " + what)


def article(i, name, words, host="s.example"):
    text = "%s spoke. %s" % (name, words)
    end = len(name.encode())
    quote = text.encode().index(words.encode())
    return {"title": "Title %d" % i, "text": text, "lang": "en", "url": "https://%s/%d" % (host, i),
            "paras": [{"start": 0, "end": len(text.encode()), "kind": "paragraph"}],
            "entities": [{"name": name, "type": "PER", "mentions": [{"start": 0, "end": end}]}],
            "quotes": [{"start": quote, "end": quote + len(words.encode()), "text": words, "speaker": name, "entity": 1}]}


def give(store, pages):
    given = b"".join(msgpack.packb({"id": "%032x" % (i * 7919), "file": "%d.txt" % i, "articles": [a]}) for i, a in pages)
    subprocess.run([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "/dev/null", "--commit-pages", "2",
                    "--log-level", "error"], input=given, check=True, timeout=60)


def run(*words, code=0):
    done = subprocess.run([WIREROOM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          stdin=subprocess.DEVNULL)
    check("%s: exit %d, %s" % (" ".join(words), done.returncode, done.stderr.decode()), done.returncode == code)
    return [json.loads(x) for x in done.stdout.decode().splitlines()]


def found(store, name):
    rows = run("query", "sql", "SELECT body_json FROM (SELECT body AS body_json FROM events WHERE topic = 'watch/%s/'"
               " ORDER BY seq)" % name, "--store", store)
    return [r["body"]["title"] for r in rows]


def main():
    with tempfile.TemporaryDirectory(prefix="wr-watch-") as room:
        store = os.path.join(room, "s.db")
        out = os.path.join(room, "out")
        os.mkdir(out)
        script = os.path.join(room, "take")
        with open(script, "w") as h:
            h.write("#!/bin/sh\ncat > %s/$WIREROOM_WATCH-$WIREROOM_SEQ\nprintf '%%s\\n' \"$@\" >> %s/args\n" % (out, out))
        os.chmod(script, 0o755)
        slow = os.path.join(room, "slow")
        with open(slow, "w") as h:
            h.write("#!/bin/sh\nsleep 60 & wait\n")
        os.chmod(slow, 0o755)
        give(store, [(1, article(1, "Ada Moor", "the harbour is shut"))])
        at = ["--store", store]
        run("watch", "add", "shut", "--words", "harbour AND shut", *at)
        run("watch", "add", "moor", "--entity", "Ada Moor", *at, "--", script, "a b", "$(touch %s/injected)" % room, ";")
        run("watch", "add", "zoll", "--speaker", "PER/ben-zoll", "--source", "t.example", *at)
        run("watch", "add", "fails", "--entity", "Ben Zoll", *at, "--", "/bin/false")
        run("watch", "add", "slow", "--words", "slowly", *at, "--", slow)
        run("watch", "add", "both", "--words", "harbour", "--entity", "PER/ben-zoll", *at)
        run("watch", "add", "no/name", "--words", "x", *at, code=100)
        run("watch", "add", "bad", "--words", "AND (", *at, code=100)
        run("watch", "add", "none", *at, code=100)
        run("watch", "add", "gone", "--words", "x", *at)
        run("watch", "rm", "gone", *at)
        run("watch", "rm", "gone", *at, code=1)
        check("ls", [w["name"] for w in run("watch", "ls", *at)] == ["both", "fails", "moor", "shut", "slow", "zoll"])
        check("test", [a["title"] for a in run("watch", "test", "shut", *at)] == ["Title 1"])
        pages = [(2, article(2, "Ada Moor", "the harbour stays shut")), (3, article(3, "Ben Zoll", "no harbour here")),
                 (4, article(4, "Ben Zoll", "it goes slowly", "t.example")), (5, article(5, "Cleo Hart", "not a word"))]
        give(store, pages)
        give(store, pages[::-1])  # again: nothing new
        check("words", found(store, "shut") == ["Title 2"])
        check("an entity", found(store, "moor") == ["Title 2"])
        check("speaker and source", found(store, "zoll") == ["Title 4"])
        check("words and entity", found(store, "both") == ["Title 3"])
        for _ in range(2):
            run("watch", "deliver", "--once", "--retries", "1", "--pause", "10ms", "--time-limit", "700ms", *at)
        files = sorted(os.listdir(out))
        check("delivered once: %s" % files, len(files) == 2 and files[1].startswith("moor-"))
        with open(os.path.join(out, files[1])) as h:
            check("the article", json.load(h)["title"] == "Title 2")
        with open(os.path.join(out, "args")) as h:
            check("no shell", h.read() == "a b\n$(touch %s/injected)\n;\n" % room)
        check("nothing was run", not os.path.exists(os.path.join(room, "injected")))
        state = {w["name"]: w for w in run("query", "sql", "SELECT name, runs, failed, last_exit FROM watches", *at)}
        check("failures are counted", (state["fails"]["runs"], state["fails"]["failed"], state["fails"]["last_exit"]) == (2, 2, 1))
        check("time is limited", state["slow"]["last_exit"] == 124)
        check("successes", (state["moor"]["runs"], state["moor"]["failed"]) == (1, 0))
        check("whole", subprocess.run([WIREROOM, "store", "check", *at], stderr=subprocess.DEVNULL).returncode == 0)
    print("watch: passed")


main()
