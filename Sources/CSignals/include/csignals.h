#pragma once

/* Whether SIGHUP was ignored when the program started, as `nohup` has it. */
int cs_hangup_was_ignored(void);
