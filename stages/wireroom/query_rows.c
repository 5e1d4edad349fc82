/* query_rows.c -- the rows of an SQL statement as a table or as JSON lines */
#include "query.h"

#include <common/store/json.h>

#define COLUMNS_MAX 60
#define CELL_MAX    72 /* bytes of a text in a table */

typedef struct naming {
    output_column columns[COLUMNS_MAX];
    char keys[COLUMNS_MAX][48], titles[COLUMNS_MAX][48];
    bool is_json[COLUMNS_MAX];
    int n;
} naming;

/* A text as it fits a table: cut at a character, with an ellipsis. */
static wr_str cut(const query_job *job, wr_str text) {
    wr_str out = text;
    if (text.len <= CELL_MAX) return text;
    size_t len = CELL_MAX - 3;
    while (len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    if (wr_arena_printf(job->arena, &out, "%.*s\xe2\x80\xa6", (int)len, text.ptr) != WR_OK)
        out.len = len;
    return out;
}

static void name_columns(sqlite3_stmt *stmt, naming *n) {
    n->n = sqlite3_column_count(stmt);
    if (n->n > COLUMNS_MAX) n->n = COLUMNS_MAX;
    for (int i = 0; i < n->n; i++) {
        wr_str name = wr_str_c(sqlite3_column_name(stmt, i));
        n->is_json[i] = wr_str_ends(name, WR_STR("_json"));
        if (n->is_json[i]) name.len -= 5;
        snprintf(n->keys[i], sizeof n->keys[i], "%.*s", (int)name.len, name.ptr);
        for (size_t k = 0; k < sizeof n->titles[i]; k++) {
            char c = n->keys[i][k];
            n->titles[i][k] = c == '_' ? ' ' : (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
            if (c == 0) break;
        }
        int type = sqlite3_column_type(stmt, i);
        n->columns[i] = (output_column){n->keys[i], n->is_json[i] ? NULL : n->titles[i],
                                        type == SQLITE_INTEGER || type == SQLITE_FLOAT};
    }
}

static wr_str column_text(sqlite3_stmt *stmt, int i) {
    const char *text = (const char *)sqlite3_column_text(stmt, i);
    return wr_str_of(text, text ? (size_t)sqlite3_column_bytes(stmt, i) : 0);
}

static void print_cell(const query_job *job, output *out, sqlite3_stmt *stmt, const naming *n,
                       int i) {
    wr_str text = column_text(stmt, i);
    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_NULL: output_both(out, WR_STR(""), WR_STR("null")); break;
    case SQLITE_INTEGER: output_both(out, text, text); break;
    case SQLITE_FLOAT: {
        wr_buf number = WR_BUF_INIT(512);
        wr_json_real(&number, sqlite3_column_double(stmt, i), out->json ? 6 : 2);
        output_both(out, wr_buf_str(&number), wr_buf_str(&number));
        wr_buf_free(&number);
        break;
    }
    case SQLITE_BLOB: output_both(out, WR_STR("(bytes)"), WR_STR("null")); break;
    default:
        if (n->is_json[i]) output_both(out, WR_STR(""), text);
        else output_text(out, out->json ? text : cut(job, text));
    }
}

static wr_status print_rows(query_job *job, sqlite3_stmt *stmt) {
    naming names;
    output out;
    int rc = sqlite3_step(stmt);
    name_columns(stmt, &names);
    output_open(&out, stdout, job->set->json, names.columns, (size_t)names.n);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(stmt)) {
        for (int i = 0; i < names.n; i++)
            print_cell(job, &out, stmt, &names, i);
        wr_arena_reset(job->arena);
    }
    bool empty = out.n_rows == 0, table = !out.json;
    if (!output_close(&out)) return WR_IO;
    if (empty && table && (rc == SQLITE_DONE)) fputs("nothing found\n", stderr);
    return wr_store_status(rc);
}

wr_status query_rows(query_job *job, const char *sql, const char *const *parameters) {
    sqlite3_stmt *stmt = NULL;
    const char *rest = "";
    int rc = sqlite3_prepare_v2(job->db, sql, -1, &stmt, &rest);
    if (rc == SQLITE_OK && (!stmt || rest[strspn(rest, " \t\r\n;")])) {
        snprintf(job->why, sizeof job->why, "one statement is needed");
        sqlite3_finalize(stmt);
        return WR_USAGE;
    }
    for (int i = 0; rc == SQLITE_OK && parameters && parameters[i]; i++)
        rc = sqlite3_bind_text(stmt, i + 1, parameters[i], -1, SQLITE_STATIC);
    wr_status status = rc == SQLITE_OK ? print_rows(job, stmt) : wr_store_status(rc);
    if (status != WR_OK && status != WR_IO) {
        snprintf(job->why, sizeof job->why, "%.300s", sqlite3_errmsg(job->db));
        if (status == WR_INTERNAL || status == WR_DENIED) status = WR_USAGE;
    }
    sqlite3_finalize(stmt);
    return status;
}
