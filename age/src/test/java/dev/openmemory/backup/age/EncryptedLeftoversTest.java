package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a backup leaves that ends anywhere: no readable byte of the content. */
class EncryptedLeftoversTest extends CanaryFixture {
  @Test
  void anEndAtAnyCallLeavesNothingReadableInTheStoreAndTheTemporaryFolder() throws Exception {
    boolean ended = true;
    for (int calls = 0; ended; calls++) {
      InMemoryBackupTarget store = new InMemoryBackupTarget();
      Path scratch = Files.createDirectory(temp.resolve("scratch-" + calls));
      ended = ends(Backups.in(new GoneFrom(store, calls)).withScratch(scratch));

      assertThat(scratch).as("after %s calls", calls).isEmptyDirectory();
      for (ObjectInfo object : store.list("")) {
        assertThat(object.name().value()).doesNotContain(CANARY);
        try (InputStream in = store.read(object.name(), 0)) {
          assertSilent(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1), object.name());
        }
      }
      assertHomeIsSilent();
      assertThat(calls).isLessThan(500);
    }
  }

  private boolean ends(Backups backups) throws BackupException {
    try {
      backups
          .withEncryption(AgeFiles.to(key))
          .create(
              Installation.at(home).withStorage(home.resolve("storage")),
              BackupRequest.named("second").withQuiesce(Quiesce.NONE));
      return false;
    } catch (BackupException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        assertSilent(String.valueOf(cause.getMessage()), "message");
      }
      return true;
    }
  }

  /** What the program itself keeps in the home. */
  private void assertHomeIsSilent() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve(".openmemory-backup"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertSilent(Files.readString(file, StandardCharsets.ISO_8859_1), file);
      }
    }
  }

  private static void assertSilent(String text, Object what) {
    assertThat(text).as(what.toString()).doesNotContainIgnoringCase(CANARY);
  }
}
