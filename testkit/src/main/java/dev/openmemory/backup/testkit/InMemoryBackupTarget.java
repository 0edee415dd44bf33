package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects on the heap, for tests: passes the whole contract but T9, and is strict with contents,
 * which may not close the stream that they are given.
 */
public final class InMemoryBackupTarget implements BackupTarget {
  private static final TargetTraits TRAITS =
      new TargetTraits(true, true, true, OptionalLong.empty(), Long.MAX_VALUE);

  private final Clock clock;
  private final ConcurrentNavigableMap<ObjectName, Stored> objects;
  private volatile boolean closed;

  /** An empty target with the system's clock. */
  public InMemoryBackupTarget() {
    this(Clock.systemUTC());
  }

  /** An empty target that dates its objects by the clock. */
  public InMemoryBackupTarget(Clock clock) {
    this(clock, new ConcurrentSkipListMap<>());
  }

  private InMemoryBackupTarget(Clock clock, ConcurrentNavigableMap<ObjectName, Stored> objects) {
    this.clock = clock;
    this.objects = objects;
  }

  /** Another target on the same objects, open also when this one is closed. */
  public InMemoryBackupTarget reopen() {
    return new InMemoryBackupTarget(clock, objects);
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    begin("write", name);
    if (!options.replace() && objects.containsKey(name)) {
      throw failure(Kind.ALREADY_EXISTS, "write", name, "exists already");
    }
    Sink sink = new Sink(name);
    content.writeTo(sink);
    checkInterrupt("write", name);
    byte[] bytes = sink.bytes.toByteArray();
    Instant modified = options.modified().orElseGet(clock::instant);
    Stored stored = new Stored(new ObjectInfo(name, bytes.length, modified), bytes);
    if (options.replace()) {
      objects.put(name, stored);
    } else if (objects.putIfAbsent(name, stored) != null) {
      throw failure(Kind.ALREADY_EXISTS, "write", name, "exists already");
    }
    return stored.info;
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    begin("read", name);
    Stored stored = objects.get(name);
    if (stored == null) {
      throw failure(Kind.NOT_FOUND, "read", name, "does not exist");
    }
    int size = stored.bytes.length;
    if (offset < 0 || offset > size) {
      throw failure(
          Kind.INVALID, "read", name, "offset " + offset + " is outside of " + size + " bytes");
    }
    int from = (int) offset;
    return new Source(name, new ByteArrayInputStream(stored.bytes, from, size - from));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    begin("stat", name);
    return Optional.ofNullable(objects.get(name)).map(stored -> stored.info);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    begin("list", null);
    return objects.values().stream()
        .map(stored -> stored.info)
        .filter(info -> info.name().value().startsWith(prefix))
        .toList();
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    begin("delete", name);
    objects.remove(name);
  }

  @Override
  public TargetTraits traits() {
    return TRAITS;
  }

  @Override
  public String location() {
    return "memory:";
  }

  @Override
  public void close() {
    closed = true;
  }

  private void begin(String verb, @Nullable ObjectName name) throws BackupException {
    if (closed) {
      throw new IllegalStateException("the target is closed: " + location());
    }
    checkInterrupt(verb, name);
  }

  private void checkInterrupt(String verb, @Nullable ObjectName name) throws BackupException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.CANCELLED, verb, name, "interrupted");
    }
  }

  private BackupException failure(Kind kind, String verb, @Nullable ObjectName name, String fact) {
    return kind.failure(verb, location() + Objects.toString(name, ""), fact);
  }

  private static final class Stored {
    private final ObjectInfo info;
    private final byte[] bytes;

    Stored(ObjectInfo info, byte[] bytes) {
      this.info = info;
      this.bytes = bytes;
    }
  }

  private final class Sink extends OutputStream {
    private final ObjectName name;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Sink(ObjectName name) {
      this.name = name;
    }

    @Override
    public void write(int value) throws IOException {
      checkInterrupt("write", name);
      bytes.write(value);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      checkInterrupt("write", name);
      bytes.write(from, offset, length);
    }

    @Override
    public void close() {
      throw new IllegalStateException("the content of " + name + " closed the target's stream");
    }
  }

  private final class Source extends InputStream {
    private final ObjectName name;
    private final InputStream bytes;

    Source(ObjectName name, InputStream bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      checkInterrupt("read", name);
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      checkInterrupt("read", name);
      return bytes.read(into, offset, length);
    }
  }
}
