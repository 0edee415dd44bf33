package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.session.FileCompletion;
import dev.openmemory.backup.storage.sftp.internal.session.FileFacts;
import dev.openmemory.backup.storage.sftp.internal.session.Handle;
import dev.openmemory.backup.storage.sftp.internal.session.LinkException;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.SftpChannel;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way to one file, many requests ahead of what the server has confirmed. What is not
 * confirmed is kept, and sent again when the connection has broken.
 *
 * <p>A session takes about 2 MiB that are not confirmed. On a line that is long enough for that to
 * be the limit, the file is written through several sessions. Since they are served side by side,
 * the file may have holes, but only within the {@linkplain Machine#span span} of its end.
 *
 * <p>Not thread-safe. Closing it leaves the file as it is.
 */
final class Upload implements AutoCloseable {
  /** A disk may have to write much before it can say that all is there. */
  private static final int FORCE_TIMEOUTS = 10;

  /** Waiting longer than this for room is a matter of distance. */
  private static final long LONG_WAIT_NANOS = 4_000_000;

  private static final int LONG_WAITS_BEFORE_STRIPE = 3;

  /** What is around the bytes of a write, at least. */
  private static final int AROUND_DATA = 64;

  private final SftpOperation operation;
  private final Reconnects reconnects;
  private final String path;
  private final Deque<Chunk> unsent = new ArrayDeque<>();
  private final Deque<Chunk.Sent> unconfirmed = new ArrayDeque<>();
  private final Deque<byte[]> free = new ArrayDeque<>();
  private final List<Stripe> stripes = new ArrayList<>();
  private final int chunkLength;
  private final long span;
  private RemoteFiles files;
  private long confirmed;
  private long end;
  private int mostStripes;
  private int longWaits;

  /** A session that writes, with its own handle of the file. */
  private record Stripe(SftpChannel channel, Handle handle) {}

  /**
   * Continues an open file. Closes its handle and returns its session.
   *
   * @param mostStripes how many sessions may write
   */
  Upload(SftpOperation operation, Reconnects reconnects, PartialFile file, int mostStripes) {
    this.operation = operation;
    this.reconnects = reconnects;
    this.files = file.files();
    this.path = file.path();
    this.span = operation.connections().machine().span();
    this.chunkLength = files.features().writeLength();
    this.confirmed = file.offset();
    this.end = file.offset();
    this.mostStripes = mostStripes;
    stripes.add(new Stripe(files.channel(), file.handle()));
  }

  /** An array for the next bytes. */
  byte[] chunk() {
    byte[] again = free.poll();
    return again != null ? again : new byte[chunkLength];
  }

  /** Sends the first bytes of a {@link #chunk}, which the caller no longer touches. */
  void send(byte[] bytes, int length) throws BackupException {
    unsent.add(new Chunk(end, bytes, length));
    end += length;
    persist(this::sendAll);
  }

  /** Returns when all is on the server's disk. */
  FileFacts finish(Optional<Instant> modified) throws BackupException {
    FileFacts[] facts = new FileFacts[1];
    persist(
        () -> {
          sendAll();
          while (!unconfirmed.isEmpty()) {
            confirmFirst();
          }
          facts[0] = forceAndClose(modified);
        });
    if (facts[0].size() != end) {
      throw operation.failure(
          Kind.FAILED, "the server has " + facts[0].size() + " of " + end + " bytes");
    }
    return facts[0];
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Repeats it from where it broke off, as often as the connection breaks. */
  private void persist(Step step) throws BackupException {
    while (true) {
      try {
        step.run();
        return;
      } catch (LinkException e) {
        resume(e);
      } catch (IOException e) {
        throw operation.failure(e);
      }
    }
  }

  private void sendAll() throws IOException {
    while (!unsent.isEmpty()) {
      operation.checkInterrupt();
      Chunk chunk = unsent.element();
      Stripe stripe = stripeFor(chunk);
      if (stripe == null || isTooFar(chunk)) {
        confirmFirst();
      } else {
        write(stripe, chunk);
      }
    }
  }

  private boolean isTooFar(Chunk chunk) {
    return !unconfirmed.isEmpty() && chunk.end() - unconfirmed.element().chunk().offset() > span;
  }

  private void write(Stripe stripe, Chunk chunk) throws IOException {
    SftpChannel channel = stripe.channel();
    unconfirmed.add(
        new Chunk.Sent(
            chunk,
            channel,
            channel.send(
                stripe
                    .handle()
                    .to(channel.newRequest(PacketType.WRITE))
                    .putUInt64(chunk.offset())
                    .putString(chunk.bytes(), 0, chunk.length()))));
    unsent.remove();
  }

  /** One that has room; null when something has to be confirmed first. */
  private @Nullable Stripe stripeFor(Chunk chunk) throws IOException {
    for (Stripe stripe : stripes) {
      if (stripe.channel().hasRoom(chunk.length() + AROUND_DATA)) {
        return stripe;
      }
    }
    if (unconfirmed.isEmpty()) {
      return stripes.get(0);
    }
    return longWaits >= LONG_WAITS_BEFORE_STRIPE
            && stripes.size() < mostStripes
            && niceties().isAsked(Nicety.SECOND_OPEN)
        ? newStripe().orElse(null)
        : null;
  }

  private Optional<Stripe> newStripe() throws IOException {
    longWaits = 0;
    Optional<SftpChannel> channel = files.connection().borrow();
    if (channel.isEmpty()) {
      mostStripes = stripes.size();
      return Optional.empty();
    }
    try {
      Stripe stripe = new Stripe(channel.get(), files.openToWrite(channel.get(), path));
      stripes.add(stripe);
      return Optional.of(stripe);
    } catch (IOException e) {
      files.connection().release(channel.get());
      if (!(e instanceof SFTPException refusal)) {
        throw e;
      }
      niceties().refused(Nicety.SECOND_OPEN, refusal);
      return Optional.empty();
    }
  }

  private Niceties niceties() {
    return files.connection().niceties();
  }

  private void confirmFirst() throws IOException {
    Machine machine = operation.connections().machine();
    long begun = machine.nanos();
    Chunk.Sent first = unconfirmed.element();
    first.channel().await(first.answer()).ensureStatusPacketIsOK();
    unconfirmed.remove();
    free.push(first.chunk().bytes());
    confirmed = first.chunk().end();
    reconnects.progressed();
    if (machine.nanos() - begun > LONG_WAIT_NANOS) {
      longWaits++;
    }
  }

  private FileFacts forceAndClose(Optional<Instant> modified) throws IOException {
    while (stripes.size() > 1) {
      release(stripes.remove(stripes.size() - 1));
    }
    Handle handle = stripes.remove(0).handle();
    try {
      Duration timeout = operation.connections().timeout().multipliedBy(FORCE_TIMEOUTS);
      return new FileCompletion(files, path, handle).run(modified, timeout);
    } finally {
      files.release();
    }
  }

  private void resume(LinkException failure) throws BackupException {
    stripes.clear();
    longWaits = 0;
    while (!unconfirmed.isEmpty()) {
      unsent.push(unconfirmed.removeLast().chunk());
    }
    LinkException last = failure;
    while (true) {
      files = reconnects.after(last);
      try {
        reopen();
        return;
      } catch (LinkException e) {
        last = e;
      } catch (IOException e) {
        throw operation.failure(e);
      }
    }
  }

  private void reopen() throws IOException {
    try {
      Handle handle = files.openToWrite(files.channel(), path);
      stripes.add(new Stripe(files.channel(), handle));
      long size = files.look(handle).size();
      if (size < confirmed) {
        throw lost(size);
      }
    } catch (SFTPException e) {
      throw RemoteFiles.isMissing(e) ? lost(0) : e;
    }
  }

  private BackupException lost(long size) {
    return operation.failure(
        Kind.UNAVAILABLE, "the server kept " + size + " of " + confirmed + " confirmed bytes");
  }

  private void release(Stripe stripe) {
    stripe.channel().closeHandle(stripe.handle());
    files.connection().release(stripe.channel());
  }

  @Override
  public void close() {
    stripes.forEach(this::release);
    stripes.clear();
  }
}
