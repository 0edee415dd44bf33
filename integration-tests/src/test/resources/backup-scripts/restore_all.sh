#!/bin/bash
# What the guide says of its script: a list without a name, else a question and the commands of its manual restore.
set -e
if [ -z "${1:-}" ]; then
  echo "Available backups:"
  ls backups
  exit 0
fi
echo "This overwrites all data. Continue? (yes/no)"
read -r answer
[ "$answer" = yes ] || exit 1
docker compose stop
cp "backups/$1/openmemory.db" ./api/openmemory.db
cp "backups/$1/config.json" ./api/config.json
docker run --rm -v openmemory_mem0_storage:/data -v "$(pwd)/backups/$1:/backup:ro" \
  alpine sh -c "rm -rf /data/* && tar xzf /backup/qdrant-storage.tar.gz -C /data"
docker compose start
