/* output.h -- results: a table for people, JSON lines for programs
 *
 * A table on a terminal, JSON lines in a pipe or with --json. The same calls give both: columns
 * have a key (JSON) and a title (table), cells are added row by row. Colour only on a terminal,
 * never with NO_COLOR. */
#ifndef WIREROOM_OUTPUT_H
#define WIREROOM_OUTPUT_H

#include <wireroom/buf.h>

#include <stdio.h>

typedef struct output_column {
    const char *key;   /* of the JSON object */
    const char *title; /* NULL: not in the table */
    bool right;        /* numbers stand right */
} output_column;

typedef struct output {
    bool json, colour;
    FILE *to;
    const output_column *columns;
    size_t n_columns;
    wr_buf cells; /* table: the cells so far, each ended by a zero byte */
    wr_buf line;  /* JSON: the row so far */
    size_t at, n_rows;
} output;

/* `json` as the option says; decides what the output is. `columns` are borrowed. */
void output_open(output *out, FILE *to, bool json, const output_column *columns, size_t n_columns);

/* The next cell of the row. After the last column the row is complete. Text of any bytes. */
void output_text(output *out, wr_str text);
void output_number(output *out, uint64_t number);
void output_real(output *out, double number);
/* A cell that is shown as `text` and is the JSON value `json` (written as it is). */
void output_both(output *out, wr_str text, wr_str json);

/* Prints the table (JSON lines were printed row by row). Returns false when writing failed. */
bool output_close(output *out);

/* Columns a text takes on a terminal. */
size_t output_width(wr_str text);

/* True when standard error is a terminal: progress may be shown there. */
bool output_progress(void);

/* Escape sequences, empty without colour: "\033[31m" and so on. */
const char *output_red(const output *out);
const char *output_yellow(const output *out);
const char *output_bold(const output *out);
const char *output_plain(const output *out);

/* `text` for a terminal, appended: nothing that moves the cursor. */
void output_safe(wr_buf *to, wr_str text);

/* `text` as a JSON string, appended. */
void output_json_string(wr_buf *to, wr_str text);

#endif
