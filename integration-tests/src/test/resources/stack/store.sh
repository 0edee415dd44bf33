#!/bin/sh
# Stands in for Qdrant: the same places, the same answers, and points that are files.
storage=${QDRANT__STORAGE__STORAGE_PATH:-./storage}
collection=$storage/collections/openmemory
if [ ! -e "$collection/config.json" ]; then
  mkdir -p "$storage/aliases" "$collection/0/wal" "$collection/0/segments/points"
  echo '{}' >"$storage/aliases/data.json"
  echo '{"state":{"hard_state":{"term":0,"vote":0,"commit":0}}}' >"$storage/raft_state.json"
  truncate -s 1M "$collection/0/wal/open-1"
  echo '{"params":{"vectors":{"size":1536,"distance":"Cosine"},"shard_number":1}}' >"$collection/config.json"
fi
trap 'exit 143' TERM
nc -ll -p 6333 -e /opt/stack/request.sh &
wait
