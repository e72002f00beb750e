# Targets of Headroom and the rule that keeps its layers apart.
#
# headroom_library(NAME [FOLDER compress/json] [USES base tokens ...] [LINKS pkg::target ...])
#                  [TEST_USES compress_testing ...]   on top, for its tests only
#   makes static library headroom_NAME from every *.cc of src/FOLDER that is not a test, benchmark or fuzz target, and,
#   from every *_test.cc there, the test headroom_NAME_test.
#
# Layering: headers are included as "folder/x.h". There is no include path that holds all of src/. Each folder has a
# root of its own (build/.../roots/FOLDER/) with one link in it, and a target sees its own root and those of what it USES,
# so an include of a folder that is not declared does not compile.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(HEADROOM_CCACHE ccache)
if(HEADROOM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HEADROOM_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${HEADROOM_CCACHE})
endif()
find_program(HEADROOM_MOLD mold)
if(HEADROOM_MOLD AND NOT APPLE)
  add_link_options(-fuse-ld=mold)
endif()

add_library(headroom_flags INTERFACE)
target_compile_options(headroom_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own library headers at -O2.
  target_compile_options(headroom_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's stable_sort uses what it deprecates itself; GCC still reports our own uses.
  target_compile_options(headroom_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-s -Wl,--gc-sections)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(headroom_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(HEADROOM_SANITIZE)
  add_compile_options(-fsanitize=${HEADROOM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HEADROOM_SANITIZE})
  if(HEADROOM_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC warns that TSan does not model Asio's atomic_thread_fence.
    add_compile_options(-Wno-tsan)
  endif()
endif()
if(HEADROOM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# A library that an interpreter loads is tried under AddressSanitizer, too: a copy of it, instrumented itself over the code that
# the preset has (of the asan preset all of it). The interpreter knows nothing of sanitizers, so the sanitizer's runtime, and the
# C++ runtime whose exceptions it follows, are loaded before it. What an interpreter keeps until its end is no leak of ours.
set(HEADROOM_ASAN_ENVIRONMENT "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT HEADROOM_FUZZ AND NOT SKBUILD AND (NOT HEADROOM_SANITIZE OR HEADROOM_SANITIZE STREQUAL "address"))
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libasan.so OUTPUT_VARIABLE asan OUTPUT_STRIP_TRAILING_WHITESPACE)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libstdc++.so.6 OUTPUT_VARIABLE cxx OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(EXISTS ${asan} AND EXISTS ${cxx})
    set(HEADROOM_ASAN_ENVIRONMENT "LD_PRELOAD=${asan} ${cxx}" "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1")
  endif()
endif()

# headroom_under_asan(TARGET): instruments it, and keeps the names that a report shows.
function(headroom_under_asan target)
  target_compile_options(${target} PRIVATE -fsanitize=address -fno-omit-frame-pointer -g1)
  get_target_property(options ${target} LINK_OPTIONS)
  list(FILTER options EXCLUDE REGEX "^-s$")
  set_target_properties(${target} PROPERTIES LINK_OPTIONS "${options};-fsanitize=address")
endfunction()

if(HEADROOM_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

function(headroom_root folder)
  string(REGEX REPLACE "/.*" "" top ${folder})
  set(root ${CMAKE_BINARY_DIR}/roots/${top})
  if(NOT EXISTS ${root}/${top})
    file(MAKE_DIRECTORY ${root})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${top} ${root}/${top} SYMBOLIC)
  endif()
  set(HEADROOM_ROOT ${root} PARENT_SCOPE)
endfunction()

# Optimising instrumented Beast code takes minutes and gigabytes a file; the sanitizers find the same without.
function(headroom_relax target)
  if(HEADROOM_SANITIZE AND target MATCHES "^headroom_proxy")
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

function(headroom_library name)
  cmake_parse_arguments(A "" "FOLDER" "USES;LINKS;TEST_USES" ${ARGN})
  if(NOT A_FOLDER)
    set(A_FOLDER ${name})
  endif()
  headroom_root(${A_FOLDER})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz|main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(sources)
    add_library(headroom_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(headroom_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(headroom_${name} ${scope} ${HEADROOM_ROOT})
  if(sources)
    target_link_libraries(headroom_${name} PRIVATE headroom_flags)
    headroom_relax(headroom_${name})
  endif()
  foreach(used IN LISTS A_USES)
    target_link_libraries(headroom_${name} ${scope} headroom_${used})
  endforeach()
  target_link_libraries(headroom_${name} ${scope} ${A_LINKS})
  if(HEADROOM_TESTS AND tests)
    add_executable(headroom_${name}_test ${tests})
    target_link_libraries(headroom_${name}_test PRIVATE headroom_${name} headroom_flags GTest::gmock GTest::gtest_main)
    foreach(used IN LISTS A_TEST_USES)
      target_link_libraries(headroom_${name}_test PRIVATE headroom_${used})
    endforeach()
    target_compile_definitions(headroom_${name}_test PRIVATE HEADROOM_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    headroom_relax(headroom_${name}_test)
    gtest_discover_tests(headroom_${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# headroom_embed(NAME FILE HEADER CONSTANT): compiles a text file of the current folder into headroom_NAME as the
# std::string_view headroom::NAME::CONSTANT, which HEADER declares. The build notices when the file changes.
function(headroom_embed name file header constant)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  file(READ ${file} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${file}.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"#include \"@header@\"
namespace headroom::@name@ {
const std::string_view @constant@ = R\"TEXT(@text@)TEXT\";
}
")
  target_sources(headroom_${name} PRIVATE ${source})
endfunction()

# headroom_fuzzer(NAME SOURCE x_fuzz.cc CORPUS dir USES ...): a libFuzzer binary under HEADROOM_FUZZ; in every other build
# the same source is linked to a driver that replays the corpus, as an ordinary test.
function(headroom_fuzzer name)
  cmake_parse_arguments(A "" "SOURCE;CORPUS" "USES" ${ARGN})
  add_executable(headroom_${name}_fuzz ${A_SOURCE})
  target_link_libraries(headroom_${name}_fuzz PRIVATE headroom_flags)
  foreach(used IN LISTS A_USES)
    target_link_libraries(headroom_${name}_fuzz PRIVATE headroom_${used})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY HEADROOM_FUZZERS "${name}|${A_CORPUS}")
  if(HEADROOM_FUZZ)
    target_link_options(headroom_${name}_fuzz PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(headroom_${name}_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/replay_main.cc)
    if(HEADROOM_TESTS)
      add_test(NAME fuzz_corpus.${name} COMMAND headroom_${name}_fuzz ${A_CORPUS})
    endif()
  endif()
endfunction()
