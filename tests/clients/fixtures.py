#!/usr/bin/env python3
"""fixtures.py: the messages of fixtures/*.msgpack (written by our encoder, see tests/unit/stream.c) hold the values of
fixtures/fixtures.json, which were checked against STREAMS.md by hand."""
import glob, json, os, sys
import msgpack

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")


def main():
    with open(os.path.join(HERE, "fixtures.json"), encoding="utf-8") as h:
        wanted = json.load(h)
    names = sorted(os.path.basename(p)[:-8] for p in glob.glob(os.path.join(HERE, "*.msgpack")))
    if names != sorted(wanted):
        sys.exit("fixtures: %s are not %s" % (names, sorted(wanted)))
    for name in names:
        with open(os.path.join(HERE, name + ".msgpack"), "rb") as h:
            if msgpack.unpackb(h.read()) != wanted[name]:
                sys.exit("fixtures: %s: not the values of fixtures.json" % name)
    text = wanted["article"]["text"]
    for entity in wanted["article"]["entities"]:
        for span in entity["spans"]:
            assert text[span["start"]:span["end"]] == entity["name"]
            assert text.encode()[span["byte_start"]:span["byte_end"]].decode() == entity["name"]
    print("fixtures: %d messages passed" % len(names))


main()
