package dev.openmemory.backup.sample;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The objects of a target, to be looked at and tampered with. */
public record StoredObjects(BackupTarget target) {
  /**
   * The same target at another location, since targets in memory are all at one. A location should
   * serve one test class: two syncs of one process to one location are refused.
   */
  public static BackupTarget at(BackupTarget target, String location) {
    return new ForwardingBackupTarget(target) {
      @Override
      public String location() {
        return location;
      }
    };
  }

  public void create(SampleInstallation sample, String name) throws IOException {
    Backups.in(target).create(sample.installation(), BackupRequest.named(name));
  }

  public void copy(String from, String to) throws IOException {
    for (ObjectInfo object : target.list(from + "/")) {
      write(to + "/" + object.name().fileName(), bytes(object.name().value()));
    }
  }

  /** A whole backup, or one object of it. */
  public void remove(String name) throws IOException {
    for (ObjectInfo object : target.list("")) {
      if ((object.name().value() + "/").startsWith(name + "/")) {
        target.delete(object.name());
      }
    }
  }

  public void flip(String name) throws IOException {
    byte[] bytes = bytes(name);
    bytes[bytes.length / 2] ^= 1;
    write(name, bytes);
  }

  public void writeScripted(String name, Instant time) throws IOException {
    for (String file : new String[] {"openmemory.db", "config.json", "backup-info.txt"}) {
      target.write(
          new ObjectName(name + "/" + file),
          out -> out.write(("of " + file).getBytes(StandardCharsets.UTF_8)),
          WriteOptions.CREATE_ONLY.withModified(time));
    }
  }

  /** As if the process that copies the backup had been killed. */
  public void letTheOwnerDie(String backup) throws IOException {
    changeMarker(backup, 1L << 30, "");
  }

  /** As if that process copied the backup. */
  public void giveTo(String backup, ProcessHandle process) throws IOException {
    String start = process.info().startInstant().map(Instant::toString).orElse("");
    changeMarker(backup, process.pid(), start);
  }

  private void changeMarker(String backup, long pid, String start) throws IOException {
    String name = backup + "/in-progress.json";
    String changed =
        text(name)
            .replaceFirst("\"pid\" : \\d+", "\"pid\" : " + pid)
            .replaceFirst("\"processStart\" : \"[^\"]*\"", "\"processStart\" : \"" + start + "\"")
            .replaceFirst("\"startTicks\" : \"[^\"]*\"", "\"startTicks\" : \"\"");
    write(name, changed);
  }

  /** Names with contents. */
  public Map<String, String> objects() throws IOException {
    Map<String, String> objects = new TreeMap<>();
    for (ObjectInfo object : target.list("")) {
      objects.put(object.name().value(), HexFormat.of().formatHex(bytes(object.name().value())));
    }
    return objects;
  }

  public boolean has(String name) throws IOException {
    return target.stat(new ObjectName(name)).isPresent();
  }

  public byte[] bytes(String name) throws IOException {
    try (InputStream in = target.read(new ObjectName(name), 0)) {
      return in.readAllBytes();
    }
  }

  public String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  public void write(String name, byte[] bytes) throws IOException {
    target.write(new ObjectName(name), out -> out.write(bytes), WriteOptions.REPLACE);
  }

  public void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Stores what is in a file. */
  public void write(String name, Path file) throws IOException {
    write(name, Files.readAllBytes(file));
  }

  /** Stores all files below a folder. */
  public void writeAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        write(folder.relativize(file).toString(), file);
      }
    }
  }

  /** Changes a text that is there. */
  public void edit(String name, String from, String to) throws IOException {
    String text = text(name);
    if (!text.contains(from)) {
      throw new AssertionError(name + " does not contain " + from);
    }
    write(name, text.replace(from, to));
  }
}
