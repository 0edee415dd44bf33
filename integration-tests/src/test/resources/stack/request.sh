#!/bin/sh
# Answers the one request that comes over standard input.
storage=${QDRANT__STORAGE__STORAGE_PATH:-./storage}
cr=$(printf '\r')

answer() { # STATUS TYPE BODY
  printf 'HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %s\r\nconnection: close\r\n\r\n%s' "$1" "$2" "${#3}" "$3"
}

ok() { # RESULT
  answer '200 OK' application/json "{\"result\":$1,\"status\":\"ok\",\"time\":0.0}"
}

failed() { # STATUS ERROR
  answer "$1" application/json "{\"status\":{\"error\":\"$2\"},\"time\":0.0}"
}

collections() {
  separator=
  for config in "$storage"/collections/*/config.json; do
    [ -f "$config" ] || continue
    name=${config%/config.json}
    printf '%s{"name":"%s"}' "$separator" "${name##*/}"
    separator=,
  done
}

count() { # COLLECTION
  set -- "$storage/collections/$1/0/segments/points"/*
  [ -e "$1" ] && echo $# || echo 0
}

points() { # COLLECTION
  separator=
  for point in "$storage/collections/$1/0/segments/points"/*; do
    [ -e "$point" ] || continue
    id=${point##*/}
    printf '%s{"id":"%s","payload":{"user_id":"alice"},"vector":[1,0,0,0]}' "$separator" \
      "${id:0:8}-${id:8:4}-${id:12:4}-${id:16:4}-${id:20}"
    separator=,
  done
}

nearest() { # COLLECTION: ten points, which all have the same vector
  separator=
  left=10
  for point in "$storage/collections/$1/0/segments/points"/*; do
    [ -e "$point" ] && [ "$left" -gt 0 ] || continue
    id=${point##*/}
    printf '%s{"id":"%s","version":0,"score":1.0}' "$separator" \
      "${id:0:8}-${id:8:4}-${id:12:4}-${id:16:4}-${id:20}"
    separator=,
    left=$((left - 1))
  done
}

snapshot() { # FILE
  printf '{"name":"%s","creation_time":"%s","size":%s,"checksum":"%s"}' "${1##*/}" "$(date -u -r "$1" +%Y-%m-%dT%H:%M:%S)" \
    "$(stat -c %s "$1")" "$(sha256sum <"$1" | head -c 64)"
}

snapshots() { # COLLECTION
  separator=
  for file in "/qdrant/snapshots/$1"/*; do
    [ -e "$file" ] || continue
    printf '%s' "$separator"
    snapshot "$file"
    separator=,
  done
}

make_snapshot() { # COLLECTION
  mkdir -p "/qdrant/snapshots/$1"
  file=/qdrant/snapshots/$1/$1-$(date -u +%Y-%m-%d-%H-%M-%S).snapshot
  echo "$1" >"$file"
  snapshot "$file"
}

put_point() { # COLLECTION ID
  segments=$storage/collections/$1/0/segments
  echo "$2" >"$segments/.$2" && mv "$segments/.$2" "$segments/points/$2"
}

of_collection() { # METHOD NAME REST
  [ -f "$storage/collections/$2/config.json" ] || {
    failed '404 Not Found' "Not found: Collection \`$2\` doesn't exist!"
    return
  }
  case "$1 $3" in
    'GET ')
      ok "{\"status\":\"grey\",\"optimizer_status\":\"ok\",\"points_count\":$(count "$2"),\"segments_count\":1,\"config\":$(cat "$storage/collections/$2/config.json"),\"update_queue\":{\"length\":0}}"
      ;;
    'POST points/count') ok "{\"count\":$(count "$2")}" ;;
    'POST points/query') ok "{\"points\":[$(nearest "$2")]}" ;;
    'POST points/scroll') ok "{\"points\":[$(points "$2")],\"next_page_offset\":null}" ;;
    'GET snapshots') ok "[$(snapshots "$2")]" ;;
    'POST snapshots') ok "$(make_snapshot "$2")" ;;
    'POST snapshots/upload')
      case $query in
        *checksum=0000*) failed '400 Bad Request' 'Snapshot checksum mismatch' ;;
        *)
          echo uploaded >/qdrant/uploaded
          ok true
          ;;
      esac
      ;;
    'DELETE snapshots/'*)
      rm "/qdrant/snapshots/$2/${3#snapshots/}"
      ok true
      ;;
    'PUT points/'*)
      if put_point "$2" "${3#points/}"; then
        ok '{"operation_id":0,"status":"completed"}'
      else
        failed '500 Internal Server Error' 'Service internal error'
      fi
      ;;
    *) failed '404 Not Found' 'Not found' ;;
  esac
}

read -r method path _ || exit 0
query=${path#*\?}
path=${path%%\?*}
length=0
while read -r header value && [ "$header" != "$cr" ]; do
  case $header in
    [Cc]ontent-[Ll]ength:) length=${value%"$cr"} ;;
  esac
done
# A connection that is closed with its input unread is reset, and the answer may be lost.
[ "$length" = 0 ] || head -c "$length" >/dev/null

case "$method $path" in
  'GET /')
    answer '200 OK' application/json '{"title":"qdrant - vector search engine","version":"1.18.3","commit":"db8fa43fcb6aedec1e739487e17a99731b74590a"}'
    ;;
  'GET /readyz') answer '200 OK' 'text/plain; charset=utf-8' 'all shards are ready' ;;
  'GET /aliases') ok '{"aliases":[]}' ;;
  'GET /collections') ok "{\"collections\":[$(collections)]}" ;;
  *' /collections/'*)
    rest=${path#/collections/}
    name=${rest%%/*}
    rest=${rest#"$name"}
    of_collection "$method" "$name" "${rest#/}"
    ;;
  *) failed '404 Not Found' 'Not found' ;;
esac
