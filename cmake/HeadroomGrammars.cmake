# tree-sitter and the parsers that its grammars generate, from the C files that ./dev setup fetches. They make one target:
# headroom_grammars, which also brings the runtime's api.h. HEADROOM_MORE_GRAMMARS adds the languages whose tables are large
# for how often they are read; with or without them, code of a language that is not built passes through as it is.

option(HEADROOM_MORE_GRAMMARS "Build the grammars of Kotlin, Scala and Swift, too" ON)
set(HEADROOM_GRAMMARS_DIR ${CMAKE_SOURCE_DIR}/.deps/grammars CACHE PATH "Folder with tree-sitter and its grammars")
if(NOT EXISTS ${HEADROOM_GRAMMARS_DIR}/runtime/src/lib.c)
  message(FATAL_ERROR "tree-sitter is not in ${HEADROOM_GRAMMARS_DIR}. Run ./dev setup build; it fetches it.")
endif()

# Code of others: its warnings are not ours, and neither is what -fsanitize=undefined says of it. Generated tables are not
# worth the time that other sanitizers take over them.
set(HEADROOM_FOREIGN_C -w -std=c11 -O1)
if(HEADROOM_SANITIZE MATCHES "undefined")
  list(APPEND HEADROOM_FOREIGN_C -fno-sanitize=undefined)
endif()

add_library(headroom_tree_sitter STATIC ${HEADROOM_GRAMMARS_DIR}/runtime/src/lib.c)
target_include_directories(headroom_tree_sitter SYSTEM PUBLIC ${HEADROOM_GRAMMARS_DIR}/runtime/include)
target_include_directories(headroom_tree_sitter PRIVATE ${HEADROOM_GRAMMARS_DIR}/runtime/src)
target_compile_definitions(headroom_tree_sitter PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
# Its functions may be inlined into one another though the code is position independent.
target_compile_options(headroom_tree_sitter PRIVATE ${HEADROOM_FOREIGN_C} -O2 -fno-semantic-interposition)

add_library(headroom_grammars INTERFACE)
target_link_libraries(headroom_grammars INTERFACE headroom_tree_sitter)
set(grammars bash c cpp csharp go java javascript perl php python ruby rust tsx typescript)
if(HEADROOM_MORE_GRAMMARS)
  list(APPEND grammars kotlin scala swift)
  target_compile_definitions(headroom_grammars INTERFACE HEADROOM_MORE_GRAMMARS)
endif()
foreach(grammar IN LISTS grammars)
  set(folder ${HEADROOM_GRAMMARS_DIR}/${grammar}/src)
  set(sources ${folder}/parser.c)
  set_source_files_properties(${folder}/parser.c PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  if(EXISTS ${folder}/scanner.c)
    set(scanner ${folder}/scanner.c)
    if(grammar STREQUAL "swift")
      # Its scanner asks for room for no state, "calloc(0, ...)", and then uses one.
      set(scanner ${CMAKE_BINARY_DIR}/grammars/swift/scanner.c)
      file(READ ${folder}/scanner.c code)
      string(REPLACE "calloc(0, sizeof" "calloc(1, sizeof" code "${code}")
      file(CONFIGURE OUTPUT ${scanner} CONTENT "${code}" @ONLY NEWLINE_STYLE UNIX)
    endif()
    list(APPEND sources ${scanner})
  endif()
  add_library(headroom_grammar_${grammar} STATIC ${sources})
  target_include_directories(headroom_grammar_${grammar} PRIVATE ${folder})
  target_compile_options(headroom_grammar_${grammar} PRIVATE ${HEADROOM_FOREIGN_C})
  target_link_libraries(headroom_grammars INTERFACE headroom_grammar_${grammar})
endforeach()
