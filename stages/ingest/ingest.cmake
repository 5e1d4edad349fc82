# ingest.cmake -- the core (what is one page), the watched directories, the executable
wr_core(ingest ingest/bytes.c ingest/gzip.c ingest/ledger.c ingest/name.c ingest/pages.c ingest/sniff.c
  ingest/formats/archive.c ingest/formats/decode.c ingest/formats/docx.c ingest/formats/epub.c
  ingest/formats/feed.c ingest/formats/http.c ingest/formats/items.c ingest/formats/json.c
  ingest/formats/mail.c ingest/formats/news.c ingest/formats/records.c ingest/formats/sitemap.c
  ingest/formats/unpack.c ingest/formats/warc.c ingest/formats/xml.c)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET GLOBAL libarchive)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(BZip2 REQUIRED)
pkg_check_modules(GMIME REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(LZMA REQUIRED IMPORTED_TARGET liblzma)
target_link_libraries(ingest_core PUBLIC wr_text PRIVATE PkgConfig::ZLIB PkgConfig::ZSTD
  BZip2::BZip2 PkgConfig::GMIME PkgConfig::LZMA PkgConfig::ARCHIVE PkgConfig::BROTLI
  PkgConfig::DEFLATE)

# What touches files: also used by `wireroom send`.
add_library(ingest_files STATIC ingest/claim.c ingest/reader.c ingest/report.c ingest/seen.c
  ingest/tree.c ingest/watches.c)
target_link_libraries(ingest_files PUBLIC ingest_core wr_runtime PRIVATE wr_flags)

wr_stage(ingest SOURCES ingest/feed.c LIBS ingest_files)
