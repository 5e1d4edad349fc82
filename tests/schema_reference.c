/* schema_reference.c -- prints include/wireroom/SCHEMA.md from the tables of the schema */
#include <wireroom/page.h>

#include <stdio.h>

static const char *const type_names[] = {
    [WR_FIELD_STR] = "str",
    [WR_FIELD_BIN] = "bin",
    [WR_FIELD_UINT] = "uint",
    [WR_FIELD_REAL] = "float",
};

static void print_record(const wr_record *r) {
    printf("\n## %s\n\n%s.\n\n| key | type | meaning |\n|---|---|---|\n", r->name, r->doc);
    for (size_t i = 0; i < r->n_fields; i++) {
        const wr_field *f = &r->fields[i];
        printf("| `%.*s` | ", (int)f->key.len, f->key.ptr);
        if (f->type == WR_FIELD_LIST)
            printf("array of [%s](#%s)", f->record->name, f->record->name);
        else printf("%s", type_names[f->type]);
        printf(" | %s |\n", f->doc);
    }
}

int main(void) {
    static const struct {
        unsigned bit;
        const char *name, *doc;
    } flags[] = {
#define F(NAME, bit, doc) {bit, #NAME, doc},
#include <wireroom/block_flags.def>
#undef F
    };
    static const struct {
        const char *label;
        int kept;
        const char *doc;
    } labels[] = {
#define L(label, kept, doc) {#label, kept, doc},
#include <wireroom/block_labels.def>
#undef L
    };

    puts("# Messages, field by field\n\n"
         "Generated from `schema.def`, `block_flags.def` and `block_labels.def` by `scripts/docs`; "
         "do "
         "not edit.\n\n"
         "Each record is a msgpack map with string keys. A field that is empty or 0 is not sent. "
         "Readers "
         "skip keys\nthey do not know and send them on with the record. Offsets are bytes, ranges "
         "are "
         "half open `[start, end)`.\nThe message between stages is a [page](#page).");
    size_t n;
    (void)wr_schema(&n, 0);
    for (size_t i = n; i-- > 0;)
        print_record(wr_schema(&n, i));
    puts("\n## Flags of a block\n\n| bit | name | meaning |\n|---|---|---|");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        printf("| %u | %s | %s |\n", flags[i].bit, flags[i].name, flags[i].doc);
    puts("\n## Labels of a block\n\n| label | kept | meaning |\n|---|---|---|");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        printf("| `%s` | %s | %s |\n", labels[i].label, labels[i].kept ? "yes" : "no",
               labels[i].doc);
    return 0;
}
