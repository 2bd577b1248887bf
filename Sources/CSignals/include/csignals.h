#pragma once

/* Whether SIGHUP was ignored when the program started, as `nohup` has it. */
int cs_hangup_was_ignored(void);

/* Sends this process a signal when the one that started it ends, however it ends;
   false if that one, whose number is given, is gone already. */
int cs_follow_parent(int parent, int signal);
