"""Opens a collection with the storage engine of Qdrant, the package qdrant-edge-py, and reads all of it.

    version                            tells the version of the package
    storage FOLDER SAMPLE NEAREST      the folder of a collection in a storage; the engine writes to it
    snapshot FILE WORK SAMPLE NEAREST  the snapshot of a collection, unpacked in an empty folder
    read-storage FOLDER IDS            of the same folder: the points with the ids in that file, one a line
    read-snapshot FILE WORK IDS        of the same snapshot
    control WORK                       a small store of its own, in an empty folder: does the engine work here?

Prints one JSON document a line: count, then points (id and user_id, in the order of the ids), then examined; of points that are read:
params of the collection, then whole (id, payload and vectors), then read; or an error.
Standard input stays open as long as the process that started this one is there.
"""
import errno
import heapq
import importlib.metadata
import json
import os
import re
import select
import signal
import sys
import tarfile
import threading
import uuid

PAGE = 256
WHOLE_PAGE = 16
MOST_NAMED = 10
MOST_TEXT = 400


def end_with_parent():
    """The engine holds Python's lock while it works, so a thread alone would come too late: the system sends SIGIO, which ends the process."""
    try:
        import fcntl
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO})
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([0], [], [], 0)[0]:
            os._exit(1)
    except (ImportError, AttributeError, OSError):
        pass  # Not every system has that.
    threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()


def tell(**document):
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def order(point):
    """As Qdrant orders ids: numbers, then UUIDs by their bits."""
    return (0, point.id) if isinstance(point.id, int) else (1, point.id.int)


def points_of(edge, shard):
    offset = None
    while True:
        page, offset = shard.scroll(
            edge.ScrollRequest(offset=offset, limit=PAGE, with_payload=True, with_vector=True))
        for point in page:
            yield point, shard
        if offset is None:
            return


def vectors_of(point):
    if isinstance(point.vector, dict):
        return point.vector
    return {"": point.vector} if point.vector is not None else {}


def has_number(vector):
    if isinstance(vector, (int, float)):
        return vector != 0
    return any(has_number(part) for part in getattr(vector, "values", vector))


def is_dense(vector):
    return isinstance(vector, list) and vector and not isinstance(vector[0], list)


def finds(edge, shard, point, name, vector, nearest, exact):
    """The nearest points may all have the same vector; then one of them is as good."""
    query = edge.Query.Nearest(vector, using=name or None)
    hits = shard.search(
        edge.SearchRequest(query=query, limit=nearest, params=edge.SearchParams(exact=exact)))
    return any(hit.id == point.id for hit in hits) or (
        len(hits) == nearest and hits[0].score == hits[-1].score)


def examine(edge, shards, sample, nearest):
    count = sum(shard.count(edge.CountRequest(exact=True)) for shard in shards)
    tell(count=count)
    step = max(1, count // sample)
    seen = lost = searched = 0
    first, not_found, ids = [], [], []
    streams = [points_of(edge, shard) for shard in shards]
    for point, shard in heapq.merge(*streams, key=lambda pair: order(pair[0])):
        user = (point.payload or {}).get("user_id")
        ids.append([point.id if isinstance(point.id, int) else str(point.id), user if isinstance(user, str) else None])
        vectors = vectors_of(point)
        dense = [(name, vector) for name, vector in vectors.items() if is_dense(vector) and has_number(vector)]
        if not any(has_number(vector) for vector in vectors.values()):
            lost += 1
            first.append(str(point.id)) if len(first) < MOST_NAMED else None
        elif seen % step == 0 and dense:
            searched += 1
            name, vector = dense[0]
            if not any(finds(edge, shard, point, name, vector, nearest, exact) for exact in (False, True)):
                not_found.append(str(point.id)) if len(not_found) < MOST_NAMED else None
        seen += 1
        if len(ids) == PAGE:
            tell(points=ids)
            ids = []
    tell(points=ids)
    tell(examined={"points": seen, "withoutVector": lost, "first": first, "searched": searched, "notFound": not_found})


def plain(vector):
    """As the REST interface of Qdrant has it."""
    if isinstance(vector, dict):
        return {name: plain(one) for name, one in vector.items()}
    if hasattr(vector, "indices"):
        return {"indices": list(vector.indices), "values": list(vector.values)}
    return vector


def read(edge, shards, folder, ids):
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        tell(params=json.load(file)["params"])
    with open(ids, encoding="ascii") as file:
        wanted = [uuid.UUID(line) for line in file.read().split()]
    seen = 0
    for start in range(0, len(wanted), WHOLE_PAGE):
        page = wanted[start:start + WHOLE_PAGE]
        found = [point for shard in shards for point in shard.retrieve(page, True, True)]
        tell(whole=[{"id": str(p.id), "payload": p.payload or {}, "vector": plain(p.vector)} for p in found])
        seen += len(found)
    tell(read=seen)


def shards_of(folder):
    return sorted(name for name in os.listdir(folder) if name.isdigit())


def load_storage(edge, folder):
    return [edge.EdgeShard.load(os.path.join(folder, name)) for name in shards_of(folder)]


def load_snapshot(edge, file, work):
    """The engine unpacks snapshots of shards; in that of a collection they lie in folders."""
    whole = os.path.join(work, "whole")
    with tarfile.open(file) as tar:
        tar.extractall(whole, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    shards = []
    for name in shards_of(whole):
        part, folder = os.path.join(work, name + ".tar"), os.path.join(work, name)
        with tarfile.open(part, "w") as tar:
            for entry in sorted(os.listdir(os.path.join(whole, name))):
                tar.add(os.path.join(whole, name, entry), entry)
        edge.EdgeShard.unpack_snapshot(part, folder)
        os.remove(part)
        shards.append(edge.EdgeShard.load(folder))
    return shards


def control(edge, work):
    folder = os.path.join(work, "control")
    os.mkdir(folder)
    vectors = edge.EdgeVectorParams(size=4, distance=edge.Distance.Cosine)
    shard = edge.EdgeShard.create(folder, edge.EdgeConfig(vectors=vectors, on_disk_payload=True))
    points = [edge.Point(i, [1.0, i, 0.5, 0.2], {"user_id": str(i)}) for i in range(1, 9)]
    shard.update(edge.UpdateOperation.upsert_points(points))
    shard.flush()
    shard.close()
    examine(edge, [edge.EdgeShard.load(folder)], len(points), len(points))


def tell_failure(failure):
    """The names of its classes and the error of the system, which are the same in each language."""
    text = str(failure) or type(failure).__name__
    known = re.search(r"\bos error (\d+)|\bOs \{ code: (\d+)", text)
    number = getattr(failure, "errno", None) or (int(known[1] or known[2]) if known else None)
    tell(error={
        "types": [kind.__name__ for kind in type(failure).__mro__],
        "errno": errno.errorcode.get(number, str(number or "")),
        "text": " ".join(text.split())[:MOST_TEXT],
    })


def main(command, *rest):
    try:
        end_with_parent()
        import qdrant_edge as edge
        if command == "version":
            return tell(version=importlib.metadata.version("qdrant-edge-py"))
        if command == "control":
            return control(edge, *rest)
        if command == "read-storage":
            return read(edge, load_storage(edge, rest[0]), *rest)
        if command == "read-snapshot":
            file, work, ids = rest
            return read(edge, load_snapshot(edge, file, work), os.path.join(work, "whole"), ids)
        *place, sample, nearest = rest
        shards = (load_storage if command == "storage" else load_snapshot)(edge, *place)
        examine(edge, shards, int(sample), int(nearest))
    except BaseException as failure:  # A panic of the engine is no Exception.
        tell_failure(failure)


main(*sys.argv[1:])
