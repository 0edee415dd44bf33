package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a snapshot. Where the connection breaks or falls silent it continues from there, as
 * long as that brings bytes, and never from another file of that name: Qdrant takes no notice of
 * {@code If-Range}, but {@code If-Match} is kept to (recorded from 1.18.3).
 */
final class SnapshotStream extends BlockInputStream {
  private static final String OPERATION = "download snapshot";
  private static final int MOST_FAILURES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final Transport transport;
  private final CallWatch watch;
  private final String path;
  private final SnapshotInfo snapshot;
  private final MessageDigest digest = Sha256.start();
  private long position;
  private int failures;
  private Optional<String> tag = Optional.empty();
  private @Nullable InputStream body;
  private boolean closed;

  private SnapshotStream(Transport transport, CallWatch watch, String path, SnapshotInfo snapshot) {
    this.transport = transport;
    this.watch = watch;
    this.path = path;
    this.snapshot = snapshot;
  }

  /** Opens it; the failure of a request comes here and not at the first byte. */
  static InputStream open(
      Transport transport, CallWatch watch, String collection, SnapshotInfo snapshot)
      throws IOException {
    SnapshotStream stream =
        new SnapshotStream(
            transport, watch, Address.snapshot(collection, snapshot.name()), snapshot);
    while (stream.body == null) {
      try {
        stream.reopen();
      } catch (BackupException e) {
        stream.failed(e);
      }
    }
    return stream;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw failure(Kind.INVALID, "the stream is closed");
    }
    while (length > 0) {
      transport.cancellation().check();
      try {
        return readOnce(bytes, offset, length);
      } catch (IOException e) {
        drop();
        transport.cancellation().check();
        if (position == snapshot.size()) {
          return end();
        }
        failed(e);
      }
    }
    return 0;
  }

  private int readOnce(byte[] bytes, int offset, int length) throws IOException {
    InputStream in = body != null ? body : reopen();
    int count = readWatched(in, bytes, offset, length);
    if (count < 0) {
      return end();
    }
    if (count > 0) {
      position += count;
      failures = 0;
      digest.update(bytes, offset, count);
    }
    if (position > snapshot.size()) {
      throw failure(Kind.CORRUPT, "has more bytes than the " + snapshot.size() + " listed");
    }
    return count;
  }

  private int readWatched(InputStream in, byte[] bytes, int offset, int length) throws IOException {
    CallWatch.Call call =
        watch.begin(
            transport.timings().silence(), transport.cancellation(), () -> closeQuietly(in));
    try (call) {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw call.wasSilent() ? failure(Kind.TIMEOUT, "no bytes came any more", e) : e;
    }
  }

  private int end() throws BackupException {
    if (position < snapshot.size()) {
      throw failure(
          Kind.CORRUPT, "ended after " + position + " of the " + snapshot.size() + " bytes listed");
    }
    if (snapshot.sha256().isPresent() && !snapshot.sha256().get().equals(Sha256.hex(digest))) {
      throw failure(Kind.CORRUPT, "does not have the checksum that the server lists");
    }
    return -1;
  }

  private InputStream reopen() throws BackupException {
    Request request = Request.get(OPERATION, path).with("Accept-Encoding", "identity");
    if (position > 0) {
      request = request.with("Range", "bytes=" + position + "-");
    }
    if (tag.isPresent()) {
      request = request.with("If-Match", tag.get());
    }
    HttpResponse<InputStream> response = transport.open(request);
    if (response.statusCode() == 412) {
      closeQuietly(response.body());
      throw replaced();
    }
    if (response.statusCode() != (position > 0 ? 206 : 200)) {
      throw transport.refusal(request, response);
    }
    try {
      checkIsTheSame(response);
    } catch (BackupException e) {
      closeQuietly(response.body());
      throw e;
    }
    body = response.body();
    return response.body();
  }

  private void checkIsTheSame(HttpResponse<?> response) throws BackupException {
    Optional<String> now = response.headers().firstValue("etag");
    if (position == 0) {
      tag = now;
    } else if (!now.equals(tag)) {
      throw replaced();
    }
    long length = response.headers().firstValueAsLong("content-length").orElse(-1);
    if (length >= 0 && length != snapshot.size() - position) {
      throw failure(
          Kind.INCONSISTENT,
          "has " + (position + length) + " bytes and not the " + snapshot.size() + " listed");
    }
  }

  private BackupException replaced() {
    return failure(Kind.INCONSISTENT, "was replaced by another of its name while it was read");
  }

  /** Returns after a pause when it is worth to continue. */
  private void failed(IOException failure) throws BackupException {
    BackupException ours =
        failure instanceof BackupException known
            ? known
            : failure(Kind.UNAVAILABLE, "connection lost: " + failure.getMessage(), failure);
    failures++;
    if (!ours.kind().isTransient() || failures > MOST_FAILURES) {
      throw ours;
    }
    transport.pause(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
  }

  private BackupException failure(Kind kind, String fact) {
    return failure(kind, fact, null);
  }

  private BackupException failure(Kind kind, String fact, @Nullable Throwable cause) {
    return kind.failure(OPERATION, transport.location(), snapshot.name() + " " + fact, cause);
  }

  private void drop() {
    InputStream broken = body;
    body = null;
    if (broken != null) {
      closeQuietly(broken);
    }
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Nothing more is wanted of it.
    }
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }
}
