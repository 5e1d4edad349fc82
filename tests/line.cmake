# The line: hub, runtime, transport.
foreach(program line_noop line_sink line_source)
  add_executable(${program} e2e/${program}.c)
  target_link_libraries(${program} PRIVATE wr_runtime wr_flags)
endforeach()
wr_test(line LIBS wr_runtime)
wr_test(hub LIBS hub_core)
wr_test(runtime LIBS wr_runtime)
wr_fuzz(hub LIBS hub_core)
# The real executables, killed at random.
foreach(workers 1 3)
  add_test(NAME e2e_chaos_${workers} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/chaos --build
    ${CMAKE_BINARY_DIR} --kills 40 --pages 20000 --workers ${workers})
  set_tests_properties(e2e_chaos_${workers} PROPERTIES TIMEOUT 120)
endforeach()

set(line_cases verdicts poison hang nowhere_for_the_dead disk_full python_stage
  python_stage_and_a_new_hub hostile orders lost swap_under_load filter_mode over_tcp keys slow_watcher tools)
foreach(case ${line_cases})
  add_test(NAME e2e_line_${case} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/line ${case} --build
    ${CMAKE_BINARY_DIR})
  set_tests_properties(e2e_line_${case} PROPERTIES TIMEOUT 120)
endforeach()
set_tests_properties(e2e_line_swap_under_load PROPERTIES LABELS slow)

add_executable(bare bench/bare.c)
target_link_libraries(bare PRIVATE PkgConfig::ZMQ wr_flags)

add_test(NAME e2e_other_language COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/other_language --build
  ${CMAKE_BINARY_DIR})
set_tests_properties(e2e_other_language PROPERTIES TIMEOUT 120 LABELS slow)
