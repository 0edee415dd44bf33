"""Reads and makes stores of Qdrant with its own storage engine, the package qdrant-edge-py; prints JSON.

    store.py describe SHARD      the points in the folder of a shard
    store.py snapshot FILE       the points in the snapshot of a collection of one shard
    store.py create SHARD COUNT  puts so many points in the place of those in the folder of a shard
    store.py memories SHARD COUNT  the same with ids that are UUIDs: abcdef00-..., counted from 0
    store.py write SHARD LOG     makes an empty shard there and writes to it until it is ended; see write()
"""
import hashlib
import json
import os
import random
import shutil
import struct
import sys
import tarfile
import tempfile
import time
import uuid

import qdrant_edge as edge

BLOCK = 1 << 20
MUCH = 1 << 20
SIZE = 1536
WRITTEN_SIZE = 64


def copy(source, target):
    """With holes where there are zeros: most of a store is empty."""
    with open(source, "rb") as read, open(target, "wb") as written:
        while block := read.read(BLOCK):
            if block.count(0) == len(block):
                written.seek(len(block), os.SEEK_CUR)
            else:
                written.write(block)
        written.truncate()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def digest_of_payload(payload):
    return digest(json.dumps(payload, sort_keys=True).encode())


def digest_of_vector(vector):
    return digest(struct.pack(f"<{len(vector)}f", *vector))


def describe(shard):
    points, _ = shard.scroll(edge.ScrollRequest(limit=MUCH, with_payload=True, with_vector=True))
    known = {"count": shard.count(edge.CountRequest(exact=True)), "payloads": {}, "vectors": {}, "lost": []}
    for point in points:
        known["payloads"][str(point.id)] = digest_of_payload(point.payload)
        vector = point.vector or []
        known["vectors"][str(point.id)] = digest_of_vector(vector)
        if not any(vector) or not finds(shard, vector):
            known["lost"].append(str(point.id))
    return known


def finds(shard, vector):
    """Whether the engine finds something that is as good as the vector itself."""
    found = shard.search(edge.SearchRequest(query=edge.Query.Nearest(vector), limit=1))
    return bool(found) and found[0].score > 0.999


def describe_copy(folder, work):
    """Opening a store writes to it."""
    shutil.copytree(folder, os.path.join(work, "copy"), copy_function=copy)
    return describe(edge.EdgeShard.load(os.path.join(work, "copy")))


def describe_snapshot(file, work):
    """The engine unpacks those of shards; that of a collection has the content of one in a folder."""
    whole, part = os.path.join(work, "whole"), os.path.join(work, "part.tar")
    with tarfile.open(file) as tar:
        tar.extractall(whole)
    with tarfile.open(part, "w") as tar:
        for name in sorted(os.listdir(os.path.join(whole, "0"))):
            tar.add(os.path.join(whole, "0", name), name)
    edge.EdgeShard.unpack_snapshot(part, os.path.join(work, "shard"))
    return describe(edge.EdgeShard.load(os.path.join(work, "shard")))


def generated(count, id_of):
    numbers = random.Random(count)
    return [
        edge.Point(id_of(i), [numbers.uniform(-1, 1) for _ in range(SIZE)], {"user_id": "alice", "data": f"memory {i}"})
        for i in range(count)
    ]


def read(file):
    with open(file) as lines:
        points = map(json.loads, lines)
        return [edge.Point(uuid.UUID(p["id"]), p["vector"], p["payload"]) for p in points]


def create(folder, points, work):
    made = os.path.join(work, "made")
    os.mkdir(made)
    vectors = edge.EdgeVectorParams(size=SIZE, distance=edge.Distance.Cosine, on_disk=True)
    shard = edge.EdgeShard.create(made, edge.EdgeConfig(vectors=vectors, on_disk_payload=True))
    shard.update(edge.UpdateOperation.upsert_points(points))
    shard.flush()
    shard.close()
    for name in ("segments", "wal"):
        shutil.rmtree(os.path.join(folder, name))
        shutil.copytree(os.path.join(made, name), os.path.join(folder, name), copy_function=copy)
    return {}


def write(folder, log):
    """Each line of the log is an acknowledged write: digests by id of four new points and of an old one that changed."""
    made, numbers, count = folder + ".made", random.Random(7), 0
    os.makedirs(made)
    vectors = edge.EdgeVectorParams(size=WRITTEN_SIZE, distance=edge.Distance.Dot, on_disk=True)
    edge.EdgeShard.create(made, edge.EdgeConfig(vectors=vectors, on_disk_payload=True)).close()
    os.makedirs(folder, exist_ok=True)
    for name in ("segments", "wal"):
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        shutil.move(os.path.join(made, name), folder)
    shutil.rmtree(made)
    shard = edge.EdgeShard.load(folder)
    with open(log, "w") as acknowledged:
        while True:
            ids = [*range(count + 1, count + 5), numbers.randrange(count) + 1] if count else range(1, 5)
            count += 4
            # Numbers that a float holds exactly.
            points = {i: ([1 + numbers.randrange(1024) / 1024 for _ in range(WRITTEN_SIZE)],
                          {"user_id": "alice", "data": f"memory {i} of {count}" + "." * (count % 500)}) for i in ids}
            shard.update(edge.UpdateOperation.upsert_points([edge.Point(i, *point) for i, point in points.items()]))
            acknowledged.write(json.dumps({
                "time": time.time(),
                "payloads": {str(i): digest_of_payload(payload) for i, (_, payload) in points.items()},
                "vectors": {str(i): digest_of_vector(vector) for i, (vector, _) in points.items()},
            }) + "\n")
            acknowledged.flush()
            if count % 200 == 0:
                shard.flush()
            if count % 1000 == 0:
                shard.optimize()
            time.sleep(0.005)


def main(command, subject, *rest):
    if command == "write":
        return write(subject, rest[0])
    with tempfile.TemporaryDirectory() as work:
        try:
            if command == "describe":
                return describe_copy(subject, work)
            if command == "snapshot":
                return describe_snapshot(subject, work)
            if command == "load":
                return create(subject, read(rest[0]), work)
            id_of = (lambda number: uuid.UUID(int=(0xABCDEF << 104) + number)) if command == "memories" else (lambda number: number)
            return create(subject, generated(int(rest[0]), id_of), work)
        except BaseException as failure:  # A panic of the engine is no Exception.
            return {"error": str(failure) or type(failure).__name__}


json.dump(main(*sys.argv[1:]), sys.stdout)
