# What Headroom links that is not its own. HEADROOM_STATIC_DEPS takes the static library of each where there is one, so
# that build/release/bin/headroom needs only the C library of the system it runs on.

option(HEADROOM_STATIC_DEPS "Link dependencies and the C++ runtime statically" ON)
if(HEADROOM_STATIC_DEPS)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a ${CMAKE_FIND_LIBRARY_SUFFIXES})
  set(OPENSSL_USE_STATIC_LIBS TRUE)
  if(NOT HEADROOM_SANITIZE AND NOT HEADROOM_FUZZ)
    add_link_options(-static-libstdc++ -static-libgcc)
  endif()
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)

# simdjson from its amalgamated source, which ./dev setup fetches; without it, the system's shared library.
set(HEADROOM_SIMDJSON_DIR ${CMAKE_SOURCE_DIR}/.deps/simdjson CACHE PATH "Folder with simdjson.h and simdjson.cpp")
if(EXISTS ${HEADROOM_SIMDJSON_DIR}/simdjson.cpp)
  add_library(headroom_simdjson STATIC ${HEADROOM_SIMDJSON_DIR}/simdjson.cpp)
  target_include_directories(headroom_simdjson SYSTEM PUBLIC ${HEADROOM_SIMDJSON_DIR})
  set_target_properties(headroom_simdjson PROPERTIES CXX_CLANG_TIDY "")
  add_library(simdjson::simdjson ALIAS headroom_simdjson)
else()
  find_package(simdjson REQUIRED)
endif()

# Debian's xxHash brings no CMake package; this target makes the plain name "xxhash" mean the library found here.
find_library(HEADROOM_XXHASH xxhash REQUIRED)
add_library(xxhash UNKNOWN IMPORTED GLOBAL)
set_target_properties(xxhash PROPERTIES IMPORTED_LOCATION ${HEADROOM_XXHASH})
