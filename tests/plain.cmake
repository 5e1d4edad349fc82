# Plain text: the trainer, and the programs that measure it.
add_executable(plain_train eval/plain_train.c eval/plain_boost.c eval/plain_corpus.c)
target_link_libraries(plain_train PRIVATE boilerplate_core wr_flags m)
add_executable(plain_lines eval/plain_lines.c eval/plain_corpus.c)
target_link_libraries(plain_lines PRIVATE boilerplate_core wr_flags)
add_executable(plain_files eval/plain_files.c)
target_link_libraries(plain_files PRIVATE boilerplate_core cleanup_core wr_flags)
