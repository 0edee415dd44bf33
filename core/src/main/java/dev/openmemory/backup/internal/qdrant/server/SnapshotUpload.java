package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads a snapshot, and removes the file that the server keeps of it.
 *
 * <p>A few bytes with a checksum that they cannot have go first. A server refuses a client that
 * must not upload, and a name that it does not take, before it reads the body, and closes the
 * connection; of that, the client of the JDK reports a broken pipe and not the answer. The few
 * bytes arrive in any case and get the answer. When all is well the answer is 400 for the checksum,
 * nothing is changed, and no file is kept (recorded from Qdrant 1.18.3).
 */
final class SnapshotUpload {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotUpload.class);
  private static final String OPERATION = "upload snapshot";
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
  private static final String NO_CHECKSUM = "0".repeat(64);
  private static final int MOST_DELETES = 3;

  private final Transport transport;
  private final String collection;
  private final String name = "openmemory-backup-" + UUID.randomUUID() + ".snapshot";

  /** An upload to a collection, by its own name and not by an alias. */
  SnapshotUpload(Transport transport, String collection) {
    this.transport = transport;
    this.collection = collection;
  }

  void upload(Path file, String sha256, Consumer<Long> sent) throws BackupException {
    checkReadable(file);
    probe();
    RestoreWatch watch = RestoreWatch.begin(transport, collection, Optional.of(name));
    try {
      send(file, sha256, sent, watch);
    } catch (BackupException e) {
      removeKept(e);
      throw e;
    }
    removeKept();
  }

  private static void checkReadable(Path file) throws BackupException {
    try {
      Files.newInputStream(file).close();
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private void probe() throws BackupException {
    Multipart form = new Multipart(name);
    try {
      // It changes nothing, so that it may be sent again.
      transport.read(Request.form(OPERATION, path(NO_CHECKSUM), form, form.holding(PROBE)));
    } catch (Refusal e) {
      if (e.is(400)) {
        return;
      }
      removeKept(e);
      throw e;
    }
    BackupException failure =
        Kind.UNSUPPORTED.failure(
            OPERATION, transport.location(), "the server does not compare checksums of uploads");
    removeKept(failure);
    throw failure;
  }

  private void send(Path file, String sha256, Consumer<Long> sent, RestoreWatch watch)
      throws BackupException {
    Timings timings = transport.timings();
    Deadline deadline = transport.deadline(timings.silence());
    Multipart form = new Multipart(name);
    CountingBody body =
        new CountingBody(
            form.holding(file),
            (count, total) -> {
              deadline.putOff(count < total ? timings.silence() : timings.restore());
              sent.accept(count);
            });
    try {
      transport.change(Request.form(OPERATION, path(sha256), form, body), deadline);
    } catch (Refusal e) {
      if (!e.isLost()) {
        throw e.ofRestore();
      }
      watch.await(e);
    } catch (NoAnswer e) {
      // What is cut in the middle leaves nothing; what is complete is taken over without us.
      if (!body.isTaken()) {
        throw e;
      }
      watch.await(e);
    }
  }

  private String path(String sha256) {
    return Address.snapshots(collection)
        + "/upload?wait=true&priority=snapshot&checksum="
        + Address.encode(sha256);
  }

  /** After a success: a file that stays takes up room and does no harm. */
  private void removeKept() throws BackupException {
    try {
      remove();
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.warn("the uploaded file {} stays on {}: {}", name, transport.location(), e.fact());
    }
  }

  private void removeKept(BackupException failure) {
    if (failure.kind() == Kind.CANCELLED) {
      return;
    }
    try {
      remove();
    } catch (BackupException e) {
      failure.addSuppressed(e);
    }
  }

  /** The name is of this upload alone, so that deleting it again takes nothing from anyone. */
  private void remove() throws BackupException {
    for (int attempt = 1; isKept(); attempt++) {
      try {
        transport.change(
            Request.plain("delete snapshot", "DELETE", Address.snapshot(collection, name)));
        return;
      } catch (NoAnswer e) {
        if (attempt >= MOST_DELETES) {
          throw e;
        }
      } catch (Refusal e) {
        if (e.is(404)) {
          return;
        }
        throw e;
      }
    }
  }

  /** A collection that is not there, as after a first upload that failed, lists nothing. */
  private boolean isKept() throws BackupException {
    Optional<Answer> answer = transport.find(SnapshotList.request(collection));
    return answer.isPresent() && SnapshotList.of(answer.get()).holds(name);
  }
}
