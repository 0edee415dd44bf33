package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a target whose way to a server breaks. */
abstract class OnFaultyLine {
  static final ObjectName NAME = new ObjectName("backup-1/qdrant-storage.tar.gz");

  @TempDir Path scratch;

  /** Of the targets. */
  final TestMachine machine = new TestMachine();

  private final List<BackupTarget> targets = new ArrayList<>();
  private @Nullable FaultyLine line;
  private @Nullable PlaceOnServer place;

  SharedServer shared() {
    return SharedServer.EMBEDDED;
  }

  final PlaceOnServer place() throws Exception {
    PlaceOnServer known = place;
    if (known == null) {
      known = new PlaceOnServer(shared(), scratch);
      place = known;
    }
    return known;
  }

  final FaultyLine line() throws Exception {
    FaultyLine open = line;
    if (open == null) {
      open = new FaultyLine(place().server().port());
      line = open;
    }
    return open;
  }

  /** A target that reaches the server over the line. */
  final BackupTarget target() throws Exception {
    return target(machine, KnownServer.TIMEOUT);
  }

  final BackupTarget target(Machine machine, Duration timeout) throws Exception {
    return closed(place().known(line().port()).target(place().path(), 1, timeout, machine));
  }

  /** Closes it after the test. */
  final BackupTarget closed(BackupTarget target) {
    targets.add(target);
    return target;
  }

  @AfterEach
  final void closeAll() throws Exception {
    Thread.interrupted();
    if (line != null) {
      line.close();
    }
    for (BackupTarget target : targets) {
      target.close();
    }
  }

  static BackupException assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).as("a failure of kind %s", kind).isNotNull();
    assertThat(failure.kind()).as("kind of: %s", failure).isEqualTo(kind);
    return failure;
  }

  static void assertHolds(BackupTarget target, Pattern content) throws IOException {
    try (InputStream in = target.read(NAME, 0)) {
      content.check(in, 0);
    }
  }

  /** The names of all files of the target, hidden ones too. */
  final List<String> files() throws Exception {
    if (!Files.exists(place().folder())) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(place().folder())) {
      return found.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }
}
