"""Makes the storage directory of a Qdrant with its own engine: make-store.py FOLDER POINTS"""
import os
import random
import sys

import qdrant_edge as edge

SIZE = 1536
BATCH = 500
WORDS = [f"word{i}" for i in range(5000)]

folder, points = sys.argv[1], int(sys.argv[2])
collection = os.path.join(folder, "collections", "openmemory")
shard_folder = os.path.join(collection, "0")
os.makedirs(shard_folder)
for file in (os.path.join(folder, "raft_state.json"), os.path.join(collection, "config.json")):
    with open(file, "w") as out:
        out.write("{}")
vectors = edge.EdgeVectorParams(size=SIZE, distance=edge.Distance.Cosine, on_disk=True)
shard = edge.EdgeShard.create(shard_folder, edge.EdgeConfig(vectors=vectors, on_disk_payload=True))
numbers = random.Random(points)
for start in range(0, points, BATCH):
    shard.update(edge.UpdateOperation.upsert_points([
        edge.Point(i, [numbers.gauss(0, 1) for _ in range(SIZE)],
                   {"user_id": "alice", "data": " ".join(numbers.choices(WORDS, k=30))})
        for i in range(start, min(points, start + BATCH))
    ]))
shard.flush()
shard.close()
