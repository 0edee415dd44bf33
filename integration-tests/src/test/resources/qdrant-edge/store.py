"""Reads and makes stores of Qdrant with its own storage engine, the package qdrant-edge-py; prints JSON.

    store.py describe SHARD      the points in the folder of a shard
    store.py snapshot FILE       the points in the snapshot of a collection of one shard
    store.py create SHARD COUNT  puts so many points in the place of those in the folder of a shard
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

import qdrant_edge as edge

BLOCK = 1 << 20
MUCH = 1 << 20
SIZE = 1536


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


def describe(shard):
    points, _ = shard.scroll(edge.ScrollRequest(limit=MUCH, with_payload=True, with_vector=True))
    known = {"count": shard.count(edge.CountRequest(exact=True)), "payloads": {}, "vectors": {}, "lost": []}
    for point in points:
        known["payloads"][str(point.id)] = digest(json.dumps(point.payload, sort_keys=True).encode())
        vector = point.vector or []
        known["vectors"][str(point.id)] = digest(struct.pack(f"<{len(vector)}f", *vector))
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


def create(folder, count, work):
    made = os.path.join(work, "made")
    os.mkdir(made)
    vectors = edge.EdgeVectorParams(size=SIZE, distance=edge.Distance.Cosine, on_disk=True)
    shard = edge.EdgeShard.create(made, edge.EdgeConfig(vectors=vectors, on_disk_payload=True))
    numbers = random.Random(count)
    shard.update(edge.UpdateOperation.upsert_points([
        edge.Point(i, [numbers.uniform(-1, 1) for _ in range(SIZE)], {"user_id": "alice", "data": f"memory {i}"})
        for i in range(count)
    ]))
    shard.flush()
    shard.close()
    for name in ("segments", "wal"):
        shutil.rmtree(os.path.join(folder, name))
        shutil.copytree(os.path.join(made, name), os.path.join(folder, name), copy_function=copy)
    return {}


def main(command, subject, *rest):
    with tempfile.TemporaryDirectory() as work:
        try:
            if command == "describe":
                return describe_copy(subject, work)
            if command == "snapshot":
                return describe_snapshot(subject, work)
            return create(subject, int(rest[0]), work)
        except BaseException as failure:  # A panic of the engine is no Exception.
            return {"error": str(failure) or type(failure).__name__}


json.dump(main(*sys.argv[1:]), sys.stdout)
