package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Renews the entry of a run in a thread of its own until it is closed. */
final class LockHeartbeat implements Closeable {
  /** The entries of this process, which no other one has. */
  private static final Set<ObjectName> ACTIVE = ConcurrentHashMap.newKeySet();

  /** Entries of runs of this process that have ended and could not delete them. */
  private static final Set<ObjectName> LEFT = ConcurrentHashMap.newKeySet();

  private final BackupTarget target;
  private final SmallContent content;
  private final Duration expiry;
  private final Stopwatch sinceRenewal;
  private final ReentrantLock lock = new ReentrantLock();

  /** The present one first; others are to be deleted. */
  private final Deque<ObjectName> entries = new ArrayDeque<>();

  /** All that there ever were. */
  private final Set<ObjectName> names = ConcurrentHashMap.newKeySet();

  private Optional<Beats> beats = Optional.empty();
  private boolean lost;

  /** For an entry that was just written; {@link #start} is to follow. */
  LockHeartbeat(
      BackupTarget target,
      ObjectName entry,
      SmallContent content,
      Duration expiry,
      Stopwatch sinceRenewal) {
    this.target = target;
    this.entries.push(entry);
    this.content = content;
    this.expiry = expiry;
    this.sinceRenewal = sinceRenewal;
    know(entry);
  }

  /** Before it is written: from then on other threads may find it. */
  private void know(ObjectName entry) {
    names.add(entry);
    ACTIVE.add(entry);
    LEFT.remove(entry);
  }

  /** Whether the entry is one of this run. */
  boolean has(ObjectName entry) {
    return names.contains(entry);
  }

  void start(Duration beat) {
    beats = Optional.of(Beats.start("openmemory-backup-lock", beat, this::renew));
  }

  /** Whether a run of this process has the entry. */
  static boolean isActive(ObjectName entry) {
    return ACTIVE.contains(entry);
  }

  /** Whether a run of this process had the entry, has ended, and could not delete it. */
  static boolean isLeft(ObjectName entry) {
    return LEFT.contains(entry);
  }

  /**
   * The entry as it is in the store; empty when it is gone, and was treated as stale. One that may
   * look stale is renewed first: of two runs at least the later one then sees the other.
   *
   * @throws BackupException of kind {@code CANCELLED} when the thread is interrupted
   */
  Optional<ObjectInfo> look() throws IOException {
    begin();
    try {
      if (sinceRenewal.elapsed().multipliedBy(2).compareTo(expiry) >= 0) {
        renewNow();
      }
      Optional<ObjectInfo> own = lost ? Optional.empty() : target.stat(entries.getFirst());
      lost |= own.isEmpty();
      return own;
    } finally {
      lock.unlock();
    }
  }

  /** False when there is nothing left to renew. */
  boolean renew() throws IOException {
    begin();
    try {
      renewNow();
      return !lost;
    } finally {
      lock.unlock();
    }
  }

  private void begin() throws BackupException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure("renew lock", target.location(), "interrupted", e);
    }
  }

  /** An entry that is gone was treated as stale: writing it again would put two runs at work. */
  private void renewNow() throws IOException {
    Stopwatch renewal = sinceRenewal.restarted();
    ObjectName entry = entries.getFirst();
    lost |= target.stat(entry).isEmpty();
    if (lost) {
      return;
    }
    if (target.traits().atomicReplace()) {
      target.write(entry, content, WriteOptions.REPLACE);
    } else {
      writeNext(LockEntry.newName(entry));
    }
    sinceRenewal.setTo(renewal);
    while (entries.size() > 1) {
      target.delete(entries.getLast());
      entries.removeLast();
    }
  }

  private void writeNext(ObjectName next) throws IOException {
    know(next);
    try {
      target.write(next, content, WriteOptions.CREATE_ONLY);
      entries.addFirst(next);
    } catch (IOException | RuntimeException e) {
      // It may be there all the same.
      entries.addLast(next);
      throw e;
    }
  }

  /** Ends the thread, then removes the entry. Also on an interrupted thread. */
  @Override
  public void close() throws IOException {
    Uninterrupted.run(this::remove);
  }

  private void remove() throws IOException {
    beats.ifPresent(Beats::interrupt);
    LEFT.addAll(entries);
    ACTIVE.removeAll(names);
    for (ObjectName entry : entries) {
      target.delete(entry);
      LEFT.remove(entry);
    }
  }
}
