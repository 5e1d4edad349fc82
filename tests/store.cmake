# store.cmake -- the tests and benches of common/store
add_library(wr_generate STATIC store/generate.c)
target_link_libraries(wr_generate PUBLIC wr_base PRIVATE wr_flags m)
add_executable(bench_store_insert bench/store_insert.c)
target_link_libraries(bench_store_insert PRIVATE wr_store wr_generate wr_flags)
wr_test(store LIBS wr_store wr_generate)
add_test(NAME clients_python
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/clients/streams.py $<TARGET_FILE:wireroom-aggregate>)
set_tests_properties(clients_python PROPERTIES TIMEOUT 60)
add_test(NAME e2e_store_commands COMMAND /usr/bin/python3
  ${CMAKE_CURRENT_SOURCE_DIR}/e2e/store_commands.py $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_store_commands PROPERTIES TIMEOUT 120)
add_test(NAME e2e_store_faults COMMAND /usr/bin/python3
  ${CMAKE_CURRENT_SOURCE_DIR}/e2e/store_faults.py $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_store_faults PROPERTIES TIMEOUT 180 LABELS slow)
add_test(NAME e2e_store_maintenance COMMAND /usr/bin/python3
  ${CMAKE_CURRENT_SOURCE_DIR}/e2e/store_maintenance.py $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_store_maintenance PROPERTIES TIMEOUT 180 LABELS slow)
add_test(NAME e2e_store_tools COMMAND /usr/bin/python3
  ${CMAKE_CURRENT_SOURCE_DIR}/e2e/store_tools.py $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_store_tools PROPERTIES TIMEOUT 120)
wr_test(store_power LIBS wr_store wr_generate)
set_tests_properties(unit_store_power PROPERTIES TIMEOUT 300 LABELS slow)
wr_test(store_keep LIBS wr_store wr_generate m)
wr_test(trend LIBS wr_store m)
foreach(bench query floor)
  add_executable(bench_store_${bench} bench/store_${bench}.c)
  target_link_libraries(bench_store_${bench} PRIVATE wr_store wr_generate wr_flags)
endforeach()
# The messages, byte for byte, and what clients in other languages read in them.
add_executable(test_stream unit/stream.c ../stages/aggregate/group.c)
target_link_libraries(test_stream PRIVATE aggregate_core wr_store wr_runtime wr_flags)
add_test(NAME unit_stream COMMAND test_stream ${CMAKE_CURRENT_SOURCE_DIR}/clients/fixtures)
add_test(NAME clients_fixtures
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/clients/fixtures.py)
add_test(NAME clients_node COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/clients/node.py
  $<TARGET_FILE:wireroom-aggregate> ${CMAKE_CURRENT_BINARY_DIR}/node)
set_tests_properties(clients_node PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 180 LABELS slow)
add_test(NAME e2e_watch COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/e2e/watch.py
  $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_watch PROPERTIES TIMEOUT 120)
add_test(NAME e2e_readers COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/e2e/readers.py
  $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_readers PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
