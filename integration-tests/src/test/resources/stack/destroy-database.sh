#!/bin/sh
# destroy-database.sh FOLDER: as if somebody deleted the files under the writer, which is held so that it makes no new ones.
until killall -q -STOP writer.sh; do
  sleep 0.01
done
killall -q -KILL sqlite3 nc
rm -f "$1"/openmemory.db* /usr/src/openmemory/config.json
