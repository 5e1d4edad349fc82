# The programs that scripts/train.d/ner runs: not installed, not part of the line.
add_library(tag_train STATIC tag/train/corpus.c tag/train/dictionary.c tag/train/examples.c tag/train/export.c
  tag/train/file.c tag/train/learn.c tag/train/lists.c tag/train/modelfile.c tag/train/net.c tag/train/vectors.c)
target_link_libraries(tag_train PUBLIC tag_core PRIVATE m wr_flags)
foreach(name calibrate cluster lexicon segment trainer)
  add_executable(tag_${name} tag/train/${name}.c)
  target_link_libraries(tag_${name} PRIVATE tag_train m wr_flags)
endforeach()
