# The line: hub, runtime, transport.
foreach(program line_noop line_sink line_source)
  add_executable(${program} e2e/${program}.c)
  target_link_libraries(${program} PRIVATE wr_runtime wr_flags)
endforeach()
