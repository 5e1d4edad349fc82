/* json_pack.c -- parsed JSON as msgpack */
#include <common/store/stream.h>

#include <msgpack.h>

static int write_buf(void *data, const char *bytes, size_t len) {
    wr_buf *out = data;
    wr_buf_add(out, bytes, len);
    return out->status == WR_OK ? 0 : -1;
}

static void pack_str(msgpack_packer *pk, wr_str s) {
    msgpack_pack_str(pk, s.len);
    msgpack_pack_str_body(pk, s.ptr ? s.ptr : "", s.len);
}

static void pack(msgpack_packer *pk, const wr_json *v) { /* wr_json_parse bounds the depth */
    switch (v->type) {
    case WR_JSON_NULL: msgpack_pack_nil(pk); break;
    case WR_JSON_FALSE: msgpack_pack_false(pk); break;
    case WR_JSON_TRUE: msgpack_pack_true(pk); break;
    case WR_JSON_NUMBER:
        if (v->number >= 0 && v->number <= 9007199254740992.0 &&
            v->number == (double)(uint64_t)v->number)
            msgpack_pack_uint64(pk, (uint64_t)v->number);
        else msgpack_pack_double(pk, v->number);
        break;
    case WR_JSON_STRING: pack_str(pk, v->string); break;
    case WR_JSON_ARRAY:
        msgpack_pack_array(pk, v->n);
        for (const wr_json *item = v->items; item; item = item->next)
            pack(pk, item);
        break;
    case WR_JSON_OBJECT:
        msgpack_pack_map(pk, v->n);
        for (const wr_json *item = v->items; item; item = item->next) {
            pack_str(pk, item->key);
            pack(pk, item);
        }
        break;
    }
}

wr_status wr_json_pack(wr_buf *out, const wr_json *value) {
    msgpack_packer pk;
    msgpack_packer_init(&pk, out, write_buf);
    pack(&pk, value);
    return out->status;
}
