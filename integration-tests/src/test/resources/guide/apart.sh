# apart.sh FOLDER, sourced in namespaces that end with the commands that follow: a store with a bucket my-bucket, a Qdrant at
# localhost:6333 with a collection openmemory of three points, and a crontab of its own.
mount -t tmpfs tmpfs /var/spool/cron/crontabs

export ROOT_ACCESS_KEY=guide ROOT_SECRET_KEY=only-for-the-guide
export AWS_ACCESS_KEY_ID=$ROOT_ACCESS_KEY AWS_SECRET_ACCESS_KEY=$ROOT_SECRET_KEY AWS_REGION=us-east-1
export OPENMEMORY_BACKUP_S3_ENDPOINT=http://127.0.0.1:7070
mkdir "$1/store" "$1/metadata"
versitygw --quiet --port 127.0.0.1:7070 --health /health posix --sidecar "$1/metadata" "$1/store" >"$1/store.log" 2>&1 &

(cd "$1" && exec "$JAVA_OF_TEST" -XX:TieredStopAtLevel=1 -cp "$CLASS_PATH_OF_TEST" \
  dev.openmemory.backup.testkit.qdrant.QdrantDoubleMain >qdrant.log 2>&1) &

curl_until_it_answers="curl --silent --show-error --fail --retry 600 --retry-connrefused --retry-delay 1 --retry-max-time 60"
$curl_until_it_answers http://127.0.0.1:7070/health >/dev/null
aws s3 mb s3://my-bucket >/dev/null
collection=http://localhost:6333/collections/openmemory
$curl_until_it_answers -X PUT "$collection" -d '{"vectors":{"size":4,"distance":"Cosine"}}' >/dev/null
for id in 1 2 3; do
  $curl_until_it_answers -X PUT "$collection/points" -d "{\"points\":[{\"id\":$id,\"vector\":[1,0,0,0],\"payload\":{\"user_id\":\"alice\"}}]}" \
    >/dev/null
done

newest_snapshot() { curl -s "$collection/snapshots" | { grep -o 'openmemory-[^"]*snapshot' || true; } | tail -n 1; }

ids() { curl -s -X POST "$collection/points/scroll" -d '{}' | grep -o '"id" *: *[0-9]*' | grep -o '[0-9]*' | paste -sd,; }
