# ingest.cmake -- files and the one command, tested with the real executables
wr_test(ingest LIBS ingest_core PkgConfig::ZLIB)
wr_fuzz(pages LIBS ingest_core PkgConfig::ZLIB)
wr_test(archive LIBS ingest_core PkgConfig::ARCHIVE)
wr_test(config LIBS wr_runtime)
wr_test(files LIBS ingest_files)

function(wr_room name label)
  foreach(case ${ARGN})
    add_test(NAME e2e_${name}_${case} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/${name} ${case}
      --build ${CMAKE_BINARY_DIR})
    set_tests_properties(e2e_${name}_${case} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77
      LABELS "${label}")
  endforeach()
endfunction()
wr_room(drop quick odd_files same_path unreadable writing vanishes delete keep read_only disk_full
  drop_disk_full refused)
wr_room(ranges quick ranges)
wr_room(drop slow flood killed goes_on_warc goes_on_tar)
wr_room(command quick successor wrong_orders questions topics dead_letters send configuration from_file permanent
  help_texts ctrl_c service)
wr_room(command slow under_load)
add_test(NAME e2e_storm COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/storm --build ${CMAKE_BINARY_DIR} --pages 3000
  --kills 30)
set_tests_properties(e2e_storm PROPERTIES TIMEOUT 300 LABELS slow)
# Scaling and restarting under load: what is lost or doubled is checked, times are only printed.
add_test(NAME e2e_restart COMMAND ${PROJECT_SOURCE_DIR}/scripts/bench.d/restart --quick --pages 4000 --build
  ${CMAKE_BINARY_DIR})
set_tests_properties(e2e_restart PROPERTIES TIMEOUT 300 LABELS slow)
pkg_check_modules(BENCH_DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
add_executable(bench_warc bench/warc.c)
target_link_libraries(bench_warc PRIVATE ingest_core PkgConfig::BENCH_DEFLATE PkgConfig::ZLIB wr_flags)
# Everything that can go wrong, at once.
add_test(NAME e2e_disasters COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/disasters --build ${CMAKE_BINARY_DIR})
set_tests_properties(e2e_disasters PROPERTIES TIMEOUT 300 LABELS slow SKIP_RETURN_CODE 77)
