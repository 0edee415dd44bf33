package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the entry of a run in a thread of its own until it is closed. */
final class LockHeartbeat implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LockHeartbeat.class);

  private final BackupTarget target;
  private final SmallContent content;
  private final RunLock.Timings timings;
  private final Thread thread;

  /** Newest first; more than one only while one takes the place of the other. */
  private final Deque<ObjectName> entries = new ArrayDeque<>();

  private boolean ended;
  private volatile boolean lost;
  private volatile long renewedNanos = System.nanoTime();

  private LockHeartbeat(
      BackupTarget target, ObjectName entry, SmallContent content, RunLock.Timings timings) {
    this.target = target;
    this.entries.push(entry);
    this.content = content;
    this.timings = timings;
    this.thread = new Thread(this::beat, "openmemory-backup-lock");
    this.thread.setDaemon(true);
  }

  /** Begins with an entry that was just written. */
  static LockHeartbeat start(
      BackupTarget target, ObjectName entry, SmallContent content, RunLock.Timings timings) {
    LockHeartbeat heartbeat = new LockHeartbeat(target, entry, content, timings);
    heartbeat.thread.start();
    return heartbeat;
  }

  /** Whether others may treat the entry as stale. */
  boolean isLost() {
    Duration silent = Duration.ofNanos(System.nanoTime() - renewedNanos);
    return lost || silent.compareTo(timings.dead()) >= 0;
  }

  /** Ends the thread, then removes the entry. Also on an interrupted thread. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    Uninterrupted.run(this::remove);
  }

  private void remove() throws IOException {
    join();
    for (ObjectName entry : entries) {
      target.delete(entry);
    }
  }

  private void join() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    while (waitForNext() && !lost) {
      try {
        renew();
      } catch (IOException | RuntimeException e) {
        LOG.warn("The lock {}/{} could not be renewed", target.location(), entries, e);
      }
    }
  }

  private synchronized boolean waitForNext() {
    long until = System.nanoTime() + timings.beat().toNanos();
    while (!ended) {
      long left = Duration.ofNanos(until - System.nanoTime()).toMillis();
      if (left <= 0) {
        return true;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        return false;
      }
    }
    return false;
  }

  /** A missing entry was removed as stale: writing it again would let two runs work at once. */
  private void renew() throws IOException {
    long now = System.nanoTime();
    ObjectName entry = entries.getFirst();
    if (target.stat(entry).isEmpty()) {
      lost = true;
      return;
    }
    if (target.traits().atomicReplace()) {
      target.write(entry, content, WriteOptions.REPLACE);
    } else {
      ObjectName next = LockEntry.newName(entry);
      entries.push(next);
      target.write(next, content, WriteOptions.CREATE_ONLY);
      target.delete(entry);
      entries.removeLast();
    }
    renewedNanos = now;
  }
}
