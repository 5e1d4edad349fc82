# The boilerplate core, its generated word table, and the programs that train and measure it.
add_executable(lexicon_table boilerplate/train/lexicon.c boilerplate/words.c)
target_link_libraries(lexicon_table PRIVATE wr_flags)
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/boilerplate/lexicon_table.h
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/boilerplate
  COMMAND lexicon_table > ${CMAKE_CURRENT_BINARY_DIR}/boilerplate/lexicon_table.h
  DEPENDS lexicon_table)

wr_core(boilerplate boilerplate/article.c boilerplate/boilerplate.c boilerplate/container.c boilerplate/facts.c
  boilerplate/features.c boilerplate/features_text.c boilerplate/forest.c boilerplate/forest_model.c
  boilerplate/judge.c boilerplate/labels.c boilerplate/lexicon.c boilerplate/metadata.c
  boilerplate/metadata_authors.c
  boilerplate/metadata_dates.c boilerplate/metadata_title.c boilerplate/pubdate.c
  boilerplate/stack.c boilerplate/units.c boilerplate/words.c
  boilerplate/plain.c boilerplate/plain_columns.c boilerplate/plain_columns_body.c
  boilerplate/plain_columns_start.c boilerplate/plain_cue.c boilerplate/plain_date.c
  boilerplate/plain_judge.c boilerplate/plain_label.c boilerplate/plain_line.c
  boilerplate/plain_meta.c boilerplate/plain_model.c boilerplate/plain_split.c
  boilerplate/plain_trees.c
  ${CMAKE_CURRENT_BINARY_DIR}/boilerplate/lexicon_table.h)
target_include_directories(boilerplate_core PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/boilerplate)
target_link_libraries(boilerplate_core PRIVATE m)

pkg_check_modules(YAJL REQUIRED IMPORTED_TARGET yajl)
add_executable(train_boilerplate boilerplate/train/corpus.c boilerplate/train/gbdt.c
  boilerplate/train/gold.c boilerplate/train/predict.c boilerplate/train/score.c
  boilerplate/train/train.c)
target_link_libraries(train_boilerplate PRIVATE boilerplate_core cleanup_core wr_flags PkgConfig::YAJL m)
