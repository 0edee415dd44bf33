package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A target over a good one that behaves as stores in the field do. Its traits state what traits may
 * state. The rest breaks a duty, as a store does that gives wrong answers. Thread-safe.
 */
public final class NastyBackupTarget extends ForwardingBackupTarget {
  /** How many looks a late store needs until it shows a change. */
  private static final int LATE_LOOKS = 3;

  private static final int BEGINNING = 100;
  private static final int CUT_AFTER = 1000;

  /** A habit of a store. */
  public enum Habit {
    /** Of several writers of one name the last wins; a trait. */
    NO_EXCLUSIVE_CREATE(true),
    /** Refuses to replace; a trait. */
    NO_REPLACE(true),
    /** Refuses a given time; a trait. */
    NO_GIVEN_TIMES(true),
    /** Dates everything 1970. */
    NO_TIMES(true),
    /** The first stream of each object ends after some bytes, without an error. */
    CUT_READS(true),
    /** Refuses deletes, as an account that may only add. */
    REFUSED_DELETES(true),
    /** Shows a new object in lists after some looks only. */
    LATE_LISTS(false),
    /** Shows a deleted object until some looks have passed. */
    LATE_DELETES(false),
    /** Says DENIED of what is missing. */
    MISSING_IS_DENIED(false),
    /** Answers OK to a delete and keeps the object. */
    IGNORED_DELETES(false),
    /** Answers OK to a write and stores nothing. */
    STORES_NOTHING(false),
    /** Answers OK to a write and stores its first bytes. */
    STORES_BEGINNINGS(false),
    /** Takes a write of a name that exists and puts it in place of the old object. */
    OVERWRITES(false),
    /** Stores what came of a write that was broken off. */
    KEEPS_BROKEN_WRITES(false);

    private final boolean tolerable;

    Habit(boolean tolerable) {
      this.tolerable = tolerable;
    }

    /** Those with which backups are made and restored all the same. */
    public static Set<Habit> tolerable() {
      Set<Habit> all = EnumSet.noneOf(Habit.class);
      for (Habit habit : values()) {
        if (habit.tolerable) {
          all.add(habit);
        }
      }
      return all;
    }
  }

  private final Set<Habit> habits = ConcurrentHashMap.newKeySet();
  private final Map<ObjectName, Integer> unseen = new HashMap<>();
  private final Map<ObjectName, Integer> goingSoon = new HashMap<>();
  private final Set<ObjectName> cut = ConcurrentHashMap.newKeySet();

  /** A target with these habits over one without. */
  public NastyBackupTarget(BackupTarget delegate, Set<Habit> habits) {
    super(delegate);
    this.habits.addAll(habits);
  }

  /** From now on it has this habit too. */
  public void begin(Habit habit) {
    habits.add(habit);
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    if (has(Habit.NO_REPLACE) && options.replace()) {
      throw failure(Kind.UNSUPPORTED, "write", name, "cannot be replaced in one step");
    }
    if (has(Habit.NO_GIVEN_TIMES) && options.modified().isPresent()) {
      throw failure(Kind.UNSUPPORTED, "write", name, "cannot be given a time");
    }
    forgetDelete(name);
    boolean isNew = delegate().stat(name).isEmpty();
    if (has(Habit.STORES_NOTHING)) {
      Beginning counted = new Beginning(OutputStream.nullOutputStream(), 0);
      content.writeTo(counted);
      return dated(new ObjectInfo(name, counted.size, Instant.EPOCH));
    }
    ObjectInfo stored = store(name, content, options, isNew);
    if (has(Habit.LATE_LISTS) && isNew) {
      synchronized (this) {
        unseen.put(name, LATE_LOOKS);
      }
    }
    return dated(stored);
  }

  private ObjectInfo store(ObjectName name, Content content, WriteOptions options, boolean isNew)
      throws IOException {
    boolean lastWins =
        has(Habit.OVERWRITES) || (has(Habit.NO_EXCLUSIVE_CREATE) && isNew && !options.replace());
    WriteOptions stored = lastWins ? new WriteOptions(true, options.modified()) : options;
    if (has(Habit.STORES_BEGINNINGS)) {
      long[] sent = new long[1];
      ObjectInfo beginning =
          delegate()
              .write(
                  name,
                  out -> {
                    Beginning kept = new Beginning(out, BEGINNING);
                    content.writeTo(kept);
                    sent[0] = kept.size;
                  },
                  stored);
      return new ObjectInfo(name, sent[0], beginning.modified());
    }
    if (!has(Habit.KEEPS_BROKEN_WRITES)) {
      return delegate().write(name, content, stored);
    }
    IOException[] broken = new IOException[1];
    ObjectInfo kept =
        delegate()
            .write(
                name,
                out -> {
                  try {
                    content.writeTo(out);
                  } catch (IOException e) {
                    broken[0] = e;
                  }
                },
                stored);
    if (broken[0] != null) {
      throw broken[0];
    }
    return kept;
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    requirePresent("read", name);
    InputStream in = delegate().read(name, offset);
    return has(Habit.CUT_READS) && cut.add(name) ? new Cut(in) : in;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    requirePresent("stat", name);
    look();
    return delegate().stat(name).map(this::dated);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    look();
    return delegate().list(prefix).stream().filter(this::isListed).map(this::dated).toList();
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    if (has(Habit.REFUSED_DELETES)) {
      throw failure(Kind.DENIED, "delete", name, "access denied");
    }
    if (has(Habit.IGNORED_DELETES)) {
      return;
    }
    if (!has(Habit.LATE_DELETES)) {
      delegate().delete(name);
      return;
    }
    synchronized (this) {
      goingSoon.putIfAbsent(name, LATE_LOOKS);
    }
  }

  @Override
  public TargetTraits traits() {
    TargetTraits traits = delegate().traits();
    return new TargetTraits(
        traits.atomicReplace() && !has(Habit.NO_REPLACE),
        traits.exclusiveCreate() && !has(Habit.NO_EXCLUSIVE_CREATE),
        traits.modificationTimes() && !has(Habit.NO_GIVEN_TIMES),
        traits.maxObjectSize(),
        traits.bufferBytes());
  }

  private boolean has(Habit habit) {
    return habits.contains(habit);
  }

  private ObjectInfo dated(ObjectInfo object) {
    return has(Habit.NO_TIMES)
        ? new ObjectInfo(object.name(), object.size(), Instant.EPOCH)
        : object;
  }

  private void requirePresent(String verb, ObjectName name) throws IOException {
    if (has(Habit.MISSING_IS_DENIED) && delegate().stat(name).isEmpty()) {
      throw failure(Kind.DENIED, verb, name, "access denied");
    }
  }

  /** One more look, which brings each change nearer. */
  private synchronized void look() throws IOException {
    unseen.replaceAll((name, looks) -> looks - 1);
    unseen.values().removeIf(looks -> looks <= 0);
    goingSoon.replaceAll((name, looks) -> looks - 1);
    for (Map.Entry<ObjectName, Integer> delete : Map.copyOf(goingSoon).entrySet()) {
      if (delete.getValue() <= 0) {
        forgetDelete(delete.getKey());
      }
    }
  }

  /** A name that is written again is free by then. */
  private synchronized void forgetDelete(ObjectName name) throws IOException {
    if (goingSoon.remove(name) != null) {
      delegate().delete(name);
    }
  }

  private synchronized boolean isListed(ObjectInfo object) {
    return !unseen.containsKey(object.name());
  }

  private BackupException failure(Kind kind, String verb, ObjectName name, String fact) {
    return kind.failure(verb, location() + "/" + name, fact);
  }

  private static final class Cut extends BlockFilterInputStream {
    private int left = CUT_AFTER;

    Cut(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = left == 0 ? -1 : in.read(bytes, offset, Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }
  }

  private static final class Beginning extends BlockOutputStream {
    private final OutputStream out;
    private final long kept;
    private long size;

    Beginning(OutputStream out, long kept) {
      this.out = out;
      this.kept = kept;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      long room = Math.max(kept - size, 0);
      out.write(bytes, offset, (int) Math.min(room, length));
      size += length;
    }
  }
}
