# The extension that perfwatt.region goes through (python/perfwatt/_mark.c), of Python's stable ABI: one file for every Python from 3.10
# on. Without Python's headers it is left out, and ctypes stands in.
set(python_folders)
foreach(minor RANGE 20 10 -1)
  list(APPEND python_folders python3.${minor})
endforeach()
find_path(PERFWATT_PYTHON_INCLUDE Python.h PATH_SUFFIXES ${python_folders})
# What Python programs need of ours, beside libperfwatt_mark.
set(python_libdir ${CMAKE_INSTALL_LIBDIR}/perfwatt)

if(PERFWATT_PYTHON_INCLUDE)
  add_library(perfwatt_python_mark MODULE ${PROJECT_SOURCE_DIR}/python/perfwatt/_mark.c)
  target_include_directories(perfwatt_python_mark SYSTEM PRIVATE ${PERFWATT_PYTHON_INCLUDE})
  target_link_libraries(perfwatt_python_mark PRIVATE ${CMAKE_DL_LIBS})
  set_target_properties(perfwatt_python_mark PROPERTIES C_STANDARD 11 PREFIX "" OUTPUT_NAME _mark SUFFIX .abi3.so C_VISIBILITY_PRESET hidden
                                                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/collect)
  perfwatt_target_options(perfwatt_python_mark)
  target_compile_options(perfwatt_python_mark PRIVATE -Wno-pedantic)  # Python keeps functions as void*
  install(TARGETS perfwatt_python_mark LIBRARY DESTINATION ${python_libdir} COMPONENT perfwatt)
else()
  message(STATUS "no Python.h: perfwatt.region goes through ctypes")
endif()

# The collectors of Python (python/collect), which the program hands to commands: beside it in the build, and in ${python_libdir}.
# __pycache__ is a file: no Python writes its bytecode there.
set(collect_folder ${CMAKE_BINARY_DIR}/collect)
foreach(file collect/begin.py collect/torch_modules.py collect/start/sitecustomize.py perfwatt/library.py)
  string(REGEX REPLACE "^(collect|perfwatt)/" "" name ${file})
  configure_file(${PROJECT_SOURCE_DIR}/python/${file} ${collect_folder}/${name} COPYONLY)
endforeach()
file(TOUCH ${collect_folder}/start/__pycache__)
install(DIRECTORY ${collect_folder}/ DESTINATION ${python_libdir} COMPONENT perfwatt FILES_MATCHING PATTERN "*.py" PATTERN "__pycache__")
file(RELATIVE_PATH collect_from_program ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/perfwatt)
