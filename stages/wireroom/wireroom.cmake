# wireroom.cmake -- the one command
add_executable(wireroom wireroom/main.c wireroom/check.c wireroom/child.c wireroom/client.c
  wireroom/dead.c wireroom/export.c wireroom/export_csv.c wireroom/export_feed.c
  wireroom/export_graph.c wireroom/keygen.c wireroom/manual.c wireroom/notify.c wireroom/orders.c wireroom/orders_command.c
  wireroom/output.c wireroom/place.c wireroom/plan.c wireroom/query.c
  wireroom/query_ask.c wireroom/query_rows.c wireroom/run.c wireroom/send.c
  wireroom/settings.c wireroom/status.c wireroom/store.c wireroom/stream.c wireroom/summary.c wireroom/supervise.c wireroom/tap.c
  wireroom/watch.c wireroom/watch_deliver.c)
target_link_libraries(wireroom PRIVATE ingest_files wr_store wr_runtime PkgConfig::SQLITE PkgConfig::ZMQ wr_flags)
install(TARGETS wireroom RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
