# ingest.cmake -- the core (what is one page), the watched directories, the executable
wr_core(ingest ingest/bytes.c ingest/gzip.c ingest/ledger.c ingest/name.c ingest/pages.c ingest/sniff.c)
target_link_libraries(ingest_core PRIVATE PkgConfig::ZLIB)

# What touches files: also used by `wireroom send`.
add_library(ingest_files STATIC ingest/claim.c ingest/reader.c ingest/report.c ingest/seen.c
  ingest/tree.c ingest/watches.c)
target_link_libraries(ingest_files PUBLIC ingest_core wr_runtime PRIVATE wr_flags)

wr_stage(ingest SOURCES ingest/feed.c LIBS ingest_files)
