# The page of a run: TypeScript and ECharts bundled into one HTML template, embedded into the library. npm is asked
# once (and again when the lock file changes); the bundle is made again when a source changes.
set(web ${CMAKE_CURRENT_LIST_DIR}/web)
set(web_build ${CMAKE_CURRENT_BINARY_DIR}/report/web)
set(page ${web_build}/dist/page.html)
set(sweep_page ${web_build}/dist/sweep.html)

find_program(YUANWANG_NPM npm)
find_program(YUANWANG_NODE NAMES node nodejs)
if(NOT YUANWANG_NPM OR NOT YUANWANG_NODE)
  message(FATAL_ERROR "The report is built with node and npm, which are missing: install them "
                      "(Debian 12: apt-get install nodejs npm) and configure again.")
endif()

file(GLOB web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/src/pages/* ${web}/src/sweep/*)
set(packages ${web_build}/node_modules/.installed)
add_custom_command(OUTPUT ${packages}
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${web} -D TARGET=${web_build} -D NPM=${YUANWANG_NPM} -P ${YUANWANG_INSTALL_PACKAGES}
  DEPENDS ${web}/package.json ${web}/package-lock.json ${web}/.npmrc ${YUANWANG_INSTALL_PACKAGES}
  COMMENT "npm ci: esbuild, TypeScript and ECharts for the report" VERBATIM)
add_custom_command(OUTPUT ${page} ${sweep_page}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_build}/src
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web}/src ${web_build}/src
  COMMAND ${CMAKE_COMMAND} -E copy ${web}/build.mjs ${web}/tsconfig.json ${web}/package.json ${web_build}
  COMMAND ${CMAKE_COMMAND} -E chdir ${web_build} ${YUANWANG_NODE} build.mjs
  DEPENDS ${packages} ${web_sources} ${web}/build.mjs ${web}/tsconfig.json
  COMMENT "esbuild: the pages of the report" VERBATIM)

# The assembler takes the file in as it is (.incbin), so the compiler never sees it.
set(embedded ${CMAKE_CURRENT_BINARY_DIR}/report/page_template.cpp)
configure_file(${CMAKE_CURRENT_LIST_DIR}/page_template.cpp.in ${embedded} @ONLY)
set_source_files_properties(${embedded} PROPERTIES OBJECT_DEPENDS "${page};${sweep_page}")
target_sources(yuanwang_report PRIVATE ${embedded})
target_compile_definitions(yuanwang_report PRIVATE YUANWANG_VERSION="${PROJECT_VERSION}")
add_custom_target(yuanwang_report_page DEPENDS ${page} ${sweep_page})
