# What belongs together: near-duplicates.
wr_test(dup LIBS aggregate_core)
add_executable(eval_neardup eval/neardup.c)
target_link_libraries(eval_neardup PRIVATE aggregate_core wr_flags)
