# What belongs together: near-duplicates, stories.
wr_test(dup LIBS aggregate_core)
wr_test(story LIBS aggregate_core)
wr_fuzz(story LIBS aggregate_core)
add_executable(eval_neardup eval/neardup.c)
target_link_libraries(eval_neardup PRIVATE aggregate_core wr_flags)
add_executable(eval_stories eval/stories.c eval/stories_fit.c ../stages/boilerplate/train/gbdt.c)
target_link_libraries(eval_stories PRIVATE aggregate_core tag_train wr_flags m)
add_test(NAME e2e_stories COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/e2e/stories.py
  $<TARGET_FILE:wireroom-aggregate> $<TARGET_FILE:wireroom>)
set_tests_properties(e2e_stories PROPERTIES TIMEOUT 120)
add_executable(bench_stories bench/stories.c)
target_link_libraries(bench_stories PRIVATE aggregate_core wr_flags)
