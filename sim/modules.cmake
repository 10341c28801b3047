# How a folder becomes a target. A module is a static library of all sources of its folder that links only the modules
# named to its left in the chain of sim/README.md.

add_library(yuanwang_options INTERFACE)
target_compile_features(yuanwang_options INTERFACE cxx_std_20)
target_compile_definitions(yuanwang_options INTERFACE YUANWANG_VERSION="${PROJECT_VERSION}")
target_compile_options(yuanwang_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
  -Wno-missing-field-initializers # designated initialisers name what they set
  -Wno-restrict -Wno-maybe-uninitialized # GCC 12 sees faults inside std::string that are not there (GCC bug 105651)
  -ffp-contract=off) # a number must not depend on which operations a compiler fuses
if(YUANWANG_WERROR)
  target_compile_options(yuanwang_options INTERFACE -Werror)
endif()
if(YUANWANG_SANITIZE)
  target_compile_options(yuanwang_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(yuanwang_options INTERFACE -fsanitize=address,undefined)
endif()

# yuanwang_module(<name> FOLDER <dir> USES <modules and libraries…>)
function(yuanwang_module name)
  cmake_parse_arguments(arg "" "FOLDER" "USES;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(yuanwang_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(yuanwang_${name} PUBLIC yuanwang_options PRIVATE ${arg_PRIVATE})
  else()
    add_library(yuanwang_${name} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(yuanwang_${name} INTERFACE yuanwang_options)
  endif()
  target_include_directories(yuanwang_${name} ${scope} ${PROJECT_SOURCE_DIR}/sim ${PROJECT_SOURCE_DIR})
  target_link_libraries(yuanwang_${name} ${scope} ${arg_USES})
endfunction()

# A script that installs npm packages, whole or not at all: for the page and for the tests that open it.
set(YUANWANG_INSTALL_PACKAGES ${CMAKE_CURRENT_LIST_DIR}/install_packages.cmake)

# Loops over lanes gain from the vectoriser, which GCC 12 leaves off at -O2.
function(yuanwang_vectorise name)
  set_source_files_properties(${ARGN} TARGET_DIRECTORY yuanwang_${name} PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")
endfunction()
