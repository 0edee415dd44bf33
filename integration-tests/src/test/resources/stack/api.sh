#!/bin/sh
# Stands in for OpenMemory: it writes all the time. The shell that gets the signals does not write itself: it would only
# look at them after its current command.
trap 'exit 143' TERM
/opt/stack/writer.sh &
wait
