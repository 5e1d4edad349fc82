/* config.c -- YAML events to a flat list
 *
 * On libyaml's own parser: a binding layer above it would report where the parser stood when it
 * noticed, which is the token before the wrong one. */
#include <common/config.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <yaml.h>

#define FILE_MAX    ((size_t)1 << 20)
#define ENTRIES_MAX 4096u

typedef struct walk {
    wr_arena *arena;
    const char *file;
    yaml_document_t *document;
    wr_config *out;
    wr_buf *error;
    const char *keys[WR_CONFIG_DEPTH], *origins[WR_CONFIG_DEPTH];
    size_t n_keys;
} walk;

static wr_status complain(walk *w, yaml_mark_t at, const char *what, const char *name) {
    if (w->error)
        wr_buf_printf(w->error, "%s:%zu:%zu: %s%s%s\n", w->file, at.line + 1, at.column + 1, what,
                      name ? ": " : "", name ? name : "");
    return WR_USAGE;
}

static wr_status copy_text(walk *w, const yaml_node_t *node, const char **out) {
    wr_str copy;
    wr_str text = wr_str_of((const char *)node->data.scalar.value, node->data.scalar.length);
    if (memchr(text.ptr, 0, text.len))
        return complain(w, node->start_mark, "a zero byte in a value", NULL);
    WR_TRY(wr_arena_copy(w->arena, text, &copy));
    *out = copy.ptr;
    return WR_OK;
}

static wr_status origin_of(walk *w, yaml_mark_t at, const char **out) {
    wr_str text;
    WR_TRY(wr_arena_printf(w->arena, &text, "%s:%zu:%zu", w->file, at.line + 1, at.column + 1));
    *out = text.ptr;
    return WR_OK;
}

static wr_status add(walk *w, const yaml_node_t *node, bool in_list) {
    if (w->out->n >= ENTRIES_MAX) return complain(w, node->start_mark, "too many values", NULL);
    wr_config_entry *e = WR_PUSH(w->arena, w->out->entries, w->out->n, w->out->cap);
    if (!e) return WR_MEMORY;
    memcpy(e->keys, w->keys, sizeof e->keys);
    e->n_keys = w->n_keys;
    e->in_list = in_list;
    memcpy(e->origins, w->origins, sizeof e->origins);
    e->value = "";
    if (node->type == YAML_SCALAR_NODE) WR_TRY(copy_text(w, node, &e->value));
    return origin_of(w, node->start_mark, &e->origin);
}

static wr_status walk_value(walk *w, yaml_node_t *node);

static wr_status check_key(walk *w, const yaml_node_t *map, const yaml_node_pair_t *pair) {
    const yaml_node_t *key = yaml_document_get_node(w->document, pair->key);
    if (key->type != YAML_SCALAR_NODE || !key->data.scalar.length)
        return complain(w, key->start_mark, "a key is a plain word", NULL);
    if (w->n_keys == WR_CONFIG_DEPTH) return complain(w, key->start_mark, "nested too deep", NULL);
    for (const yaml_node_pair_t *other = map->data.mapping.pairs.start; other < pair; other++) {
        const yaml_node_t *before = yaml_document_get_node(w->document, other->key);
        if (before->data.scalar.length == key->data.scalar.length &&
            memcmp(before->data.scalar.value, key->data.scalar.value, key->data.scalar.length) == 0)
            return complain(w, key->start_mark, "given twice",
                            (const char *)key->data.scalar.value);
    }
    return WR_OK;
}

static wr_status walk_map(walk *w, const yaml_node_t *node) {
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
         p++) {
        WR_TRY(check_key(w, node, p));
        const yaml_node_t *key = yaml_document_get_node(w->document, p->key);
        WR_TRY(copy_text(w, key, &w->keys[w->n_keys]));
        WR_TRY(origin_of(w, key->start_mark, &w->origins[w->n_keys]));
        w->n_keys++;
        WR_TRY(walk_value(w, yaml_document_get_node(w->document, p->value)));
        w->n_keys--;
    }
    return WR_OK;
}

static wr_status walk_list(walk *w, const yaml_node_t *node) {
    for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top;
         i++) {
        const yaml_node_t *item = yaml_document_get_node(w->document, *i);
        if (item->type != YAML_SCALAR_NODE)
            return complain(w, item->start_mark, "a list holds plain values", NULL);
        WR_TRY(add(w, item, true));
    }
    return WR_OK;
}

/* As deep as keys nest (WR_CONFIG_DEPTH), whatever aliases make of the document. */
static wr_status walk_value(walk *w, yaml_node_t *node) {
    switch (node->type) {
    case YAML_MAPPING_NODE: return walk_map(w, node);
    case YAML_SEQUENCE_NODE: return walk_list(w, node);
    case YAML_SCALAR_NODE: return add(w, node, false);
    case YAML_NO_NODE: break;
    }
    return WR_INTERNAL;
}

static wr_status parse(walk *w, wr_str text) {
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser)) return WR_MEMORY;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    wr_status status = WR_OK;
    if (!yaml_parser_load(&parser, &document)) {
        status = parser.error == YAML_MEMORY_ERROR
                     ? WR_MEMORY
                     : complain(w, parser.problem_mark, parser.problem, NULL);
        yaml_parser_delete(&parser);
        return status;
    }
    w->document = &document;
    yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root && root->type == YAML_MAPPING_NODE) status = walk_map(w, root);
    else if (root && !(root->type == YAML_SCALAR_NODE && !root->data.scalar.length))
        status = complain(w, root->start_mark, "expected \"key: value\"", NULL);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    return status;
}

wr_status wr_config_parse(wr_arena *arena, const char *file, wr_str text, wr_config *out,
                          wr_buf *error) {
    *out = (wr_config){0};
    walk w = {.arena = arena, .file = file, .out = out, .error = error};
    return text.len ? parse(&w, text) : WR_OK;
}

static wr_status fail(const char *file, wr_buf *error) {
    wr_status status = errno == ENOENT || errno == ENOTDIR ? WR_NOTFOUND
                       : errno == EACCES                   ? WR_DENIED
                                                           : WR_IO;
    if (error) wr_buf_printf(error, "%s: %s\n", file, strerror(errno));
    return status;
}

wr_status wr_config_read(wr_arena *arena, const char *file, wr_config *out, wr_buf *error) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(file, error);
    wr_buf text = WR_BUF_INIT(FILE_MAX);
    ssize_t got = 1;
    while (got > 0 && wr_buf_reserve(&text, 4096)) {
        got = read(fd, text.ptr + text.len, 4096);
        if (got > 0) text.len += (size_t)got;
    }
    wr_status status = got < 0 ? fail(file, error) : text.status;
    close(fd);
    if (status == WR_LIMIT && error) wr_buf_printf(error, "%s: larger than 1 MiB\n", file);
    if (status == WR_OK) status = wr_config_parse(arena, file, wr_buf_str(&text), out, error);
    wr_buf_free(&text);
    return status;
}
