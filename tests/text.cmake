# text.cmake -- the tests of common/text
wr_test(utf8 LIBS wr_text)
wr_test(charset LIBS wr_text)
wr_test(clean LIBS wr_text)
wr_test(token LIBS wr_text)
