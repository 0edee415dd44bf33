package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.JsonObject;
import java.util.Optional;

/**
 * Finds out what became of a restore after its answer was lost; it runs on without its client, and
 * nothing says when it is over.
 *
 * <p>It counts as done when the collection was seen to be replaced, and then was readable, with the
 * same number of points and nothing waiting to be applied, for a while. Seen to be replaced it is
 * when it is there and was not before; when it cannot be read for a moment, which is how the
 * exchange of a shard looks from outside; or when its number of points is another. Of an upload the
 * server must also list the file, which it does only of one that arrived complete. Without such
 * signs a restore never counts as done.
 */
final class RestoreWatch {
  private final Transport transport;
  private final String collection;
  private final Optional<String> file;
  private final Optional<State> before;

  private boolean replaced;
  private Optional<State> last = Optional.empty();

  /** What a look at a collection shows. */
  private record State(long points, long queued) {}

  private RestoreWatch(
      Transport transport, String collection, Optional<String> file, Optional<State> before) {
    this.transport = transport;
    this.collection = collection;
    this.file = file;
    this.before = before;
  }

  /**
   * Remembers what the collection is before the restore.
   *
   * @param file the name under which the server keeps what is uploaded
   */
  static RestoreWatch begin(Transport transport, String collection, Optional<String> file)
      throws BackupException {
    Optional<Answer> before = transport.find(CollectionInfo.request(collection));
    return new RestoreWatch(
        transport,
        collection,
        file,
        before.isPresent() ? Optional.of(state(before.get())) : Optional.empty());
  }

  /**
   * Returns when the restore is done.
   *
   * @param lost what happened to the answer
   * @throws BackupException of kind {@code TIMEOUT} when that cannot be said
   */
  void await(BackupException lost) throws BackupException {
    Timings timings = transport.timings();
    Deadline deadline = transport.deadline(timings.restore());
    Deadline stable = transport.deadline(timings.stable());
    while (!deadline.isOver()) {
      if (!isUnchanged()) {
        stable.putOff(timings.stable());
      } else if (stable.isOver() && isListed()) {
        return;
      }
      transport.pause(timings.poll());
    }
    throw Kind.TIMEOUT.failure(
        lost.operation(),
        transport.location(),
        "the answer was lost ("
            + lost.fact()
            + ") and nothing shows that collection "
            + collection
            + " was replaced; the server may still be at it",
        lost);
  }

  /** Whether the collection, which was replaced, is what it was at the last look. */
  private boolean isUnchanged() throws BackupException {
    Optional<State> now = look();
    boolean unchanged = now.isPresent() && now.equals(last) && now.get().queued() == 0;
    replaced |= now.isPresent() && isAnother(now.get());
    last = now;
    return replaced && unchanged;
  }

  private boolean isAnother(State now) {
    return before.isEmpty() || before.get().points() != now.points();
  }

  /** Empty while the collection cannot be read. */
  private Optional<State> look() throws BackupException {
    try {
      return Optional.of(state(transport.readOnce(CollectionInfo.request(collection))));
    } catch (Refusal e) {
      replaced |= e.isForNow();
      if (e.isForNow() || e.is(404) || e.kind().isTransient()) {
        return Optional.empty();
      }
      throw e;
    } catch (NoAnswer e) {
      return Optional.empty();
    }
  }

  private boolean isListed() throws BackupException {
    return file.isEmpty() || SnapshotList.read(transport, collection).holds(file.get());
  }

  private static State state(Answer answer) throws BackupException {
    JsonObject result = answer.document().object("result");
    long points = result.has("points_count") ? result.size("points_count") : 0;
    return new State(points, queued(result));
  }

  /** Waits until nothing that is written down waits to be applied. */
  static void awaitApplied(Transport transport, String collection) throws BackupException {
    Deadline deadline = transport.deadline(transport.timings().restore());
    while (queued(transport, collection) > 0) {
      if (deadline.isOver()) {
        throw Kind.TIMEOUT.failure(
            "read collection",
            transport.location(),
            "collection " + collection + " has operations that are not applied");
      }
      transport.pause(transport.timings().poll());
    }
  }

  /** How many operations wait to be applied. */
  static long queued(Transport transport, String collection) throws BackupException {
    return state(transport.read(CollectionInfo.request(collection))).queued();
  }

  /** Older servers do not say. */
  static long queued(JsonObject result) throws BackupException {
    if (!result.has("update_queue") || !result.object("update_queue").has("length")) {
      return 0;
    }
    return result.object("update_queue").size("length");
  }
}
