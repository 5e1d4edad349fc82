# The line: hub, runtime, transport.
foreach(program line_noop line_sink line_source)
  add_executable(${program} e2e/${program}.c)
  target_link_libraries(${program} PRIVATE wr_runtime wr_flags)
endforeach()
wr_test(line LIBS wr_runtime)
wr_test(hub LIBS hub_core)
wr_fuzz(hub LIBS hub_core)
# The real executables, killed at random.
foreach(workers 1 3)
  add_test(NAME e2e_chaos_${workers} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/e2e/chaos --build
    ${CMAKE_BINARY_DIR} --kills 40 --pages 20000 --workers ${workers})
  set_tests_properties(e2e_chaos_${workers} PROPERTIES TIMEOUT 120)
endforeach()
