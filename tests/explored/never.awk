# SPDX-License-Identifier: GPL-2.0
# Reads what "luosim explore --all-traces" prints. Names each alternative of a statement that
# no ordering came to, and exits with 1 if there are any.

# What a call that succeeded came to: nothing else, a number, contents.
function is_ok(outcome)
{
	return outcome !~ /^(E[A-Z0-9]+|SIG[A-Z]+|killed|skipped|did not return|eof)$/
}

# Outcomes of one kind have one name: Linux has two for EAGAIN.
function named(outcome)
{
	return outcome == "EWOULDBLOCK" ? "EAGAIN" : outcome
}

# "        THREAD:LINE: STATEMENT -> OUTCOME", the statement with what it may come to.
match($0, /^        [a-zA-Z_0-9]+:[0-9]+: /) {
	rest = substr($0, RLENGTH + 1)
	where = $1
	outcome = rest
	sub(/^.* -> /, "", outcome)
	statement = substr(rest, 1, length(rest) - length(outcome) - length(" -> "))
	wanted = "ok"
	if (match(statement, / -> [^ ]+/))
		wanted = substr(statement, RSTART + 4, RLENGTH - 4)
	key = where " " statement
	all[key] = wanted
	happened[key, named(outcome)]++
	if (is_ok(outcome))
		happened[key, "ok"]++
	next
}

# "FILE.scn  … every ordering" comes after the executions of one scenario.
/^[^ ]+\.scn / {
	for (key in all) {
		count = split(all[key], alternative, "|")
		for (i = 1; i <= count; i++) {
			name = alternative[i]
			# Killed at whatever step, or stopped by the jump: nothing to be said.
			if (happened[key, named(name)] || (key, "killed") in happened ||
			    name ~ /"/)
				continue
			# A real kernel kills who poisons, luosim says what madvise() returned.
			if (name == "SIGBUS" && key ~ / poison /)
				continue
			print $1 ": no ordering comes to " name ": " key
			never = 1
		}
	}
	delete all
	delete happened
}

END { exit never }
