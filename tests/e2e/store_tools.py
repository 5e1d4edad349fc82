#!/usr/bin/env python3
"""store_tools.py AGGREGATE WIREROOM: the store opens in other people's tools

sqlite3 (command), pandas, sqlite-utils (of Datasette's author: the same reading of a database) and DuckDB (Node
client @duckdb/node-api, found through NODE_PATH). What is not installed is skipped and said so."""
import importlib.util, json, os, shutil, sqlite3, subprocess, sys, tempfile
import msgpack

AGGREGATE, WIREROOM = sys.argv[1:3]
VIEWS = ("v_articles v_entities v_mentions v_entity_articles v_quotes v_dates v_paragraphs v_removed v_entity_days "
         "v_sources v_pairs files").split()


def check(what, good):
    if not good:
        sys.exit("store_tools.py: failed: " + what)


def skip(tool, why):
    print("skipped: %s, %s" % (tool, why))


def page(i):
    text = "Zoë Bell said \"the harbour stays open\" in Łódź on Monday, number %d." % i
    raw = text.encode()
    spans = [(raw.index(x), raw.index(x) + len(x)) for x in (b"Zo\xc3\xab Bell", b"the harbour stays open", b"Monday")]
    return msgpack.packb({"id": "%032x" % (i * 31337 + 1), "file": "in/%d.txt" % i, "articles": [
        {"title": "Café %d" % i, "text": text, "published": "2024-05-%02d" % (1 + i % 9),
         "url": "https://www.port.example/%d" % i, "lang": "en",
         "paras": [{"start": 0, "end": len(raw), "kind": "paragraph"}],
         "entities": [{"name": "Zoë Bell", "type": "PER", "confidence": 0.75,
                       "mentions": [{"start": spans[0][0], "end": spans[0][1], "confidence": 0.75}]}],
         "dates": [{"start": spans[2][0], "end": spans[2][1], "value": "2024-05-06", "type": "DATE",
                    "basis": "published"}],
         "quotes": [{"start": spans[1][0], "end": spans[1][1], "text": "the harbour stays open", "kind": "full",
                     "speaker": "Zoë Bell", "entity": 1}]}],
        "blocks": [{"text": "Share, now", "start": 1, "end": 9, "reason": "share"}]})


def build(store):
    subprocess.run([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "/dev/null", "--log-level", "error"],
                   input=b"".join(page(i) for i in range(30)), check=True)


def with_command(store):
    if not shutil.which("sqlite3"):
        return skip("sqlite3", "not installed")
    for view in VIEWS:
        out = subprocess.run(["sqlite3", "-json", "-readonly", store, "SELECT * FROM %s" % view], check=True,
                             stdout=subprocess.PIPE).stdout
        rows = json.loads(out or b"[]")
        check("sqlite3: " + view, rows or view == "v_pairs")
        if view == "v_mentions":
            check("sqlite3: words of a mention, %s" % rows[0], rows[0]["words"] == "Zoë Bell" and rows[0]["confidence"] == 0.75)
    found = subprocess.run(["sqlite3", "-readonly", store, "SELECT count(*) FROM article_fts WHERE article_fts MATCH "
                            "'\"harbour stays\" AND zoe AND title:cafe'"], check=True, stdout=subprocess.PIPE).stdout
    check("sqlite3: a phrase, without marks", found.strip() == b"30")
    print("sqlite3: every view, full text")


def with_pandas(store):
    if not importlib.util.find_spec("pandas"):
        return skip("pandas", "not installed for this Python")
    import pandas
    db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    frames = {view: pandas.read_sql("SELECT * FROM " + view, db) for view in VIEWS}
    db.close()
    articles, days = frames["v_articles"], frames["v_entity_days"]
    check("pandas: articles", len(articles) == 30 and articles["text"].str.contains("Łódź").all())
    check("pandas: numbers are numbers", articles["n_entities"].sum() == 30 and days["n_articles"].sum() == 30)
    check("pandas: days are dates", pandas.to_datetime(articles["day"]).dt.year.eq(2024).all())
    check("pandas: quotes", set(frames["v_quotes"]["words"]) == {"the harbour stays open"})
    print("pandas %s: every view as a frame" % pandas.__version__)


def with_sqlite_utils(store):
    if not shutil.which("sqlite-utils"):
        return skip("sqlite-utils", "not installed")

    def ask(*words):
        return json.loads(subprocess.run(["sqlite-utils", *words], check=True, stdout=subprocess.PIPE).stdout)
    counts = {t["table"]: t["count"] for t in ask("tables", store, "--counts")}
    check("sqlite-utils: tables", counts["articles"] == 30 and counts["quotes"] == 30)
    check("sqlite-utils: views", set(VIEWS) <= {v["view"] for v in ask("views", store)})
    check("sqlite-utils: rows", ask("rows", store, "articles", "--limit", "1")[0]["title"].startswith("Café"))
    check("sqlite-utils: a query", ask(store, "SELECT speaker FROM v_quotes LIMIT 1") == [{"speaker": "Zoë Bell"}])
    print("sqlite-utils: tables, views, rows, a query")


DUCKDB = """
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const c = await (await DuckDBInstance.create(':memory:')).connect();
  const ask = async (q) => (await c.runAndReadAll(q)).getRowsJson();
  const out = {};
  const [folder] = process.argv.slice(1);
  out.csv = await ask(`SELECT count(*)::INT, sum(entities)::INT FROM read_csv('${folder}/articles.csv')`);
  out.json = await ask(`SELECT count(*)::INT, count(DISTINCT title)::INT FROM read_json('${folder}/all.jsonl')`);
  try {
    await c.run("INSTALL sqlite");
    await c.run("LOAD sqlite");
    out.extension = true;
  } catch (e) { out.extension = false; }
  if (out.extension) {
    await c.run(`ATTACH '${folder}/s.db' AS s (TYPE sqlite, READ_ONLY)`);
    out.tables = await ask("SELECT count(*)::INT, sum(n_entities)::INT FROM s.articles");
    out.texts = await ask("SELECT count(*)::INT FROM s.texts WHERE text LIKE '%harbour%'");
  }
  console.log(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
"""


def with_duckdb(folder, store):
    there = shutil.which("node") and subprocess.run(["node", "-e", "require.resolve('@duckdb/node-api')"],
                                                    stderr=subprocess.DEVNULL).returncode == 0
    if not there:
        return skip("DuckDB", "no @duckdb/node-api for node (NODE_PATH)")
    for name, form in (("articles.csv", ["csv", "--what", "articles"]), ("all.jsonl", ["jsonl"])):
        with open(os.path.join(folder, name), "wb") as to:
            subprocess.run([WIREROOM, "export", *form, "--store", store], check=True, stdout=to)
    done = subprocess.run(["node", "-e", DUCKDB, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("DuckDB: " + done.stderr.decode(), done.returncode == 0)
    out = json.loads(done.stdout)
    check("DuckDB: csv %s" % out["csv"], out["csv"] == [[30, 30]])
    check("DuckDB: jsonl %s" % out["json"], out["json"] == [[30, 30]])
    print("DuckDB: csv and jsonl exports")
    if not out["extension"]:
        return skip("DuckDB on the store itself", "its sqlite extension cannot be installed here")
    check("DuckDB: tables", out["tables"] == [[30, 30]] and out["texts"] == [[30]])
    print("DuckDB: tables of the store")


def main():
    with tempfile.TemporaryDirectory(prefix="wr-tools-") as folder:
        store = os.path.join(folder, "s.db")
        build(store)
        with_command(store)
        with_pandas(store)
        with_sqlite_utils(store)
        with_duckdb(folder, store)
        skip("Datasette", "not in Debian 12; sqlite-utils reads a database the same way")
    print("store tools: passed")


main()
