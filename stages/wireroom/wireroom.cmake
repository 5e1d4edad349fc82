# wireroom.cmake -- the one command
add_executable(wireroom wireroom/main.c wireroom/check.c wireroom/child.c wireroom/client.c
  wireroom/dead.c wireroom/manual.c wireroom/notify.c wireroom/orders.c wireroom/orders_command.c
  wireroom/output.c wireroom/place.c wireroom/plan.c wireroom/run.c wireroom/send.c
  wireroom/settings.c wireroom/status.c wireroom/summary.c wireroom/supervise.c wireroom/tap.c)
target_link_libraries(wireroom PRIVATE ingest_files wr_runtime PkgConfig::SQLITE wr_flags)
install(TARGETS wireroom RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
