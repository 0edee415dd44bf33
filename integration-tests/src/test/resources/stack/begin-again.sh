#!/bin/sh
# Ends the writer that was held, so that another one begins with an empty database.
cp /opt/stack/config.json /usr/src/openmemory/
# One of its subshells may end before it is its turn, which is no failure.
killall -q -KILL writer.sh || true
