package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.DrillSample;
import dev.openmemory.backup.sample.TrialProgram;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.EnginePython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drill in a process of its own, which needs a target on the disk. */
@Tag("services")
@Timeout(180)
class DrillKilledTest {
  @TempDir Path temp;
  private Path scratch;
  private BackupTarget target;
  private Backups backups;

  @BeforeEach
  void backUp() throws Exception {
    scratch = Files.createDirectory(temp.resolve("scratch"));
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target).withScratch(scratch);
    DrillSample.in(temp.resolve("openmemory")).backUp(backups, "first");
  }

  @AfterEach
  void close() throws IOException {
    target.close();
  }

  private ChildJvm drill(Path program, boolean storageEngine) throws IOException {
    return ChildJvm.start(
        DrillChild.class,
        List.of("-XX:TieredStopAtLevel=1"),
        temp.resolve("backups"),
        scratch,
        "first",
        program,
        storageEngine);
  }

  @Test
  void afterAKillTheNextRunEndsTheProgramAndRemovesWhatWasRestored() throws Exception {
    TrialProgram deaf = TrialProgram.deaf(temp.resolve("bin"));
    try (ChildJvm child = drill(deaf.file(), false)) {
      ProcessHandle orphan = deaf.awaitStart();
      awaitRecord(scratch);
      child.kill();
      assertThat(orphan.isAlive()).isTrue();

      assertThat(backups.verify(new BackupName("first")).problems()).isEmpty();

      orphan.onExit().join();
    } finally {
      deaf.end();
    }
    assertThat(scratch).isEmptyDirectory();
  }

  /** Its record may not be written yet when the drill is killed, so it has to end by itself. */
  @Test
  void afterAKillTheStorageEngineEndsByItselfInTheMiddleOfItsWork() throws Exception {
    TrialProgram engine = new TrialProgram(busyEngine(EnginePython.require()));
    try (ChildJvm child = drill(engine.file(), true)) {
      ProcessHandle orphan = engine.awaitStart();
      child.kill();
      assertThat(orphan.onExit()).succeedsWithin(Duration.ofSeconds(30));
    } finally {
      engine.end();
    }
  }

  /** A package of the same name that works in native code for ever and lets no thread run. */
  private Path busyEngine(Path real) throws IOException {
    Path folder = Files.createDirectory(temp.resolve("bin"));
    Files.writeString(
        folder.resolve("qdrant_edge.py"),
        """
        import ctypes, os
        class EdgeShard:
            @staticmethod
            def load(folder):
                with open("%1$s.part", "w") as file:
                    file.write(str(os.getpid()))
                os.rename("%1$s.part", "%1$s")
                while True:
                    ctypes.PyDLL(None).sleep(1000)
        """
            .formatted(folder.resolve("pid")));
    Path python = folder.resolve("python");
    Files.writeString(
        python, "#!/bin/sh\nPYTHONPATH='" + folder + "' exec '" + real + "' \"$@\"\n");
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
    return python;
  }

  private static void awaitRecord(Path scratch) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      try (Stream<Path> files = Files.walk(scratch)) {
        if (files.anyMatch(file -> file.endsWith("child-process.json") && size(file) > 0)) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the process was not recorded");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
