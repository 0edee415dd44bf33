#!/bin/sh
# A memory is a point in the store first and a row in the database then, and no other is begun before both are there. Its
# id is chosen by the transaction before, so a writer that was killed goes on with the same one.
url=${DATABASE_URL:-sqlite:///./openmemory.db}
database=${url#sqlite:///}

sql() {
  sqlite3 -bail -cmd '.timeout 10000' "$database" "$1"
}

put() { # ID
  printf 'PUT /collections/openmemory/points/%s HTTP/1.0\r\n\r\n' "$1" | nc "$QDRANT_HOST" 6333 | grep -q '^HTTP/1.1 200'
}

insert() { # ID: prints the next one
  sql "BEGIN IMMEDIATE;
    INSERT INTO memories (id, user_id, app_id, content, state, created_at)
      SELECT '$1', owner_id, id, 'memory $1', 'active', strftime('%Y-%m-%d %H:%M:%f000', 'now') FROM apps;
    UPDATE next_memory SET id = lower(hex(randomblob(16)));
    COMMIT;
    SELECT id FROM next_memory;"
}

until next=$(sql 'SELECT id FROM next_memory'); do
  sql "$(cat /opt/stack/schema.sql)"
  sleep 0.1
done
while :; do
  if put "$next"; then
    stored=$next
    if next=$(insert "$next"); then
      echo "stored $stored $(cat /proc/uptime)"
    else
      next=
    fi
  fi
  until [ -n "$next" ]; do
    sleep 0.1
    next=$(sql 'SELECT id FROM next_memory')
  done
  sleep 0.05
done
