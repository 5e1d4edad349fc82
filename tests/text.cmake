# text.cmake -- the tests of common/text
wr_test(utf8 LIBS wr_text)
wr_test(charset LIBS wr_text)
wr_test(clean LIBS wr_text)
wr_test(mojibake LIBS wr_text)
wr_test(language LIBS wr_text)
wr_test(sentence LIBS wr_text)
wr_test(token LIBS wr_text)

wr_fuzz(charset LIBS wr_text)
wr_fuzz(clean LIBS wr_text)
wr_fuzz(sentence LIBS wr_text)

add_executable(eval_text eval/text.c)
target_link_libraries(eval_text PRIVATE wr_text wr_flags)
add_executable(train_text eval/train_text.c)
target_link_libraries(train_text PRIVATE wr_text wr_flags m)
