#!/bin/bash
# What the guide says of its script: the commands of its manual backup, in one folder with a name.
set -e
name=${1:-openmemory-backup-$(date +%Y%m%d-%H%M%S)}
mkdir -p "backups/$name"
cp ./api/openmemory.db "backups/$name/"
cp ./api/config.json "backups/$name/"
docker run --rm -v openmemory_mem0_storage:/data:ro -v "$(pwd)/backups/$name:/backup" \
  alpine tar czf /backup/qdrant-storage.tar.gz -C /data .
echo "Backup of OpenMemory, made $(date)" >"backups/$name/backup-info.txt"
