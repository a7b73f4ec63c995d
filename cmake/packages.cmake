# SPDX-License-Identifier: GPL-2.0
#
# What luosim needs from elsewhere. If something is missing, configuring ends with the
# names of the Debian packages to install (scripts/deps installs them all).

set(missing_packages "")

macro(luosim_need found debian)
	if(NOT ${found})
		list(APPEND missing_packages ${debian})
	endif()
endmacro()

# pkg-config itself may be missing, so it is found by hand.
find_program(PKG_CONFIG_EXECUTABLE pkg-config)
luosim_need(PKG_CONFIG_EXECUTABLE pkg-config)
if(PKG_CONFIG_EXECUTABLE)
	find_package(PkgConfig REQUIRED)
	pkg_check_modules(GLIB QUIET IMPORTED_TARGET glib-2.0>=2.74 gio-2.0)
	pkg_check_modules(JSON_GLIB QUIET IMPORTED_TARGET json-glib-1.0)
	pkg_check_modules(LIBDW QUIET IMPORTED_TARGET libdw libelf)
	pkg_check_modules(CMOCKA QUIET IMPORTED_TARGET cmocka)
	pkg_check_modules(URCU QUIET IMPORTED_TARGET liburcu-cds)
	luosim_need(GLIB_FOUND libglib2.0-dev)
	luosim_need(JSON_GLIB_FOUND libjson-glib-dev)
	luosim_need(LIBDW_FOUND libdw-dev)
	luosim_need(CMOCKA_FOUND libcmocka-dev)
	luosim_need(URCU_FOUND liburcu-dev)
endif()

# Debian's libfdt has no pkg-config file.
find_path(LIBFDT_INCLUDE_DIR libfdt.h)
find_library(LIBFDT_LIBRARY NAMES libfdt.so libfdt.so.1)
luosim_need(LIBFDT_INCLUDE_DIR libfdt-dev)

find_program(PATCH_EXECUTABLE patch)
luosim_need(PATCH_EXECUTABLE patch)

if(LUOSIM_VALGRIND)
	find_program(VALGRIND_EXECUTABLE valgrind)
	luosim_need(VALGRIND_EXECUTABLE valgrind)
endif()

if(missing_packages)
	list(JOIN missing_packages " " names)
	message(FATAL_ERROR "Debian packages are missing: ${names}\n"
		"Install them with 'apt-get install ${names}', or run scripts/deps.")
endif()

# The simulated kernel is compiled without the C library's headers. It sees libfdt's own
# and nothing else of the system's.
set(LIBFDT_LINKS ${PROJECT_BINARY_DIR}/libfdt)
file(MAKE_DIRECTORY ${LIBFDT_LINKS})
foreach(header fdt.h libfdt.h libfdt_env.h)
	file(CREATE_LINK ${LIBFDT_INCLUDE_DIR}/${header} ${LIBFDT_LINKS}/${header} SYMBOLIC)
endforeach()
