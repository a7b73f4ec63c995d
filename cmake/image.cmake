# SPDX-License-Identifier: GPL-2.0
#
# luosim_image(NAME SOURCES...) - a kernel image: NAME.so, loaded by the machine.
#
# One symbol is visible from outside. Statics lie in one region (sim/image.lds), and
# function pointers of initcalls and tests in sections whose ends the linker names.
function(luosim_image name)
	add_library(${name} MODULE ${ARGN})
	set_target_properties(${name} PROPERTIES PREFIX "" C_STANDARD_REQUIRED OFF
		LINK_DEPENDS "${PROJECT_SOURCE_DIR}/sim/image.lds")
	target_link_libraries(${name} PRIVATE luosim-kernel ${LIBFDT_LIBRARY})
	target_link_options(${name} PRIVATE
		-Wl,-T,${PROJECT_SOURCE_DIR}/sim/image.lds
		-Wl,-z,noexecstack)
	# clang's runtimes are in the executable: there an image finds them when it is loaded.
	if(NOT LUOSIM_FUZZ)
		target_link_options(${name} PRIVATE -Wl,--no-undefined)
	endif()
endfunction()
