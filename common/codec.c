/* codec.c -- records to msgpack and back, driven by the schema's tables */
#include <wireroom/page.h>

#include <msgpack.h>

/* ---- encode ---- */

static int write_buf(void *data, const char *bytes, size_t len) {
    wr_buf *out = data;
    wr_buf_add(out, bytes, len);
    return out->status == WR_OK ? 0 : -1;
}

static const void *member(const void *base, size_t offset) {
    return (const char *)base + offset;
}

static bool is_set(const wr_field *f, const void *record) {
    const void *p = member(record, f->offset);
    switch (f->type) {
    case WR_FIELD_STR:
    case WR_FIELD_BIN: return ((const wr_str *)p)->len > 0;
    case WR_FIELD_UINT: return *(const uint64_t *)p != 0;
    case WR_FIELD_REAL: return *(const double *)p != 0;
    case WR_FIELD_LIST: return *(const size_t *)member(record, f->n_offset) > 0;
    }
    return false;
}

static void encode_record(msgpack_packer *pk, wr_buf *out, const wr_record *r, const void *record);

static void encode_field(msgpack_packer *pk, wr_buf *out, const wr_field *f, const void *record) {
    const void *p = member(record, f->offset);
    switch (f->type) {
    case WR_FIELD_STR: {
        const wr_str *s = p;
        msgpack_pack_str(pk, s->len);
        msgpack_pack_str_body(pk, s->ptr, s->len);
        break;
    }
    case WR_FIELD_BIN: {
        const wr_str *s = p;
        msgpack_pack_bin(pk, s->len);
        msgpack_pack_bin_body(pk, s->ptr, s->len);
        break;
    }
    case WR_FIELD_UINT: msgpack_pack_uint64(pk, *(const uint64_t *)p); break;
    case WR_FIELD_REAL: msgpack_pack_double(pk, *(const double *)p); break;
    case WR_FIELD_LIST: {
        size_t n = *(const size_t *)member(record, f->n_offset);
        const char *items = *(const char *const *)p;
        msgpack_pack_array(pk, n);
        for (size_t i = 0; i < n; i++)
            encode_record(pk, out, f->record, items + i * f->record->size);
        break;
    }
    }
}

static void encode_record(msgpack_packer *pk, wr_buf *out, const wr_record *r, const void *record) {
    size_t n_extra = *(const size_t *)member(record, r->n_extra_offset);
    size_t n = n_extra;
    for (size_t i = 0; i < r->n_fields; i++)
        n += is_set(&r->fields[i], record);
    msgpack_pack_map(pk, n);
    for (size_t i = 0; i < r->n_fields; i++) {
        const wr_field *f = &r->fields[i];
        if (!is_set(f, record)) continue;
        msgpack_pack_str(pk, f->key.len);
        msgpack_pack_str_body(pk, f->key.ptr, f->key.len);
        encode_field(pk, out, f, record);
    }
    if (n_extra) wr_buf_add_str(out, *(const wr_str *)member(record, r->extra_offset));
}

static wr_status encode(const wr_record *r, const void *record, wr_buf *out) {
    msgpack_packer pk;
    msgpack_packer_init(&pk, out, write_buf);
    encode_record(&pk, out, r, record);
    return out->status;
}

wr_status wr_page_encode(const wr_page *page, wr_buf *out) {
    return encode(wr_schema_find("page"), page, out);
}

wr_status wr_article_encode(const wr_article *article, wr_buf *out) {
    return encode(wr_schema_find("article"), article, out);
}

/* ---- decode ---- */

typedef struct decoder {
    wr_arena *arena;
    wr_str msg;
    wr_wire_error error;
} decoder;

static wr_status refuse(decoder *d, const char *at, const char *why) {
    d->error = (wr_wire_error){at ? (size_t)(at - d->msg.ptr) : 0, why};
    return WR_MALFORMED;
}

static wr_status decode_record(decoder *d, const wr_record *r, const msgpack_object *o, void *out);

static wr_status decode_list(decoder *d, const wr_field *f, const msgpack_object *o, void *record) {
    const msgpack_object_array *list = &o->via.array;
    if (list->size == 0) return WR_OK;
    char *items = wr_arena_array(d->arena, list->size, f->record->size);
    if (!items) return WR_MEMORY;
    for (size_t i = 0; i < list->size; i++)
        WR_TRY(decode_record(d, f->record, &list->ptr[i], items + i * f->record->size));
    memcpy((char *)record + f->offset, &items, sizeof items);
    *(size_t *)((char *)record + f->n_offset) = list->size;
    return WR_OK;
}

static wr_status decode_field(decoder *d, const wr_field *f, wr_str key, const msgpack_object *o,
                              void *record) {
    void *p = (char *)record + f->offset;
    switch (f->type) {
    case WR_FIELD_STR:
        if (o->type != MSGPACK_OBJECT_STR)
            return refuse(d, key.ptr, "a field that must be a string is not");
        *(wr_str *)p = wr_str_of(o->via.str.ptr, o->via.str.size);
        return WR_OK;
    case WR_FIELD_BIN:
        if (o->type != MSGPACK_OBJECT_BIN)
            return refuse(d, key.ptr, "a field that must be binary is not");
        *(wr_str *)p = wr_str_of(o->via.bin.ptr, o->via.bin.size);
        return WR_OK;
    case WR_FIELD_UINT:
        if (o->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
            return refuse(d, key.ptr, "a field that must be an unsigned integer is not");
        *(uint64_t *)p = o->via.u64;
        return WR_OK;
    case WR_FIELD_REAL:
        if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER) *(double *)p = (double)o->via.u64;
        else if (o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) *(double *)p = (double)o->via.i64;
        else if (o->type == MSGPACK_OBJECT_FLOAT64 || o->type == MSGPACK_OBJECT_FLOAT32)
            *(double *)p = o->via.f64;
        else return refuse(d, key.ptr, "a field that must be a number is not");
        return WR_OK;
    case WR_FIELD_LIST:
        if (o->type != MSGPACK_OBJECT_ARRAY)
            return refuse(d, key.ptr, "a field that must be an array is not");
        return decode_list(d, f, o, record);
    }
    return WR_INTERNAL;
}

/* Senders write fields in schema order, so the search begins after the last hit. */
static const wr_field *find_field(const wr_record *r, wr_str key, size_t *next) {
    for (size_t i = 0; i < r->n_fields; i++) {
        size_t at = *next + i < r->n_fields ? *next + i : *next + i - r->n_fields;
        if (wr_str_eq(r->fields[at].key, key)) {
            *next = at + 1 < r->n_fields ? at + 1 : 0;
            return &r->fields[at];
        }
    }
    return NULL;
}

static wr_status keep_extra(decoder *d, const wr_record *r, const wr_buf *extra, size_t n,
                            void *out) {
    if (n == 0) return WR_OK;
    if (extra->status != WR_OK) return extra->status;
    *(size_t *)((char *)out + r->n_extra_offset) = n;
    return wr_arena_copy(d->arena, wr_buf_str(extra), (wr_str *)((char *)out + r->extra_offset));
}

static wr_status decode_record(decoder *d, const wr_record *r, const msgpack_object *o, void *out) {
    if (o->type != MSGPACK_OBJECT_MAP) return refuse(d, NULL, "a record that must be a map is not");
    wr_buf extra = WR_BUF_INIT(d->msg.len * 9 + 64); /* a packed object grows at most ninefold */
    size_t next = 0, n_extra = 0;
    wr_status status = WR_OK;
    for (size_t i = 0; i < o->via.map.size && status == WR_OK; i++) {
        const msgpack_object_kv *kv = &o->via.map.ptr[i];
        const wr_field *f = NULL;
        wr_str key = {0};
        if (kv->key.type == MSGPACK_OBJECT_STR) {
            key = wr_str_of(kv->key.via.str.ptr, kv->key.via.str.size);
            f = find_field(r, key, &next);
        }
        if (f) {
            status = decode_field(d, f, key, &kv->val, out);
            continue;
        }
        msgpack_packer pk;
        msgpack_packer_init(&pk, &extra, write_buf);
        msgpack_pack_object(&pk, kv->key);
        msgpack_pack_object(&pk, kv->val);
        n_extra++;
    }
    if (status == WR_OK) status = keep_extra(d, r, &extra, n_extra, out);
    wr_buf_free(&extra);
    return status;
}

static wr_status decode(wr_arena *arena, wr_str msg, const wr_record *r, void *out,
                        wr_wire_error *error) {
    memset(out, 0, r->size);
    WR_TRY(wr_wire_check(msg, error));
    decoder d = {.arena = arena, .msg = msg};
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t used = 0;
    wr_status status;
    switch (msgpack_unpack_next(&unpacked, msg.ptr, msg.len, &used)) {
    case MSGPACK_UNPACK_SUCCESS: status = decode_record(&d, r, &unpacked.data, out); break;
    case MSGPACK_UNPACK_NOMEM_ERROR: status = WR_MEMORY; break;
    default: status = refuse(&d, msg.ptr + used, "msgpack refuses the message"); break;
    }
    msgpack_unpacked_destroy(&unpacked);
    if (error) *error = d.error;
    return status;
}

wr_status wr_page_decode(wr_arena *arena, wr_str msg, wr_page *out, wr_wire_error *error) {
    return decode(arena, msg, wr_schema_find("page"), out, error);
}

wr_status wr_article_decode(wr_arena *arena, wr_str msg, wr_article *out, wr_wire_error *error) {
    return decode(arena, msg, wr_schema_find("article"), out, error);
}
