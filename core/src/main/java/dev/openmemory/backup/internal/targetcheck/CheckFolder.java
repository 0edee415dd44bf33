package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.internal.catalog.RunMarker.Work;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The folder that a check writes below, and nothing else. It looks like an unfinished backup of
 * this process: it is never listed, and when the process is killed, the next run removes it.
 */
final class CheckFolder {
  static final String MARKER = RunMarker.FILE_NAME;

  private final Run run;
  private final Polling polling;
  private final BackupName name = new BackupName("openmemory-target-check-" + UUID.randomUUID());
  private final SmallContent marker;
  private final Set<ObjectName> written = Collections.synchronizedSet(new LinkedHashSet<>());
  private boolean deletes = true;

  CheckFolder(Run run, Polling polling) {
    this.run = run;
    this.polling = polling;
    Owner owner = Owner.ofThisProcess(run.clock());
    this.marker = new SmallContent(new RunMarker(Work.BACKUP, owner).toJson());
  }

  Run run() {
    return run;
  }

  BackupTarget target() {
    return run.target();
  }

  ObjectName object(String file) {
    return name.file(file);
  }

  /** The smallest object, which stays until the end. */
  SmallContent marker() {
    return marker;
  }

  /** Whether it still has its bytes. */
  boolean holdsMarker() throws IOException {
    int limit = 2 * marker.bytes().length;
    return Arrays.equals(SmallContent.read(target(), object(MARKER), limit), marker.bytes());
  }

  TestBytes bytes(String file, long size) {
    return new TestBytes(run, file, size, file.hashCode());
  }

  /** Whether what is written can be removed, as far as is known. */
  boolean deletes() {
    return deletes;
  }

  void deletesAreRefused() {
    deletes = false;
  }

  ObjectInfo write(String file, Content content) throws IOException {
    return write(file, content, WriteOptions.CREATE_ONLY);
  }

  /** Notes the name first, for a write that fails may have stored something all the same. */
  ObjectInfo write(String file, Content content, WriteOptions options) throws IOException {
    written.add(object(file));
    return target().write(object(file), content, options);
  }

  void delete(String file) throws IOException {
    target().delete(object(file));
  }

  OptionalLong size(String file) throws IOException {
    Optional<ObjectInfo> found = target().stat(object(file));
    return found.isPresent() ? OptionalLong.of(found.get().size()) : OptionalLong.empty();
  }

  boolean holds(String file, TestBytes bytes) throws IOException {
    return holds(file, bytes, 0);
  }

  boolean holds(String file, TestBytes bytes, long offset) throws IOException {
    try (InputStream in = target().read(object(file), offset)) {
      return bytes.matches(in, offset);
    }
  }

  /** The files of this folder that a list shows, in its order. */
  List<String> listed() throws IOException {
    return target().list(name + "/").stream().map(object -> object.name().fileName()).toList();
  }

  boolean lists(String file) throws IOException {
    return listed().contains(file);
  }

  /** See {@link Polling#until}. */
  Optional<Duration> until(Polling.Check check) throws IOException {
    return polling.until(check);
  }

  /**
   * Removes everything, the marker last, so that what stays is taken for unfinished.
   *
   * @return what stays, with the reason where one is known
   */
  List<String> removeAll() {
    List<ObjectName> names = new ArrayList<>(written);
    Collections.reverse(names);
    List<String> left = new ArrayList<>();
    Optional<IOException> away = Optional.empty();
    for (ObjectName object : names) {
      try {
        if (away.isPresent()) {
          throw away.get();
        }
        target().delete(object);
      } catch (IOException e) {
        left.add(object + " (" + reason(e) + ")");
        away = Optional.of(e).filter(CheckFolder::isTransient);
      }
    }
    return left.isEmpty() && !names.isEmpty() ? stillThere() : left;
  }

  /** A delete that answers OK is not believed. */
  private List<String> stillThere() {
    try {
      return until(() -> present().isEmpty()).isPresent() ? List.of() : present();
    } catch (IOException e) {
      return List.of(name + "/ (whether it is empty is not known: " + reason(e) + ")");
    }
  }

  /** A list that is late shows what is gone. */
  private List<String> present() throws IOException {
    List<String> present = new ArrayList<>();
    for (String file : listed()) {
      if (size(file).isPresent()) {
        present.add(object(file).value());
      }
    }
    return present;
  }

  private static boolean isTransient(IOException failure) {
    return failure instanceof BackupException ours && ours.kind().isTransient();
  }

  private static String reason(IOException failure) {
    return failure instanceof BackupException ours ? ours.fact() : failure.toString();
  }
}
