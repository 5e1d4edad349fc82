# Wireroom.cmake -- the nouns of the build: stages, tests, fuzz targets, and how all is compiled

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 17)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
string(REPLACE "-O2" "-O3" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(WR_WERROR "warnings are errors" OFF)
set(WR_SANITIZE "" CACHE STRING "sanitizers to build with: address,undefined")
option(WR_FUZZ "build the libFuzzer targets (clang)" OFF)

add_library(wr_flags INTERFACE)
# The same results on every machine and build type: no fused multiply-add, no fast maths.
target_compile_options(wr_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wpedantic -Wshadow
  -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wwrite-strings -Wcast-qual
  -Wcast-align -Wundef -Wimplicit-fallthrough -ffp-contract=off>)
target_compile_definitions(wr_flags INTERFACE _GNU_SOURCE WIREROOM_VERSION="${PROJECT_VERSION}")
target_include_directories(wr_flags INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR})
if(WR_WERROR)
  target_compile_options(wr_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-Werror>)
endif()
if(WR_SANITIZE)
  target_compile_options(wr_flags INTERFACE -fsanitize=${WR_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(wr_flags INTERFACE -fsanitize=${WR_SANITIZE})
endif()
if(WR_FUZZ) # without the tracing of comparisons: some three times the runs a second
  target_compile_options(wr_flags INTERFACE -fsanitize=fuzzer-no-link
    -fno-sanitize-coverage=trace-cmp,trace-div,trace-gep)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(MSGPACK REQUIRED IMPORTED_TARGET msgpack)
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)

# wr_core(name sources...): the pure part of a stage, a static library that knows the base library
# only and so cannot reach a socket.
function(wr_core name)
  add_library(${name}_core STATIC ${ARGN})
  target_link_libraries(${name}_core PUBLIC wr_base PRIVATE wr_flags)
endfunction()

# wr_stage(name [LIBS libs...]): stages/<name>/main.c as the executable wireroom-<name>, on its core
# and the stage runtime.
function(wr_stage name)
  cmake_parse_arguments(S "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(wireroom-${name} ${name}/main.c ${S_SOURCES})
  if(TARGET ${name}_core)
    target_link_libraries(wireroom-${name} PRIVATE ${name}_core)
  endif()
  target_link_libraries(wireroom-${name} PRIVATE wr_runtime wr_flags ${S_LIBS})
  install(TARGETS wireroom-${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# wr_test(name [LIBS libs...]): tests/unit/<name>.c as a test program.
function(wr_test name)
  cmake_parse_arguments(T "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(test_${name} unit/${name}.c ${T_SOURCES})
  target_link_libraries(test_${name} PRIVATE wr_base wr_flags ${T_LIBS})
  add_test(NAME unit_${name} COMMAND test_${name})
  set_tests_properties(unit_${name} PROPERTIES TIMEOUT 120)
endfunction()

# wr_fuzz(name [LIBS libs...]): tests/fuzz/<name>.c as a libFuzzer target; without WR_FUZZ a program
# that runs the files of tests/fuzz/corpus/<name> through it, as a test.
function(wr_fuzz name)
  cmake_parse_arguments(F "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(fuzz_${name} fuzz/${name}.c ${F_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE wr_base wr_flags ${F_LIBS})
  if(WR_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${name} PRIVATE fuzz/replay.c)
    add_test(NAME fuzz_${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()
