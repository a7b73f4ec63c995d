# SPDX-License-Identifier: GPL-2.0
#
# luosim-stores: images in which each store to memory calls sim/instrument/stores.c first, so that
# it can be undone. The compiler's instrumentation for KASAN does that; its runtime is not used.

add_library(luosim-stores INTERFACE)

# Under these tools memory is never undone, and clang's instrumentation is another.
if(LUOSIM_SANITIZE OR LUOSIM_FUZZ OR LUOSIM_COVERAGE OR LUOSIM_VALGRIND OR
   NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
	return()
endif()

target_compile_definitions(luosim-stores INTERFACE SIM_STORES)
target_compile_options(luosim-stores INTERFACE
	-fsanitize=kernel-address
	"SHELL:--param asan-instrumentation-with-call-threshold=0"
	"SHELL:--param asan-instrument-reads=0"
	"SHELL:--param asan-stack=0"
	"SHELL:--param asan-globals=0"
	# One that is put in line is not seen.
	-fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
	-fno-builtin-strcpy -fno-builtin-strncpy -fno-builtin-strcat)
foreach(function memcpy memmove memset strcpy strncpy strcat)
	target_link_options(luosim-stores INTERFACE -Wl,--wrap=${function})
endforeach()

add_library(kernel-stores OBJECT ${CMAKE_CURRENT_SOURCE_DIR}/instrument/stores.c)
target_link_libraries(kernel-stores PRIVATE luosim-kernel)
target_compile_definitions(kernel-stores PRIVATE SIM_STORES)
target_sources(luosim-stores INTERFACE $<TARGET_OBJECTS:kernel-stores>)
