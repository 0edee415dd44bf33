package dev.openmemory.backup.crash;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A target that reports its changes to a {@link CrashWorld}; its contents are durable. */
final class CrashTarget extends ForwardingBackupTarget {
  private final WatchedDisk world;
  private final String location;

  CrashTarget(WatchedDisk world, String location, Clock clock) {
    super(new InMemoryBackupTarget(clock));
    this.world = world;
    this.location = location;
  }

  /** An object; the bytes are one character each. */
  record Stored(String bytes, Instant modified) {}

  Map<String, Stored> objects() throws IOException {
    Map<String, Stored> objects = new TreeMap<>();
    for (ObjectInfo object : list("")) {
      try (InputStream in = read(object.name(), 0)) {
        String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        objects.put(object.name().value(), new Stored(bytes, object.modified()));
      }
    }
    return objects;
  }

  /** Without the times. */
  Map<String, String> bytes() throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    objects().forEach((name, stored) -> bytes.put(name, stored.bytes()));
    return bytes;
  }

  /** Holds these from now on, as a process left them that is gone. */
  void restore(Map<String, Stored> objects) throws IOException {
    BackupTarget target = delegate();
    for (ObjectInfo object : target.list("")) {
      target.delete(object.name());
    }
    for (Map.Entry<String, Stored> object : objects.entrySet()) {
      byte[] bytes =
          DiskState.ofEndedProcess(object.getValue().bytes()).getBytes(StandardCharsets.ISO_8859_1);
      target.write(
          new ObjectName(object.getKey()),
          out -> new ByteArrayInputStream(bytes).transferTo(out),
          WriteOptions.CREATE_ONLY.withModified(object.getValue().modified()));
    }
  }

  /** The bytes come from a source that makes changes meanwhile. */
  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    world.change(() -> name);
    return super.write(name, content, options);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    world.change(
        () -> {
          super.delete(name);
          return name;
        });
  }

  /** As another run does that takes this lock for a stale one. */
  void takeLocksOver() throws IOException {
    for (ObjectInfo entry : delegate().list("run-lock_")) {
      delegate().delete(entry.name());
    }
  }

  @Override
  public String location() {
    return location;
  }
}
