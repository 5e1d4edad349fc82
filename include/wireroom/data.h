/* data.h -- files that are installed with the program: models, tables, templates */
#ifndef WIREROOM_DATA_H
#define WIREROOM_DATA_H

#include <wireroom/status.h>
#include <wireroom/str.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Finds the data file `name` ("tag/names.bin"), which stands in the source tree as
 * stages/tag/names.bin and is installed as <prefix>/share/wireroom/tag/names.bin. Looked for in:
 * the directory WIREROOM_DATA_DIR names (then nowhere else), ../share/wireroom beside the
 * executable, the configured installation directory, the source tree. WR_NOTFOUND; WR_LIMIT when
 * the path does not fit `size` bytes. */
WR_API WR_MUSTUSE wr_status wr_data_path(const char *name, char *path, size_t size);

/* The bytes of a file, mapped read-only: shared between processes, read on first use.
 * wr_data_unmap sets *bytes to empty. An empty file gives an empty string. */
WR_API WR_MUSTUSE wr_status wr_data_map(const char *path, wr_str *bytes);
WR_API void wr_data_unmap(wr_str *bytes);

#ifdef __cplusplus
}
#endif
#endif
