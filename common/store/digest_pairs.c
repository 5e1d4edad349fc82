/* digest_pairs.c -- the counts of pairs that are kept, and the table for people */
#include <common/store/digest_parts.h>
#include <common/store/pair_count.h>
#include <common/store/pairs.h>

#define GRAPH_PAIRS 20000

/* The first chunk that no article can come into any more and that is not counted. */
wr_status digest_find_chunk(wr_digest *d) {
    d->chunk = digest_number(
        d, "SELECT min(chunk) FROM (SELECT 0 AS chunk UNION SELECT chunk + 1 FROM pair_chunks)"
           " WHERE chunk NOT IN (SELECT chunk FROM pair_chunks)");
    if ((d->chunk + 1) * PAIR_CHUNK > digest_number(d, "SELECT max(id) FROM articles"))
        d->chunk = -1;
    return WR_OK;
}

static wr_status add(void *to, uint32_t a, uint32_t b, uint32_t n) {
    return pair_table_add(to, a, b, n);
}

static wr_status count_chunk(wr_digest *d, pair_table *table) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(wr_store_db(d->store),
                                "SELECT entities, paras FROM texts WHERE article_id >= ?1"
                                " AND article_id < ?2 AND entities IS NOT NULL",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_int64(stmt, 1, d->chunk * PAIR_CHUNK);
    sqlite3_bind_int64(stmt, 2, (d->chunk + 1) * PAIR_CHUNK);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status =
            pair_article(d->arena, store_column(stmt, 0), store_column(stmt, 1), 0, add, table);
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status put_chunk(wr_digest *d, wr_str pairs) {
    sqlite3_stmt *stmt = NULL;
    int rc =
        sqlite3_prepare_v2(wr_store_db(d->store),
                           "INSERT OR REPLACE INTO pair_chunks SELECT ?1, coalesce(min(day), ''),"
                           " coalesce(max(day), ''), ?2 FROM articles WHERE id >= ?3 AND id < ?4",
                           -1, &stmt, NULL);
    if (rc != SQLITE_OK) return store_fail(d->store, rc, "keeping pairs");
    sqlite3_bind_int64(stmt, 1, d->chunk);
    sqlite3_bind_blob64(stmt, 2, pairs.ptr ? pairs.ptr : "", pairs.len, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, d->chunk * PAIR_CHUNK);
    sqlite3_bind_int64(stmt, 4, (d->chunk + 1) * PAIR_CHUNK);
    rc = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? WR_OK : store_fail(d->store, rc, "keeping pairs");
}

/* The articles of the chunk as a number. */
static int64_t stamp_of(wr_digest *d) {
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT count(*) * 1000003 + coalesce(sum(id), 0) FROM articles WHERE id >= %lld"
             " AND id < %lld",
             (long long)d->chunk * PAIR_CHUNK, (long long)(d->chunk + 1) * PAIR_CHUNK);
    return digest_number(d, sql);
}

static wr_status read_chunk(wr_digest *d, wr_buf *packed, int64_t *stamp) {
    pair_table table = {0};
    WR_TRY(digest_exec(d, "BEGIN"));
    wr_status status = count_chunk(d, &table);
    *stamp = stamp_of(d);
    if (status == WR_OK) status = pair_table_pack(&table, packed);
    pair_table_free(&table);
    WR_TRY(digest_exec(d, "COMMIT"));
    return status;
}

/* Counted before the transaction, which is short; when an article was dropped in between, again. */
wr_status digest_chunk(wr_digest *d) {
    wr_buf packed = WR_BUF_INIT((size_t)256 << 20);
    int64_t stamp = 0;
    wr_status status = read_chunk(d, &packed, &stamp);
    if (status == WR_OK) status = digest_begin(d);
    if (status == WR_OK && stamp_of(d) == stamp) status = put_chunk(d, wr_buf_str(&packed));
    wr_buf_free(&packed);
    WR_TRY(status);
    WR_TRY(digest_commit(d));
    return digest_find_chunk(d);
}

/* ---- the table ---- */

static wr_status put_pairs(wr_digest *d, const wr_pairs *pairs) {
    sqlite3_stmt *stmt = NULL;
    WR_TRY(digest_exec(d, "DELETE FROM entity_pairs"));
    int rc = sqlite3_prepare_v2(wr_store_db(d->store),
                                "INSERT INTO entity_pairs(a, b, n, npmi) VALUES(?1, ?2, ?3, ?4)",
                                -1, &stmt, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < pairs->n_pairs && i < GRAPH_PAIRS; i++) {
        const wr_pair *p = &pairs->pairs[i];
        sqlite3_bind_int64(stmt, 1, pairs->nodes[p->a].entity);
        sqlite3_bind_int64(stmt, 2, pairs->nodes[p->b].entity);
        sqlite3_bind_int64(stmt, 3, p->n);
        sqlite3_bind_double(stmt, 4, p->npmi);
        rc = sqlite3_step(stmt);
        sqlite3_reset(stmt);
        if (rc == SQLITE_DONE) rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK ? WR_OK : store_fail(d->store, rc, "writing pairs");
}

wr_status digest_graph(wr_digest *d) {
    wr_pairs pairs;
    char sql[96];
    int64_t now = digest_number(d, "SELECT coalesce(max(id), 0) * 1000003 + (SELECT coalesce("
                                   "sum(n_articles), 0) FROM days) FROM articles");
    if (now == digest_number(d, "SELECT value FROM meta WHERE key = 'pairs_of'")) return WR_OK;
    WR_TRY(digest_exec(d, "BEGIN"));
    wr_status status =
        wr_pairs_read(wr_store_db(d->store), d->arena, &(wr_pairs_options){.min = 2}, &pairs);
    WR_TRY(digest_exec(d, "COMMIT"));
    WR_TRY(status);
    WR_TRY(digest_begin(d));
    WR_TRY(put_pairs(d, &pairs));
    snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO meta VALUES('pairs_of', %lld)",
             (long long)now);
    WR_TRY(digest_exec(d, sql));
    return digest_commit(d);
}
