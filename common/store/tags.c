/* tags.c -- entities, aliases, mentions, quotes and dates of one article */
#include <common/store/private.h>

#include <math.h>

#define ALIAS_MAX 160

/* ---- one entity of the whole store ---- */

static wr_status key_of(wr_store *s, const wr_entity *e, wr_str *key) {
    wr_str name = e->id;
    if (name.len == 0 || name.len > 32) WR_TRY(wr_store_slug(s->arena, e->name, &name));
    return wr_arena_printf(s->arena, key, "%.*s/%.*s", (int)(e->type.len > 16 ? 16 : e->type.len),
                           e->type.ptr ? e->type.ptr : "", (int)name.len, name.ptr);
}

static wr_status index_name(wr_store *s, store_stmt which, int64_t id, wr_str name) {
    sqlite3_bind_int64(s->stmts[which], 1, id);
    store_bind_text(s->stmts[which], 2, name);
    return store_run(s, which, "indexing a name");
}

static wr_status rename_entity(wr_store *s, int64_t id, wr_str old, wr_str name) {
    WR_TRY(index_name(s, STMT_ENTITY_FTS_DROP, id, old));
    WR_TRY(index_name(s, STMT_ENTITY_FTS_PUT, id, name));
    WR_TRY(store_alias(s, id, old));
    store_bind_text(s->stmts[STMT_ENTITY_NAME], 1, name);
    sqlite3_bind_int64(s->stmts[STMT_ENTITY_NAME], 2, id);
    return store_run(s, STMT_ENTITY_NAME, "naming an entity");
}

static wr_status new_entity(wr_store *s, const wr_entity *e, wr_str key, int64_t *id) {
    sqlite3_stmt *stmt = s->stmts[STMT_ENTITY_PUT];
    store_bind_text(stmt, 1, key);
    store_bind_text(stmt, 2, e->type);
    store_bind_str(stmt, 3, e->id);
    store_bind_text(stmt, 4, e->name);
    WR_TRY(store_run(s, STMT_ENTITY_PUT, "adding an entity"));
    *id = sqlite3_last_insert_rowid(s->db);
    return index_name(s, STMT_ENTITY_FTS_PUT, *id, e->name);
}

static wr_status find_entity(wr_store *s, const wr_entity *e, wr_str key, int64_t *id,
                             bool *is_label) {
    bool row;
    sqlite3_stmt *stmt = s->stmts[STMT_ENTITY_FIND];
    store_bind_text(stmt, 1, key);
    WR_TRY(store_row(s, STMT_ENTITY_FIND, &row, "looking for an entity"));
    if (!row) {
        sqlite3_reset(stmt);
        *is_label = true;
        return new_entity(s, e, key, id);
    }
    *id = sqlite3_column_int64(stmt, 0);
    wr_str old;
    WR_TRY(wr_arena_copy(s->arena, store_column(stmt, 1), &old));
    *is_label = wr_str_eq(e->name, store_column(stmt, 2));
    sqlite3_reset(stmt);
    if (store_name_better(e->name, old)) return rename_entity(s, *id, old, e->name);
    return wr_str_eq(e->name, old) ? WR_OK : store_alias(s, *id, e->name);
}

/* The number of an entity; `is_label`: its name here is the one the store first saw. The memory
 * holds twice the number, plus one when that is so, keyed by what identifies and how it is
 * written. */
wr_status store_entity(wr_store *s, const wr_entity *e, wr_str name, int64_t *id, bool *is_label) {
    uint64_t seen =
        store_map_key(&s->entities, name,
                      store_map_key(&s->entities, e->type, store_map_key(&s->entities, e->id, 0)));
    int64_t value;
    if (store_map_get(&s->entities, seen, &value)) {
        *id = value >> 1;
        *is_label = value & 1;
        return WR_OK;
    }
    wr_str key;
    WR_TRY(key_of(s, e, &key));
    WR_TRY(find_entity(s, e, key, id, is_label));
    store_map_put(&s->entities, seen, *id * 2 + *is_label);
    return WR_OK;
}

wr_status store_alias(wr_store *s, int64_t entity, wr_str alias) {
    if (alias.len == 0 || alias.len > ALIAS_MAX) return WR_OK;
    uint64_t seen = store_map_key(&s->aliases, alias, (uint64_t)entity);
    int64_t ignored;
    if (store_map_get(&s->aliases, seen, &ignored)) return WR_OK;
    sqlite3_bind_int64(s->stmts[STMT_ALIAS_PUT], 1, entity);
    store_bind_text(s->stmts[STMT_ALIAS_PUT], 2, alias);
    WR_TRY(store_run(s, STMT_ALIAS_PUT, "adding an alias"));
    store_map_put(&s->aliases, seen, 1);
    return WR_OK;
}

/* ---- mentions ---- */

static int per_mille(double confidence) {
    if (!(confidence > 0)) return 0;
    return confidence >= 1 ? 1000 : (int)lround(confidence * 1000);
}

/* The paragraph that holds byte `at`: paras are in order. */
static size_t para_of(const wr_article *a, uint64_t at) {
    size_t low = 0, high = a->n_paras;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (a->paras[mid].end <= at) low = mid + 1;
        else high = mid;
    }
    return low;
}

static bool span_ok(const wr_article *a, uint64_t start, uint64_t end) {
    return start < end && end <= a->text.len;
}

static void add_mentions(wr_store *s, const wr_article *a, const wr_entity *e, store_count *count) {
    size_t last = SIZE_MAX;
    wr_buf *json = &s->json;
    wr_buf_add_char(json, '[');
    for (size_t i = 0; i < e->n_mentions; i++) {
        const wr_mention *m = &e->mentions[i];
        if (!span_ok(a, m->start, m->end)) {
            s->counts.spans_dropped++;
            continue;
        }
        wr_json_comma(json);
        wr_buf_add_char(json, '[');
        wr_json_uint(json, m->start);
        wr_buf_add_char(json, ',');
        wr_json_uint(json, m->end - m->start);
        if (per_mille(m->confidence) != per_mille(e->confidence)) {
            wr_buf_add_char(json, ',');
            wr_json_uint(json, (uint64_t)per_mille(m->confidence));
        }
        wr_buf_add_char(json, ']');
        size_t para = para_of(a, m->start);
        count->paragraphs += para != last;
        count->amount++;
        last = para;
    }
    wr_buf_add_char(json, ']');
}

static wr_status add_aliases(wr_store *s, const wr_article *a, const wr_entity *e, int64_t id) {
    for (size_t i = 0; i < e->n_mentions; i++) {
        const wr_mention *m = &e->mentions[i];
        if (!span_ok(a, m->start, m->end)) continue;
        wr_str words = wr_str_slice(a->text, m->start, m->end);
        if (wr_str_eq(words, e->name) || memchr(words.ptr, '\n', words.len)) continue;
        WR_TRY(store_alias(s, id, words));
    }
    return WR_OK;
}

static void add_member(wr_buf *json, const char *key, wr_str value) {
    if (value.len == 0) return;
    wr_json_key(json, key);
    wr_json_str(json, value);
}

static wr_status add_rest(wr_buf *json, const wr_entity *e) {
    if (!e->role.len && !e->country.len && !e->origin.len && !e->n_candidates && !e->n_extra)
        return WR_OK;
    wr_buf_add(json, ",{", 2);
    add_member(json, "role", e->role);
    add_member(json, "country", e->country);
    add_member(json, "origin", e->origin);
    if (e->n_candidates) {
        wr_json_key(json, "candidates");
        wr_buf_add_char(json, '[');
        for (size_t i = 0; i < e->n_candidates; i++) {
            wr_json_comma(json);
            wr_buf_add_char(json, '{');
            add_member(json, "name", e->candidates[i].name);
            add_member(json, "id", e->candidates[i].value);
            wr_buf_add_char(json, '}');
        }
        wr_buf_add_char(json, ']');
    }
    if (e->n_extra) {
        wr_json_key(json, "extra");
        WR_TRY(wr_json_extra(json, e->extra, e->n_extra));
    }
    wr_buf_add_char(json, '}');
    return WR_OK;
}

/* [number, name or 0, per mille, [[start, length, per mille when another], ...], {rest}] */
static wr_status add_entity(wr_store *s, const wr_article *a, const wr_entity *e, int64_t *id,
                            store_count *count) {
    bool is_label;
    WR_TRY(store_entity(s, e, e->name, id, &is_label));
    wr_buf *json = &s->json;
    wr_json_comma(json);
    wr_buf_add_char(json, '[');
    wr_json_int(json, *id);
    wr_buf_add_char(json, ',');
    if (is_label) wr_buf_add_char(json, '0');
    else wr_json_str(json, e->name);
    wr_buf_add_char(json, ',');
    wr_json_uint(json, (uint64_t)per_mille(e->confidence));
    wr_buf_add_char(json, ',');
    *count = (store_count){.owner = *id, .articles = 1, .unique = 1};
    add_mentions(s, a, e, count);
    WR_TRY(add_rest(json, e));
    wr_buf_add_char(json, ']');
    return add_aliases(s, a, e, *id);
}

/* An article may list one thing twice under two names: it counts once as an article. */
static bool seen_before(const int64_t *ids, size_t n, int64_t id) {
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id) return true;
    return false;
}

static void add_term(wr_buf *terms, char kind, int64_t id) {
    if (terms->len) wr_buf_add_char(terms, ' ');
    wr_buf_add_char(terms, kind);
    wr_json_int(terms, id);
}

static wr_status add_entities(wr_store *s, const wr_article *a, wr_str day, int64_t *ids) {
    wr_buf_clear(&s->json);
    wr_buf_add_char(&s->json, '[');
    for (size_t i = 0; i < a->n_entities; i++) {
        store_count count;
        WR_TRY(add_entity(s, a, &a->entities[i], &ids[i], &count));
        if (seen_before(ids, i, ids[i])) count.articles = count.unique = 0;
        else add_term(&s->terms, 'e', ids[i]);
        WR_TRY(store_tally_add(s, &s->entity_days, day, &count));
    }
    wr_buf_add_char(&s->json, ']');
    return s->json.status;
}

/* ---- quotes and dates ---- */

static wr_status put_quote(wr_store *s, const wr_article *a, const wr_quote *q, int64_t article,
                           size_t n, int64_t speaker) {
    sqlite3_stmt *stmt = s->stmts[STMT_QUOTE_PUT];
    bool same = !s->offsets_only && wr_str_eq(q->text, wr_str_slice(a->text, q->start, q->end));
    bool named = span_ok(a, q->speaker_start, q->speaker_end);
    sqlite3_bind_int64(stmt, 1, article);
    store_bind_uint(stmt, 2, n);
    store_bind_uint(stmt, 3, q->start);
    store_bind_uint(stmt, 4, q->end);
    store_bind_str(stmt, 5, q->kind);
    if (speaker) sqlite3_bind_int64(stmt, 6, speaker);
    else sqlite3_bind_null(stmt, 6);
    store_bind_str(stmt, 7, q->speaker);
    store_bind_uint(stmt, 8, named ? q->speaker_start : 0);
    store_bind_uint(stmt, 9, named ? q->speaker_end : 0);
    store_bind_str(stmt, 10, q->cue);
    sqlite3_bind_double(stmt, 11, per_mille(q->confidence) / 1000.0);
    store_bind_str(stmt, 12, same || s->offsets_only ? WR_STR("") : q->text);
    wr_buf_clear(&s->slug);
    WR_TRY(wr_json_extra(&s->slug, q->extra, q->n_extra));
    store_bind_json(stmt, 13, &s->slug);
    return store_run(s, STMT_QUOTE_PUT, "writing a quote");
}

static wr_status put_quotes(wr_store *s, const wr_article *a, int64_t article, const int64_t *ids,
                            size_t *n) {
    *n = 0;
    for (size_t i = 0; i < a->n_quotes; i++) {
        const wr_quote *q = &a->quotes[i];
        if (!span_ok(a, q->start, q->end)) {
            s->counts.spans_dropped++;
            continue;
        }
        int64_t speaker = q->entity > 0 && q->entity <= a->n_entities ? ids[q->entity - 1] : 0;
        WR_TRY(put_quote(s, a, q, article, *n, speaker));
        if (speaker) add_term(&s->terms, 's', speaker);
        ++*n;
    }
    return WR_OK;
}

static void add_dates(wr_buf *json, const wr_article *a) {
    wr_buf_clear(json);
    wr_buf_add_char(json, '[');
    for (size_t i = 0; i < a->n_dates; i++) {
        const wr_date *d = &a->dates[i];
        if (!span_ok(a, d->start, d->end)) continue;
        wr_json_comma(json);
        wr_buf_add_char(json, '[');
        wr_json_uint(json, d->start);
        wr_buf_add_char(json, ',');
        wr_json_uint(json, d->end);
        const wr_str texts[] = {d->value, d->type, d->basis};
        size_t n = wr_str_eq(d->basis, WR_STR("explicit")) ? 2 : 3; /* the usual one is left out */
        for (size_t k = 0; k < n; k++) {
            wr_buf_add_char(json, ',');
            wr_json_str(json, texts[k]);
        }
        wr_buf_add_char(json, ']');
    }
    wr_buf_add_char(json, ']');
}

wr_status store_put_tags(wr_store *s, const wr_article *a, int64_t id, int64_t source, wr_str day,
                         size_t *n_quotes) {
    int64_t *ids = wr_arena_array(s->arena, a->n_entities + 1, sizeof *ids);
    if (!ids) return WR_MEMORY;
    wr_buf_clear(&s->terms);
    add_term(&s->terms, 'h', source);
    WR_TRY(add_entities(s, a, day, ids));
    WR_TRY(put_quotes(s, a, id, ids, n_quotes));
    sqlite3_stmt *stmt = s->stmts[STMT_FACETS_PUT];
    if (s->terms.status != WR_OK) return s->terms.status;
    sqlite3_bind_int64(stmt, 1, id);
    store_bind_text(stmt, 2, wr_buf_str(&s->terms));
    WR_TRY(store_run(s, STMT_FACETS_PUT, "indexing entities"));
    add_dates(&s->slug, a);
    return s->slug.status;
}
