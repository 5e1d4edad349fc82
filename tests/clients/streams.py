#!/usr/bin/env python3
"""streams.py AGGREGATE: the output stream as subscribers see it -- order, gaps, replays, offsets."""
import json, os, subprocess, sys, tempfile, time
import msgpack, zmq

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = "Harbour opens\n\n\U0001f389 Zoë Bell said “we open today” in Nørby."


def span(words, after=0):
    start = TEXT.encode().index(words.encode(), after)
    return {"start": start, "end": start + len(words.encode())}


def page(i):
    mention = dict(span("Zoë Bell"), confidence=0.9)
    quote = dict(span("we open today"), text="we open today", kind="full", speaker="Zoë Bell", entity=1)
    place = dict(span("Nørby"), confidence=0.5)
    return {"id": "%032x" % (i * 7919), "file": "p%d.txt" % i, "mood": i, "blocks": [
                {"text": "Menu", "start": 0, "end": 4, "reason": "navigation"}],
            "articles": [{"title": "Harbour opens", "text": TEXT, "lang": "en",
                          "url": "https://www.paper.example/%d" % i, "published": "2024-05-06",
                          "paras": [dict(start=0, end=13, kind="title"),
                                    dict(start=15, end=len(TEXT.encode()), kind="paragraph")],
                          "entities": [{"name": "Zoë Bell", "type": "PER", "mentions": [mention]},
                                       {"name": "Nørby", "type": "LOC", "mentions": [place]}],
                          "quotes": [quote], "sentiment": {"joy": 0.5}}]}


def check(what, good):
    if not good:
        sys.exit("streams.py: failed: " + what)


class Aggregate:
    def __init__(self, program, folder):
        self.publish, self.replay = ("ipc://%s/%s" % (folder, n) for n in ("publish.ipc", "replay.ipc"))
        self.process = subprocess.Popen(
            [program, "--in", "-", "--out", "/dev/null", "--commit-pages", "1", "--log-level", "error",
             "--store", folder + "/s.db", "--publish", self.publish, "--replay", self.replay],
            stdin=subprocess.PIPE)

    def give(self, *pages):
        for p in pages:
            self.process.stdin.write(msgpack.packb(p))
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        check("exit code", self.process.wait(20) == 0)


def receive(socket, n):
    got = []
    while len(got) < n:
        check("message %d of %d came" % (len(got) + 1, n), socket.poll(10000))
        topic, body = socket.recv_multipart()
        if not topic.startswith(b"sys/"):
            got.append((topic.decode(), body))
    return got


def subscriber(context, address, topic):
    """Connected and known to the other side: a sign of life has come."""
    socket = context.socket(zmq.SUB)
    socket.connect(address)
    socket.subscribe(topic)
    socket.subscribe("sys/beat/")
    check("a sign of life", socket.poll(10000))
    return socket


def ask(context, address, **request):
    socket = context.socket(zmq.REQ)
    socket.connect(address)
    socket.send(msgpack.packb(request))
    check("an answer", socket.poll(10000))
    frames = socket.recv_multipart()
    pairs = [(frames[i].decode(), frames[i + 1]) for i in range(0, len(frames), 2)]
    check("the end is told", pairs[-1][0] == "sys/replay/")
    return pairs[:-1], msgpack.unpackb(pairs[-1][1])


def check_article(message):
    check("head", (message["v"], message["type"], message["seq"], message["n"]) == (1, "article", 1, 1))
    check("extra", message["extra"]["sentiment"]["joy"] == 0.5 and message["page_extra"]["mood"] == 1)
    text = message["text"]
    for e in message["entities"]:
        for s in e["spans"]:
            check("code points", text[s["start"]:s["end"]] == e["name"])
            check("bytes", text.encode()[s["byte_start"]:s["byte_end"]].decode() == e["name"])
    check("removed", message["removed"][0]["reason"] == "navigation")


def check_copy(message, i, was):
    first, this = ("%032x-0" % (k * 7919) for k in (1, i))
    topic, body = message[0], msgpack.unpackb(message[1])
    check("topic of a copy", topic == "dup/%s/" % first)
    check("a copy", (body["type"], body["group"], body["article"], body["kind"], body["score"]) ==
          ("dup", first, this, "identical", 1) and body["earliest"]["id"] == first and body["was"] == was)


def main():
    context = zmq.Context()
    folder = tempfile.mkdtemp(prefix="wr-streams-")
    aggregate = Aggregate(sys.argv[1], folder)
    everything = subscriber(context, aggregate.publish, "")
    quotes = subscriber(context, aggregate.publish, "quote/zoe-bell/")
    client = subprocess.Popen([sys.executable, HERE + "/subscribe.py", aggregate.publish,
                               aggregate.replay, "entity/", "1"], stdout=subprocess.PIPE)
    aggregate.give(page(1), page(2), page(2), page(3))
    live = receive(everything, 14)  # twice with a dup/ message behind the article's
    check("topics", [t for t, _ in live[:4]] == ["article/en/paper.example/", "entity/per/zoe-bell/",
                                                "entity/loc/nørby/", "quote/zoe-bell/"])
    messages = [msgpack.unpackb(b) for _, b in live]
    check("numbers", [m["seq"] for m in messages] == list(range(1, 15)))
    check("numbers of a class", [m["n"] for m in messages if m["type"] == "entity"] == [1, 2, 3, 4, 5, 6])
    check_article(messages[0])
    check_copy(live[8], 2, [])
    check_copy(live[13], 3, [])
    check("one topic only", [t for t, _ in receive(quotes, 3)] == ["quote/zoe-bell/"] * 3)
    again, end = ask(context, aggregate.replay, **{"from": 1})
    check("a replay is the same, byte for byte", again == live)
    check("how far", (end["next"], end["last"], end["first"]) == (15, 14, 1))
    part, end = ask(context, aggregate.replay, **{"from": 6, "limit": 2})
    check("a part", part == live[5:7] and end["next"] == 8)
    part, _ = ask(context, aggregate.replay, **{"from": 1, "topic": "quote/"})
    check("a topic", [msgpack.unpackb(b)["seq"] for _, b in part] == [4, 8, 13])
    bad = context.socket(zmq.DEALER)
    bad.connect(aggregate.replay)
    bad.send(b"\xdf\xff\xff\xff\xff")
    check("hostile bytes get an answer", bad.poll(10000))
    seen = [json.loads(client.stdout.readline())["seq"] for _ in range(6)]
    check("the client saw each once", seen == [2, 3, 6, 7, 11, 12])
    aggregate.end()
    again = Aggregate(sys.argv[1], folder)      # numbers go on after a restart
    late = subscriber(context, again.publish, "article/")
    again.give(page(3), page(4))
    check("numbers go on", msgpack.unpackb(receive(late, 1)[0][1])["seq"] == 15)
    check("the client found its way", json.loads(client.stdout.readline())["seq"] == 16)
    client.kill()
    again.end()
    subprocess.run(["rm", "-r", folder], check=True)
    print("streams: passed")


main()
