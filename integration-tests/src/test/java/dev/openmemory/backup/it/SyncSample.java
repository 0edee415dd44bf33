package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The objects on one side of a sync, to be looked at and tampered with. */
record SyncSample(BackupTarget target) {
  /** The same target at another place, since those in memory are all at one. */
  static BackupTarget at(BackupTarget target, String location) {
    return new ForwardingBackupTarget(target) {
      @Override
      public String location() {
        return location;
      }
    };
  }

  void create(SampleInstallation sample, String name) throws IOException {
    Backups.in(target).create(sample.installation(), BackupRequest.named(name));
  }

  void copy(String from, String to) throws IOException {
    for (ObjectInfo object : target.list(from + "/")) {
      write(to + "/" + object.name().fileName(), read(object.name()));
    }
  }

  /** A whole backup, or one object of it. */
  void remove(String name) throws IOException {
    for (ObjectInfo object : target.list("")) {
      if ((object.name().value() + "/").startsWith(name + "/")) {
        target.delete(object.name());
      }
    }
  }

  void flip(String name) throws IOException {
    byte[] bytes = read(new ObjectName(name));
    bytes[bytes.length / 2] ^= 1;
    write(name, bytes);
  }

  void writeScripted(String name, Instant time) throws IOException {
    for (String file : new String[] {"openmemory.db", "config.json", "backup-info.txt"}) {
      target.write(
          new ObjectName(name + "/" + file),
          out -> out.write(("of " + file).getBytes(StandardCharsets.UTF_8)),
          WriteOptions.CREATE_ONLY.withModified(time));
    }
  }

  /** As if the process that copies the backup had been killed. */
  void letTheOwnerDie(String backup) throws IOException {
    changeMarker(backup, 1L << 30, "");
  }

  /** As if that process copied the backup. */
  void giveTo(String backup, ProcessHandle process) throws IOException {
    String start = process.info().startInstant().map(Instant::toString).orElse("");
    changeMarker(backup, process.pid(), start);
  }

  private void changeMarker(String backup, long pid, String start) throws IOException {
    String name = backup + "/in-progress.json";
    String text = new String(read(new ObjectName(name)), StandardCharsets.UTF_8);
    String changed =
        text.replaceFirst("\"pid\" : \\d+", "\"pid\" : " + pid)
            .replaceFirst("\"processStart\" : \"[^\"]*\"", "\"processStart\" : \"" + start + "\"");
    write(name, changed.getBytes(StandardCharsets.UTF_8));
  }

  /** Names with contents. */
  Map<String, String> objects() throws IOException {
    Map<String, String> objects = new TreeMap<>();
    for (ObjectInfo object : target.list("")) {
      objects.put(object.name().value(), HexFormat.of().formatHex(read(object.name())));
    }
    return objects;
  }

  private byte[] read(ObjectName name) throws IOException {
    try (InputStream in = target.read(name, 0)) {
      return in.readAllBytes();
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    target.write(new ObjectName(name), out -> out.write(bytes), WriteOptions.REPLACE);
  }
}
