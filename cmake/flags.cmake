# SPDX-License-Identifier: GPL-2.0
#
# Compiler flags: of everything, of hosted code, and of kernel images.

# Reports and debug information name files from the top of the source tree, wherever
# that lies. The build folder's own prefix comes last, for it may lie inside.
add_compile_options(
	-g
	-fno-omit-frame-pointer
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
	-ffile-prefix-map=${PROJECT_BINARY_DIR}=.)

if(LUOSIM_WERROR)
	add_compile_options(-Werror)
endif()

if(LUOSIM_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
	add_link_options(-fsanitize=address,undefined)
endif()

if(LUOSIM_FUZZ)
	if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
		message(FATAL_ERROR "LUOSIM_FUZZ needs clang: use the preset \"fuzz\".")
	endif()
	add_compile_options(-fsanitize=address)
	add_link_options(-fsanitize=address)
endif()

if(LUOSIM_COVERAGE)
	add_compile_options(--coverage -fprofile-update=atomic)
	add_link_options(--coverage)
endif()

# Hosted code: the model, the scenario language, the command, the tests.
add_library(luosim-hosted INTERFACE)
target_compile_options(luosim-hosted INTERFACE
	$<$<COMPILE_LANGUAGE:C>:-std=gnu11 -Wall -Wextra -Wmissing-prototypes>
	$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wshadow -Wundef -Wpointer-arith>)
# sim/include holds the kernel's headers as well, but of those only host/ is for hosts.
target_include_directories(luosim-hosted INTERFACE
	${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/host-include)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/host-include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/sim/include/host ${PROJECT_BINARY_DIR}/host-include/host
	SYMBOLIC)
target_link_libraries(luosim-hosted INTERFACE PkgConfig::GLIB)

# Kernel images: freestanding headers, the kernel's own dialect of C.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
	OUTPUT_VARIABLE COMPILER_INCLUDE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)

set(KERNEL_DIALECT
	-std=gnu11
	-D__KERNEL__
	-fno-strict-aliasing -fno-delete-null-pointer-checks -fwrapv -fno-common
	-fdata-sections -ffunction-sections
	-fno-optimize-sibling-calls
	-fvisibility=hidden -fPIC)
set(KERNEL_INCLUDES
	${PROJECT_SOURCE_DIR}/sim/include
	${PROJECT_SOURCE_DIR}/kernel-port/include
	${PROJECT_SOURCE_DIR}/kernel-port/virt/kvm
	${PROJECT_SOURCE_DIR}/sim/kvm
	${LIBFDT_LINKS})

add_library(luosim-kernel INTERFACE)
target_compile_options(luosim-kernel INTERFACE
	${KERNEL_DIALECT}
	-nostdinc "SHELL:-isystem ${COMPILER_INCLUDE_DIR}"
	"SHELL:-include ${PROJECT_SOURCE_DIR}/sim/include/generated/autoconf.h"
	$<$<C_COMPILER_ID:GNU>:-fno-shrink-wrap>
	-Wall -Wextra -Wno-unused-parameter -Wno-sign-compare
	-Wno-missing-field-initializers -Wno-pointer-sign
	-Wno-address-of-packed-member
	$<$<C_COMPILER_ID:Clang>:-Wno-unused-variable>)
# What guides libFuzzer is which kernel code runs. The counters lie outside the statics
# (sim/image.lds), so boots don't reset them.
if(LUOSIM_FUZZ)
	target_compile_options(luosim-kernel INTERFACE
		-fsanitize-coverage=inline-8bit-counters,pc-table)
endif()
target_include_directories(luosim-kernel INTERFACE ${KERNEL_INCLUDES})

# The same for scripts/check-headers, which compiles files of a kernel tree.
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/kernel-flags CONTENT
"$<JOIN:$<TARGET_PROPERTY:luosim-kernel,INTERFACE_COMPILE_OPTIONS>,\n>
-I$<JOIN:$<TARGET_PROPERTY:luosim-kernel,INTERFACE_INCLUDE_DIRECTORIES>,\n-I>
")
