# SPDX-License-Identifier: GPL-2.0
#
# kernel-model-undo: the same kernel once more, in which each store to memory calls
# sim/instrument/stores.c first, so that it can be undone. The instrumentation for KASAN does that, of
# stores only; its runtime is not used.
#
# It is clang's: gcc 12 leaves out the call where it believes that the address was checked before,
# also if other code has run in between.

find_program(CLANG clang)
if(NOT CLANG)
	message(STATUS "No clang: explorations go back to where threads begin.")
	return()
endif()

set(store_flags
	-O2 -DNDEBUG -DSIM_STORES
	# Reports find source lines by the table of address ranges, and names from the top.
	-g -gdwarf-aranges -fdebug-compilation-dir=.
	-fno-omit-frame-pointer
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
	-fsanitize=kernel-address)
foreach(option instrument-reads=0 instrumentation-with-call-threshold=0 stack=0 globals=0 opt=0
		opt-globals=0 opt-same-temp=0)
	list(APPEND store_flags -mllvm -asan-${option})
endforeach()

# String functions of the C library, and libfdt's by way of sim_mem_touch().
foreach(function memcpy memmove memset strcpy strncpy strcat)
	# One that is put in line is not seen.
	list(APPEND store_flags -fno-builtin-${function})
	list(APPEND store_wraps -Wl,--wrap=${function})
endforeach()

execute_process(COMMAND ${CLANG} -print-file-name=include
	OUTPUT_VARIABLE CLANG_INCLUDE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)
list(APPEND store_flags ${KERNEL_DIALECT} -Wno-everything
	-nostdinc -isystem ${CLANG_INCLUDE_DIR}
	-include ${PROJECT_SOURCE_DIR}/sim/include/generated/autoconf.h)
foreach(directory ${KERNEL_INCLUDES})
	list(APPEND store_flags -I${directory})
endforeach()

# object_with_stores(NAME SOURCE FLAGS...) - NAME becomes the object file that is made of SOURCE.
function(object_with_stores name source)
	file(RELATIVE_PATH object ${PROJECT_SOURCE_DIR} ${source})
	string(REGEX REPLACE "^build[^/]*/" "" object ${object})
	set(object ${CMAKE_BINARY_DIR}/stores/${object}.o)
	get_filename_component(folder ${object} DIRECTORY)
	file(MAKE_DIRECTORY ${folder})
	add_custom_command(OUTPUT ${object}
		COMMAND ${CLANG} ${store_flags} ${ARGN} -MD -MF ${object}.d -c ${source} -o ${object}
		DEPENDS ${source} DEPFILE ${object}.d
		COMMENT "Building C object with calls at stores: ${object}" VERBATIM)
	set(${name} ${object} PARENT_SCOPE)
endfunction()

set(objects_with_stores "")
foreach(source ${kernel_sources})
	set(flags "")
	if(source IN_LIST kernel_modules)
		get_filename_component(module ${source} NAME_WE)
		set(flags -DMODULE "-DKBUILD_MODNAME=\"${module}\"")
	endif()
	object_with_stores(object ${source} ${flags})
	list(APPEND objects_with_stores ${object})
endforeach()

luosim_image(kernel-model-undo ${objects_with_stores}
	${CMAKE_CURRENT_SOURCE_DIR}/instrument/stores.c)
target_compile_definitions(kernel-model-undo PRIVATE SIM_STORES)
target_link_options(kernel-model-undo PRIVATE ${store_wraps})
install(TARGETS kernel-model-undo LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/luosim)
