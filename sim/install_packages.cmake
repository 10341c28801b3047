# Installs the npm packages of a folder, all of them or none:
#
#   cmake -D SOURCE=… -D TARGET=… -D NPM=… -P install_packages.cmake
#
# SOURCE holds package.json, package-lock.json and .npmrc; the packages stand in TARGET/node_modules afterwards. They are
# installed into a folder of their own, which is renamed when it is whole, so an interrupted install leaves nothing that
# looks like one. A lock lets one process install at a time. node_modules/.installed keeps the hash of what was asked
# for: an install of the same files is kept.
cmake_minimum_required(VERSION 3.25)

file(MAKE_DIRECTORY ${TARGET})
file(LOCK ${TARGET} DIRECTORY GUARD PROCESS TIMEOUT 900)

set(wanted "")
foreach(file package.json package-lock.json .npmrc)
  file(SHA256 ${SOURCE}/${file} hash)
  string(APPEND wanted "${file} ${hash}\n")
endforeach()

set(installed "")
if(EXISTS ${TARGET}/node_modules/.installed)
  file(READ ${TARGET}/node_modules/.installed installed)
endif()
if(installed STREQUAL wanted)
  file(TOUCH ${TARGET}/node_modules/.installed)
  return()
endif()

file(GLOB abandoned ${TARGET}/installing-*)
string(RANDOM LENGTH 8 mark) # an npm that outlived its parent may still write into an abandoned folder
set(folder ${TARGET}/installing-${mark})
file(REMOVE_RECURSE ${abandoned} ${folder})
file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/.npmrc DESTINATION ${folder})
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
  WORKING_DIRECTORY ${folder} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  file(REMOVE_RECURSE ${folder})
  message(FATAL_ERROR "npm ci of ${SOURCE}/package.json failed: ${result}")
endif()
file(WRITE ${folder}/node_modules/.installed "${wanted}")
file(REMOVE_RECURSE ${TARGET}/node_modules)
file(RENAME ${folder}/node_modules ${TARGET}/node_modules)
file(REMOVE_RECURSE ${folder})
