# SPDX-License-Identifier: GPL-2.0
#
# What tests say they are about, as a table in C for `luosim properties`.
#
#	cmake -D SOURCE=… -D OUT=… -P announced.cmake
#
# tests/sim/*.c		SIM_TEST(NAME, "P-05", …)
# tests/broken/*.patch	Expect: P-28
# tests/model/*.c, tests/races/*.c	…__is_p28(, …__is_k_page(	planted violations of checkers

set(tests "")
set(planted "")

file(GLOB files ${SOURCE}/tests/sim/*.c)
foreach(file IN LISTS files)
	file(READ ${file} text)
	string(REGEX MATCHALL "SIM_TEST\\([a-z0-9_]+,[^)]*\\)" found "${text}")
	foreach(one IN LISTS found)
		string(REGEX REPLACE "SIM_TEST\\(([a-z0-9_]+),.*" "\\1" name "${one}")
		string(REGEX MATCHALL "[PK]-[A-Z0-9-]+" ids "${one}")
		string(REPLACE ";" " " ids "${ids}")
		string(APPEND tests "\t{ \"${name}\", \"${ids}\" },\n")
	endforeach()
endforeach()

file(GLOB files ${SOURCE}/tests/broken/*.patch)
foreach(file IN LISTS files)
	get_filename_component(name ${file} NAME_WE)
	file(STRINGS ${file} expect REGEX "^Expect: ")
	string(REPLACE "Expect: " "" id "${expect}")
	string(APPEND planted "\t{ \"tests/broken/${name}.patch\", \"${id}\" },\n")
endforeach()

file(GLOB files ${SOURCE}/tests/model/*.c ${SOURCE}/tests/races/*.c)
foreach(file IN LISTS files)
	file(READ ${file} text)
	string(REGEX MATCHALL "static void [a-z0-9_]+__is_(p[0-9]|k_)[a-z0-9_]+\\(" found "${text}")
	foreach(one IN LISTS found)
		string(REGEX REPLACE "static void ([a-z0-9_]+)\\(" "\\1" name "${one}")
		string(REGEX REPLACE ".*__is_([a-z0-9_]+)" "\\1" id "${name}")
		string(REGEX REPLACE "_with_.*" "" id "${id}")
		string(TOUPPER "${id}" id)
		string(REGEX REPLACE "^P([0-9]+)$" "P-\\1" id "${id}")
		string(REPLACE "_" "-" id "${id}")
		string(APPEND planted "\t{ \"${name}\", \"${id}\" },\n")
	endforeach()
endforeach()

set(table "/* Made by cmake/announced.cmake from tests/. */\n\n#include <stddef.h>\n\n")
string(APPEND table "#include \"cli/announced.h\"\n\n")
string(APPEND table "const struct announced announced_tests[] = {\n${tests}\t{ NULL, NULL }\n};\n\n")
string(APPEND table
	"const struct announced announced_planted[] = {\n${planted}\t{ NULL, NULL }\n};\n")
file(CONFIGURE OUTPUT ${OUT} CONTENT "${table}" @ONLY)
