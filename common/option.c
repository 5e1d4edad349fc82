/* option.c -- values of options: from text, environment and argv into the structs */
#include <wireroom/option.h>

#include <stdio.h>
#include <stdlib.h>

#define NAME_MAX_BYTES 63

/* ---- numbers ---- */

wr_status wr_parse_int(wr_str text, int64_t *out) {
    bool minus = text.len && *text.ptr == '-';
    if (minus) text = wr_str_slice(text, 1, text.len);
    if (text.len == 0) return WR_USAGE;
    uint64_t v = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!wr_is_digit(text.ptr[i])) return WR_USAGE;
        unsigned digit = (unsigned)(text.ptr[i] - '0');
        if (v > ((uint64_t)INT64_MAX - digit) / 10) return WR_USAGE;
        v = v * 10 + digit;
    }
    *out = minus ? -(int64_t)v : (int64_t)v;
    return WR_OK;
}

typedef struct unit {
    const char *name;
    uint64_t factor;
} unit;

/* A whole number and a unit of the table (its last row has no name: the factor of a bare number).
 */
static wr_status parse_with_unit(wr_str text, const unit *units, uint64_t *out) {
    size_t digits = 0;
    while (digits < text.len && wr_is_digit(text.ptr[digits]))
        digits++;
    wr_str tail = wr_str_slice(text, digits, text.len);
    const unit *u = units;
    while (u->name && !wr_str_eq_nocase(tail, wr_str_c(u->name)))
        u++;
    if (!u->name && tail.len) return WR_USAGE;
    int64_t v;
    WR_TRY(wr_parse_int(wr_str_slice(text, 0, digits), &v));
    if ((uint64_t)v > (uint64_t)INT64_MAX / u->factor) return WR_USAGE;
    *out = (uint64_t)v * u->factor;
    return WR_OK;
}

wr_status wr_parse_size(wr_str text, uint64_t *out) {
    static const unit units[] = {{"k", 1u << 10}, {"m", 1u << 20}, {"g", 1u << 30}, {NULL, 1}};
    return parse_with_unit(text, units, out);
}

wr_status wr_parse_duration(wr_str text, uint64_t *out_ms) {
    static const unit units[] = {{"ms", 1},      {"s", 1000},      {"m", 60000},
                                 {"h", 3600000}, {"d", 86400000u}, {NULL, 1000}};
    return parse_with_unit(text, units, out_ms);
}

static wr_status parse_flag(wr_str text, bool *out) {
    static const char *const yes[] = {"1", "yes", "true", "on"};
    static const char *const no[] = {"0", "no", "false", "off"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        *out = wr_str_eq_nocase(text, wr_str_c(yes[i]));
        if (*out || wr_str_eq_nocase(text, wr_str_c(no[i]))) return WR_OK;
    }
    return WR_USAGE;
}

/* ---- did you mean ---- */

bool wr_nearer(wr_str word, wr_str candidate, size_t *distance) {
    size_t row[NAME_MAX_BYTES + 1];
    if (word.len > NAME_MAX_BYTES || candidate.len > NAME_MAX_BYTES) return false;
    for (size_t j = 0; j <= candidate.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= word.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= candidate.len; j++) {
            bool same = wr_lower(word.ptr[i - 1]) == wr_lower(candidate.ptr[j - 1]);
            size_t best = diagonal + !same;
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    size_t shorter = word.len < candidate.len ? word.len : candidate.len;
    if (row[candidate.len] > 1 + shorter / 4 || row[candidate.len] >= *distance) return false;
    *distance = row[candidate.len];
    return true;
}

static void suggest(const wr_option_group *groups, size_t n_groups, wr_str name, const char *dashes,
                    wr_buf *error) {
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++)
            if (wr_nearer(name, wr_str_c(o->name), &distance)) best = o->name;
    if (best && error) wr_buf_printf(error, " (did you mean \"%s%s\"?)", dashes, best);
}

/* ---- one value ---- */

static bool is_number(wr_option_type type) {
    return type == WR_OPTION_INT || type == WR_OPTION_SIZE || type == WR_OPTION_DURATION;
}

static wr_status parse_number(const wr_option *o, wr_str text, int64_t *out) {
    uint64_t v = 0;
    if (o->type == WR_OPTION_INT) WR_TRY(wr_parse_int(text, out));
    else if (o->type == WR_OPTION_SIZE) WR_TRY(wr_parse_size(text, &v));
    else WR_TRY(wr_parse_duration(text, &v));
    if (o->type != WR_OPTION_INT) *out = (int64_t)v;
    return (o->min || o->max) && (*out < o->min || *out > o->max) ? WR_LIMIT : WR_OK;
}

static void list_clear(wr_list *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i]);
    free(list->items);
    *list = (wr_list){0};
}

static wr_status list_add(wr_list *list, wr_str text) {
    for (size_t at = 0; at < text.len;) {
        size_t comma = wr_str_find_char(text, at, ',');
        wr_str item = wr_str_trim(wr_str_slice(text, at, comma));
        at = comma + 1;
        if (item.len == 0) continue;
        char **grown = realloc(list->items, (list->n + 1) * sizeof *grown);
        if (!grown) return WR_MEMORY;
        list->items = grown;
        char *copy = strndup(item.ptr, item.len);
        if (!copy) return WR_MEMORY;
        list->items[list->n++] = copy;
    }
    return WR_OK;
}

static wr_status assign(const wr_option *o, void *into, const char *value, bool add) {
    char *member = (char *)into + o->offset;
    wr_str text = wr_str_c(value);
    int64_t number;
    bool flag;
    switch (o->type) {
    case WR_OPTION_FLAG:
        WR_TRY(parse_flag(text, &flag));
        memcpy(member, &flag, sizeof flag);
        return WR_OK;
    case WR_OPTION_INT:
    case WR_OPTION_SIZE:
    case WR_OPTION_DURATION:
        WR_TRY(parse_number(o, text, &number));
        memcpy(member, &number, sizeof number);
        return WR_OK;
    case WR_OPTION_STRING:
    case WR_OPTION_PATH: memcpy(member, &value, sizeof value); return WR_OK;
    case WR_OPTION_LIST: {
        wr_list list;
        memcpy(&list, member, sizeof list);
        if (!add) list_clear(&list);
        wr_status status = list_add(&list, text);
        memcpy(member, &list, sizeof list);
        return status;
    }
    case WR_OPTION_END: break;
    }
    return WR_INTERNAL;
}

static void write_bound(const wr_option *o, int64_t v, wr_buf *out) {
    static const unit sizes[] = {{"G", 1u << 30}, {"M", 1u << 20}, {"k", 1u << 10}, {"", 1}};
    static const unit times[] = {
        {"d", 86400000u}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
    const unit *u = o->type == WR_OPTION_SIZE ? sizes : times;
    if (o->type == WR_OPTION_INT || v == 0) {
        wr_buf_printf(out, "%lld", (long long)v);
        return;
    }
    while (u->factor > 1 && (uint64_t)v % u->factor)
        u++;
    wr_buf_printf(out, "%llu%s", (unsigned long long)((uint64_t)v / u->factor), u->name);
}

static const char *const wanted[] = {
    [WR_OPTION_FLAG] = "yes or no",
    [WR_OPTION_INT] = "a whole number",
    [WR_OPTION_SIZE] = "a size such as 64k, 16M or 2G",
    [WR_OPTION_DURATION] = "a duration such as 250ms, 2s, 5m or 1h",
};

static void complain(const wr_option *o, wr_status status, const char *value, const char *origin,
                     wr_buf *error) {
    if (!error) return;
    if (status == WR_MEMORY) {
        wr_buf_printf(error, "%s: %s\n", origin, wr_status_text(status));
        return;
    }
    wr_buf_printf(error, "%s: \"%s\" is not %s", origin, value, wanted[o->type]);
    if (is_number(o->type) && (o->min || o->max)) {
        wr_buf_printf(error, " from ");
        write_bound(o, o->min, error);
        wr_buf_printf(error, " to ");
        write_bound(o, o->max, error);
    }
    wr_buf_add_char(error, '\n');
}

static wr_status set_row(const wr_option *o, void *into, const char *value, const char *origin,
                         bool add, wr_buf *error) {
    wr_status status = assign(o, into, value, add);
    if (status == WR_OK) return WR_OK;
    complain(o, status, value, origin, error);
    return status == WR_MEMORY ? WR_MEMORY : WR_USAGE;
}

static const wr_option *find(const wr_option_group *groups, size_t n_groups, wr_str name,
                             void **into) {
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++)
            if (wr_str_eq(wr_str_c(o->name), name)) {
                *into = groups[g].into;
                return o;
            }
    return NULL;
}

/* ---- sources of values ---- */

wr_status wr_options_default(const wr_option_group *groups, size_t n_groups) {
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++) {
            static const size_t sizes[] = {
                [WR_OPTION_FLAG] = sizeof(bool),     [WR_OPTION_INT] = sizeof(int64_t),
                [WR_OPTION_SIZE] = sizeof(uint64_t), [WR_OPTION_DURATION] = sizeof(uint64_t),
                [WR_OPTION_STRING] = sizeof(char *), [WR_OPTION_PATH] = sizeof(char *),
                [WR_OPTION_LIST] = sizeof(wr_list)};
            memset((char *)groups[g].into + o->offset, 0, sizes[o->type]);
            if (o->initial && assign(o, groups[g].into, o->initial, false) != WR_OK)
                return WR_USAGE;
        }
    return WR_OK;
}

wr_status wr_options_set(const wr_option_group *groups, size_t n_groups, const char *name,
                         const char *value, const char *origin, wr_buf *error) {
    void *into;
    const wr_option *o = find(groups, n_groups, wr_str_c(name), &into);
    if (o) return set_row(o, into, value, origin, false, error);
    if (error) {
        wr_buf_printf(error, "%s: no option \"%s\"", origin, name);
        suggest(groups, n_groups, wr_str_c(name), "", error);
        wr_buf_add_char(error, '\n');
    }
    return WR_NOTFOUND;
}

wr_str wr_option_env(const char *name, char *out) {
    size_t at = (size_t)snprintf(out, WR_OPTION_ENV_SIZE, "WIREROOM_");
    for (const char *c = name; *c && at < WR_OPTION_ENV_SIZE - 1; c++)
        out[at++] = *c == '-' ? '_' : (char)(wr_is_alpha(*c) ? *c & ~32 : *c);
    out[at] = 0;
    return wr_str_of(out, at);
}

wr_status wr_options_env(const wr_option_group *groups, size_t n_groups, wr_buf *error) {
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++) {
            char name[WR_OPTION_ENV_SIZE];
            const char *value = getenv(wr_option_env(o->name, name).ptr);
            if (value) WR_TRY(set_row(o, groups[g].into, value, name, false, error));
        }
    return WR_OK;
}

typedef struct reader {
    const wr_option_group *groups;
    size_t n_groups;
    char **argv;
    int argc, at;
    const wr_option *given[128]; /* options seen, so that a list's second value adds */
    size_t n_given;
    wr_buf *error;
} reader;

static bool seen_before(reader *r, const wr_option *o) {
    for (size_t i = 0; i < r->n_given; i++)
        if (r->given[i] == o) return true;
    if (r->n_given < sizeof r->given / sizeof *r->given) r->given[r->n_given++] = o;
    return false;
}

static wr_status unknown_option(reader *r, wr_str name) {
    if (r->error) {
        wr_buf_printf(r->error, "no option --%.*s", (int)name.len, name.ptr);
        suggest(r->groups, r->n_groups, name, "--", r->error);
        wr_buf_add_char(r->error, '\n');
    }
    return WR_USAGE;
}

static wr_status read_option(reader *r) {
    wr_str word = wr_str_c(r->argv[r->at] + 2);
    size_t equals = wr_str_find_char(word, 0, '=');
    wr_str name = wr_str_slice(word, 0, equals);
    const char *value = equals < word.len ? word.ptr + equals + 1 : NULL;
    void *into;
    const wr_option *o = find(r->groups, r->n_groups, name, &into);
    if (!o && !value && wr_str_starts(name, WR_STR("no-"))) {
        o = find(r->groups, r->n_groups, wr_str_slice(name, 3, name.len), &into);
        if (o && o->type == WR_OPTION_FLAG) value = "no";
        else o = NULL;
    }
    if (!o) return unknown_option(r, name);
    if (!value && o->type == WR_OPTION_FLAG) value = "yes";
    if (!value && r->at + 1 < r->argc) value = r->argv[++r->at];
    char origin[NAME_MAX_BYTES + 16];
    snprintf(origin, sizeof origin, "--%s", o->name);
    if (value) return set_row(o, into, value, origin, seen_before(r, o), r->error);
    if (r->error) wr_buf_printf(r->error, "%s: a value is missing\n", origin);
    return WR_USAGE;
}

wr_status wr_options_argv(const wr_option_group *groups, size_t n_groups, int argc, char **argv,
                          int *n_operands, wr_buf *error) {
    reader r = {.groups = groups, .n_groups = n_groups, .argv = argv, .argc = argc, .error = error};
    *n_operands = 0;
    bool options = true;
    for (r.at = 1; r.at < argc; r.at++) {
        char *word = argv[r.at];
        if (options && strcmp(word, "--") == 0) options = false;
        else if (options && word[0] == '-' && word[1] == '-') WR_TRY(read_option(&r));
        else if (options && word[0] == '-' && word[1]) {
            if (error) wr_buf_printf(error, "no option %s (options begin with --)\n", word);
            return WR_USAGE;
        } else argv[1 + (*n_operands)++] = word;
    }
    return WR_OK;
}

void wr_options_free(const wr_option_group *groups, size_t n_groups) {
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++)
            if (o->type == WR_OPTION_LIST) {
                wr_list list;
                memcpy(&list, (char *)groups[g].into + o->offset, sizeof list);
                list_clear(&list);
                memset((char *)groups[g].into + o->offset, 0, sizeof list);
            }
}
