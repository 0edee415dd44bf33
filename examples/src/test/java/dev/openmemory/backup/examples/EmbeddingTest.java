package dev.openmemory.backup.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
  @TempDir Path temp;

  @Test
  void anApplicationDoesAllOfItThroughTheLibrary() throws Exception {
    Path home = temp.resolve("openmemory");
    Path storage = Files.createDirectories(home.resolve("storage/collections/openmemory"));
    Files.writeString(storage.resolve("config.json"), "{}");
    Files.createDirectories(home.resolve("api"));
    try (Connection db =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("api/openmemory.db"));
        Statement sql = db.createStatement()) {
      sql.execute("CREATE TABLE memories (id TEXT, state TEXT)");
      sql.execute("INSERT INTO memories VALUES ('1', 'active')");
    }

    Path copy = temp.resolve("copy");
    var verified =
        Embedding.backUpAndProve(home, home.resolve("storage"), temp.resolve("backups"), copy);

    assertThat(verified.ok()).isTrue();
    assertThat(copy.resolve("qdrant-storage/collections/openmemory/config.json")).hasContent("{}");
    assertThat(copy.resolve("api/openmemory.db")).exists();
  }

  @Test
  void aBackupTravelsAsAnEncryptedArchive() throws Exception {
    Path papers = Files.createDirectories(temp.resolve("papers"));
    Files.writeString(papers.resolve("paper"), "first");
    Path license = Files.writeString(temp.resolve("license.key"), "key");
    EncryptionScheme age = EncryptionSchemes.named("age");
    Path key = temp.resolve("private.key");
    KeyFiles.write(key, age.newKeyFile(Instant.EPOCH));
    String recipient = age.recipients(KeyFiles.read(key), PassphraseQuestion.NONE).get(0);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (BackupTarget here = BackupTargets.open(Files.createDirectory(temp.resolve("here")));
        BackupTarget there = BackupTargets.open(Files.createDirectory(temp.resolve("there")))) {
      BackupName name = new BackupName("first");
      Backups.in(here).create(with(papers, license), BackupRequest.named(name.value()));
      EncryptedArchive.write(Backups.in(here), name, recipient, file);
      byte[] cut = Arrays.copyOf(file.toByteArray(), file.size() - 1);

      assertThatThrownBy(
              () -> EncryptedArchive.read(Backups.in(there), new ByteArrayInputStream(cut), key))
          .isInstanceOf(BackupException.class);
      assertThat(Backups.in(there).list()).isEmpty();
      EncryptedArchive.read(Backups.in(there), new ByteArrayInputStream(file.toByteArray()), key);
      assertThat(Backups.in(there).verify(name).ok()).isTrue();
    }
  }

  @Test
  void aSourceOfOnesOwnIsBackedUpAndRestoredWithTheOthers() throws Exception {
    Path note = Files.writeString(temp.resolve("note.txt"), "before the end");
    Installation installation =
        new Installation(temp, List.of())
            .with(new Installation.Part("note", Map.of("file", note.toString()), false));
    try (BackupTarget target =
        BackupTargets.open("team:" + temp.resolve("shared") + "?name=blue", Map.of())) {
      Backups backups = Backups.in(target);
      backups.create(installation, BackupRequest.named("first"));
      Files.writeString(note, "after the end");
      backups.restore(backups.latest().orElseThrow().name(), installation, RestoreRequest.STANDARD);
    }
    assertThat(note).hasContent("before the end");
    assertThat(temp.resolve("shared/blue/first/note.txt.gz")).exists();
  }

  @Test
  void aFolderAndAFileAreBackedUpByAPluginOfAFewLines() throws Exception {
    Path papers = Files.createDirectories(temp.resolve("papers"));
    Path paper = Files.writeString(papers.resolve("paper"), "first");
    Path license = Files.writeString(temp.resolve("license.key"), "key");
    Path renamed = temp.resolve("renamed.key");
    try (BackupTarget target = BackupTargets.open(Files.createDirectory(temp.resolve("target")))) {
      Backups backups = Backups.in(target);
      backups.create(with(papers, license), BackupRequest.named("first"));
      Files.writeString(paper, "second");
      Files.writeString(papers.resolve("another"), "made later");
      backups.restore(
          backups.latest().orElseThrow().name(), with(papers, renamed), RestoreRequest.STANDARD);
    }
    assertThat(paper).hasContent("first");
    assertThat(papers.resolve("another")).doesNotExist();
    assertThat(renamed).hasContent("key");
  }

  private Installation with(Path papers, Path license) {
    return new Installation(temp, List.of())
        .with(new Installation.Part("papers", Map.of("path", papers.toString()), false))
        .with(new Installation.Part("license", Map.of("path", license.toString()), false));
  }
}
