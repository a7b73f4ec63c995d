# SPDX-License-Identifier: GPL-2.0
#
# Images in which each access to memory calls sim/instrument/hooks.c. The compiler's
# instrumentation for ThreadSanitizer does that; its runtime is not used.

set(hook_flags
	-fsanitize=thread
	"SHELL:--param tsan-distinguish-volatile=1"
	"SHELL:--param tsan-instrument-func-entry-exit=0"
	# A string function that is put in line, or that was a loop, is not seen.
	-fno-builtin -fno-tree-loop-distribute-patterns)

# String functions of the C library, so that what they touch is seen.
foreach(function memcpy memmove memset memcmp memchr strlen strnlen strcmp strncmp strcpy
		strncpy strcat strchr strrchr strstr)
	list(APPEND hook_wraps -Wl,--wrap=${function})
endforeach()

# What synchronises is told by itself, see sim_sync(); how it is done is the simulator's.
set(unhooked_sources ${kernel_sources})
list(FILTER unhooked_sources INCLUDE REGEX
	"/sim/(locking/|kernel/(s?rcu|rcu_callback|signal|task)\\.c|lib/xarray|lib/xas\\.c|mm/(folio_lock|slub|page_alloc|buddy|cpu_parts)\\.c)")
list(REMOVE_ITEM kernel_sources ${unhooked_sources})

add_library(kernel-objects-hooks OBJECT ${kernel_sources})
target_link_libraries(kernel-objects-hooks PRIVATE luosim-kernel)
target_compile_definitions(kernel-objects-hooks PRIVATE SIM_HOOKS)
target_compile_options(kernel-objects-hooks PRIVATE ${hook_flags})

add_library(kernel-objects-unhooked OBJECT ${unhooked_sources}
	${CMAKE_CURRENT_SOURCE_DIR}/instrument/hooks.c
	${CMAKE_CURRENT_SOURCE_DIR}/instrument/atomics.c
	${CMAKE_CURRENT_SOURCE_DIR}/instrument/strings.c)
target_link_libraries(kernel-objects-unhooked PRIVATE luosim-kernel)
target_compile_definitions(kernel-objects-unhooked PRIVATE SIM_HOOKS)

set(hooked_objects $<TARGET_OBJECTS:kernel-objects-hooks>
	$<TARGET_OBJECTS:kernel-objects-unhooked>)
luosim_image(kernel-model-hooks ${hooked_objects})
luosim_image(kernel-tests-hooks ${hooked_objects} ${kernel_tests})

foreach(image kernel-model-hooks kernel-tests-hooks)
	set_target_properties(${image} PROPERTIES LINKER_LANGUAGE C)
	target_compile_definitions(${image} PRIVATE SIM_HOOKS)
	target_compile_options(${image} PRIVATE ${hook_flags})
	target_link_options(${image} PRIVATE ${hook_wraps})
endforeach()
install(TARGETS kernel-model-hooks LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/luosim)
