# What belongs together: near-duplicates, stories.
wr_test(dup LIBS aggregate_core)
add_executable(eval_neardup eval/neardup.c)
target_link_libraries(eval_neardup PRIVATE aggregate_core wr_flags)
add_executable(eval_stories eval/stories.c eval/stories_fit.c ../stages/boilerplate/train/gbdt.c)
target_link_libraries(eval_stories PRIVATE aggregate_core tag_train wr_flags m)
