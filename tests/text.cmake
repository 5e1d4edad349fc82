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

# Peers of the bench, where they are installed.
add_executable(bench_text bench/text.c)
target_link_libraries(bench_text PRIVATE wr_text wr_flags)
pkg_check_modules(UCHARDET IMPORTED_TARGET uchardet)
pkg_check_modules(UTF8PROC IMPORTED_TARGET libutf8proc)
foreach(peer UCHARDET UTF8PROC)
  if(${peer}_FOUND)
    target_link_libraries(bench_text PRIVATE PkgConfig::${peer})
    target_compile_definitions(bench_text PRIVATE WR_HAVE_${peer})
  endif()
endforeach()
