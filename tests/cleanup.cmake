# cleanup.cmake -- tests, evaluation and bench programs of the stage cleanup
wr_test(html LIBS cleanup_core)
wr_test(plain LIBS cleanup_core)
wr_test(damage LIBS cleanup_core)
wr_fuzz(html LIBS cleanup_core)
wr_fuzz(plain LIBS cleanup_core)
wr_fuzz(jsonld LIBS cleanup_core)
add_executable(eval_blocks eval/blocks.c)
target_link_libraries(eval_blocks PRIVATE cleanup_core wr_flags)
add_executable(eval_json eval/json.c)
target_link_libraries(eval_json PRIVATE wr_text wr_flags)
add_executable(eval_html5lib eval/html5lib.c)
target_link_libraries(eval_html5lib PRIVATE cleanup_core wr_flags)

pkg_check_modules(LIBXML2 IMPORTED_TARGET libxml-2.0)
if(LIBXML2_FOUND) # the peer of scripts/bench html, nothing else needs it
  add_executable(bench_html bench/html.c)
  target_link_libraries(bench_html PRIVATE cleanup_core PkgConfig::LIBXML2 wr_flags)
endif()

add_executable(eval_pages eval/pages.c)
target_link_libraries(eval_pages PRIVATE ingest_core wr_flags)
wr_test(records LIBS ingest_core)
wr_fuzz(records LIBS ingest_core)
