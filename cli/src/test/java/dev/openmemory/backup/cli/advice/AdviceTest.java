package dev.openmemory.backup.cli.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdviceTest {
  @Test
  void everyKindHasAHint() {
    for (Kind kind : Kind.values()) {
      for (String operation : new String[] {"", "restore", "backup", "find backup"}) {
        assertThat(Advice.on(kind, operation)).as("%s %s", kind, operation).hasSizeGreaterThan(20);
      }
    }
  }

  @Test
  void everyHintIsPrintedWithItsFailure() {
    for (Kind kind : Kind.values()) {
      Failure failure = Failure.of(new BackupException(kind, "restore", "file:/x", "it failed"));
      String text =
          new TextRenderer(Clock.systemUTC(), () -> Duration.ofSeconds(9)).failure(failure);
      assertThat(text).contains("restore /x: it failed").contains(Advice.on(kind, "restore"));
    }
  }

  @Test
  void aSentenceOfOursStandsAloneAndOneOfAStoreSaysWhatWasTried() {
    BackupException ours =
        new BackupException(Kind.NOT_FOUND, "find backup", "file:/x/a", "No backup named 'a'.");
    assertThat(text(ours)).startsWith("openmemory-backup: No backup named 'a'.\n");
    Exception answer = new IllegalStateException("No such bucket.");
    BackupException foreign =
        new BackupException(Kind.NOT_FOUND, "list", "file:/x", "No such bucket.", answer);
    assertThat(text(foreign)).startsWith("openmemory-backup: list /x: No such bucket.\n");
  }

  @Test
  void theAdviceAfterASentenceHasNoSecondStop() {
    Map<String, String> explained =
        Map.of(
            "no answer", "no answer. ",
            "No such bucket.", "No such bucket. ",
            "is its disk mounted?", "is its disk mounted? ",
            "Access\ndenied!", "Access\ndenied! ");
    explained.forEach(
        (fact, start) -> {
          BackupException failure = new BackupException(Kind.UNAVAILABLE, "list", "/x", fact);
          assertThat(Advice.explained(failure)).isEqualTo("list /x: " + start + Advice.on(failure));
        });
  }

  private static String text(BackupException failure) {
    return new TextRenderer(Clock.systemUTC(), () -> Duration.ofSeconds(9))
        .failure(Failure.of(failure));
  }

  @Test
  void aWrongPlaceGetsAdviceHowToFixIt() {
    assertThat(Advice.on(Kind.INVALID, "confirm deletion")).contains("Add --yes to confirm.");
    assertThat(Advice.on(Kind.INVALID, "settings")).contains("Fix this place");
    assertThat(Advice.on(Kind.INVALID, "restore --to")).contains("new or empty folder");
    assertThat(Advice.on(Kind.INVALID, "backup name")).contains("Use another name");
  }

  @Test
  void aRunningQdrantHasAdviceOfItsOwn() {
    assertThat(ofQdrant(Kind.DENIED, "create snapshot")).contains("QDRANT_API_KEY");
    assertThat(ofQdrant(Kind.UNAVAILABLE, "list snapshots")).contains("readyz");
    assertThat(ofQdrant(Kind.INCONSISTENT, "upload snapshot")).contains("--collection");
    assertThat(ofQdrant(Kind.NO_SPACE, "upload snapshot")).contains("twice");
    assertThat(ofQdrant(Kind.TIMEOUT, "upload snapshot"))
        .contains("Qdrant continues the operation");
    assertThat(ofQdrant(Kind.ALREADY_EXISTS, "write snapshot")).contains("--output");
    assertThat(ofQdrant(Kind.CANCELLED, "recover snapshot")).doesNotContain("Nothing was changed");
    assertThat(ofQdrant(Kind.FAILED, "count points")).contains("--verbose");
    assertThat(ofQdrant(Kind.UNSUPPORTED, "restore vectors")).contains("--any-qdrant-version");
  }

  private static String ofQdrant(Kind kind, String operation) {
    return Advice.on(new BackupException(kind, operation, "http://localhost:6333", "it failed"));
  }

  @Test
  void aSocketThatMayNotBeUsedIsNoReasonToBecomeRoot() {
    assertThat(Advice.on(Kind.DENIED, "connect to Docker"))
        .contains("group")
        .contains("log in again")
        .contains("context")
        .doesNotContain("sudo");
  }

  @Test
  void aCallThatASocketProxyRefusesIsToBeAllowedThere() {
    assertThat(Advice.on(Kind.DENIED, "call Docker")).contains("socket proxy").contains("Allow it");
  }

  @Test
  void eachTroubleOfTheGuideHasItsOwnAdvice() {
    assertThat(Advice.on(Kind.NOT_FOUND, "find volume"))
        .contains("docker volume ls")
        .contains("docker compose up -d")
        .contains("--volume");
    assertThat(Advice.on(Kind.UNAVAILABLE, "connect to Docker"))
        .contains("systemctl start docker")
        .contains("Docker Desktop")
        .contains("DOCKER_HOST")
        .contains("'ssh HOST docker version'");
    assertThat(Advice.on(Kind.DENIED, "read")).contains("owner of the files");
    assertThat(Advice.on(Kind.INCONSISTENT, "restore"))
        .contains("openmemory-backup list")
        .contains("--allow-empty-vectors");
    assertThat(Advice.on(Kind.UNAVAILABLE, "compare memories with vectors"))
        .contains("docker compose up -d")
        .contains("--qdrant-url");
  }

  @Test
  void whatHappensToContainersHasItsOwnAdvice() {
    assertThat(Advice.on(Kind.NOT_FOUND, "find container")).contains("removed").contains("up -d");
    assertThat(Advice.on(Kind.LOCKED, "Qdrant storage")).contains("--quiesce none");
    assertThat(Advice.on(Kind.LOCKED, "use file of")).contains("--quiesce none");
    assertThat(Advice.on(Kind.CORRUPT, "read archive")).contains("engine");
    assertThat(Advice.on(Kind.INVALID, "find OpenMemory")).contains("--project");
    assertThat(Advice.on(Kind.UNAVAILABLE, "find OpenMemory")).contains("docker compose up -d");
    assertThat(Advice.on(Kind.UNSUPPORTED, "find database")).contains("pg_dump");
    assertThat(Advice.on(Kind.UNSUPPORTED, "find vectors")).contains("--only database,config");
    assertThat(Advice.on(Kind.UNSUPPORTED, "pause")).contains("--quiesce stop");
    assertThat(Advice.on(Kind.UNSUPPORTED, "stop")).contains("Scale the service to 0");
    assertThat(Advice.on(Kind.UNSUPPORTED, "connect to Docker")).contains("DOCKER_HOST");
  }

  @Test
  void aLocalDiskHasAdviceOfItsOwn() {
    String scratch = "/tmp/openmemory-backup-scratch-1/spool-database-openmemory.db";
    assertThat(Advice.on(new BackupException(Kind.NO_SPACE, "spool", scratch, "full")))
        .contains("temporary folder")
        .contains("java.io.tmpdir")
        .doesNotContain("prune");
    assertThat(Advice.on(new BackupException(Kind.NO_SPACE, "write", "file:/b/a", "full")))
        .contains("prune");
    String missing = "create temporary directory";
    assertThat(Advice.on(new BackupException(Kind.NOT_FOUND, missing, "/big", "does not exist")))
        .startsWith("Create the temporary folder");
    assertThat(Advice.on(failed(new IOException("Input/output error"))))
        .contains("dmesg")
        .contains("smartctl");
    assertThat(Advice.on(failed(new InvalidPathException("\u00fc", "Malformed input"))))
        .contains("locale with UTF-8")
        .doesNotContain("version");
  }

  private static BackupException failed(Exception cause) {
    return new BackupException(Kind.UNSUPPORTED, "unpack", "/x", "it failed", cause);
  }

  @Test
  void anExportHasAdviceOfItsOwn() {
    assertThat(Advice.on(Kind.INVALID, "choose user")).contains("--user ID");
    assertThat(Advice.on(Kind.NOT_FOUND, "choose user")).contains("--user ID");
    assertThat(Advice.on(Kind.ALREADY_EXISTS, "export")).contains("FILE");
    assertThat(Advice.on(Kind.NOT_FOUND, "export")).contains("openmemory-backup list");
    assertThat(Advice.on(Kind.CORRUPT, "export")).contains("verify --all");
  }

  @Test
  void everyKindHasItsExitCode() {
    Map<Kind, Integer> codes = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      codes.put(kind, ExitCodes.of(kind));
    }
    assertThat(codes)
        .containsEntry(Kind.INVALID, 2)
        .containsEntry(Kind.NOT_FOUND, 4)
        .containsEntry(Kind.CORRUPT, 5)
        .containsEntry(Kind.INCONSISTENT, 5)
        .containsEntry(Kind.LOCKED, 6)
        .containsEntry(Kind.DENIED, 7)
        .containsEntry(Kind.ROLLED_BACK, 8)
        .containsEntry(Kind.NOT_ROLLED_BACK, 9)
        .containsEntry(Kind.CANCELLED, 130);
    codes.values().removeIf(code -> code != 1);
    assertThat(codes)
        .containsOnlyKeys(
            Kind.ALREADY_EXISTS,
            Kind.NO_SPACE,
            Kind.UNAVAILABLE,
            Kind.TIMEOUT,
            Kind.UNSUPPORTED,
            Kind.FAILED);
  }

  @Test
  void bucketsHaveAdviceOfTheirOwnWhereThatOfDirectoriesWouldMislead() {
    String denied = Advice.on(new BackupException(Kind.DENIED, "list", "s3://b/om", "no"));
    assertThat(denied).contains("AWS_ACCESS_KEY_ID").doesNotContain("owns the files");
    String wrong = Advice.on(new BackupException(Kind.INVALID, "options of s3", "", "no"));
    assertThat(wrong).contains("endpoint").contains("region").contains("docs/targets/s3.md");
    String none = Advice.on(new BackupException(Kind.NOT_FOUND, "write", "s3://b/om/x", "no"));
    assertThat(none).contains("aws s3 mb");
    String name = Advice.on(new BackupException(Kind.NOT_FOUND, "find backup", "s3://b", "no"));
    assertThat(name).contains("openmemory-backup list");
    String taken = Advice.on(new BackupException(Kind.ALREADY_EXISTS, "write", "s3://b", "no"));
    assertThat(taken).isEqualTo(Advice.on(Kind.ALREADY_EXISTS, "write"));
  }

  @Test
  void serversHaveAdviceOfTheirOwnWhereThatOfDirectoriesWouldMislead() {
    String unknown = Advice.on(new BackupException(Kind.DENIED, "check host key", "sftp://h", "x"));
    assertThat(unknown).contains("ssh-keyscan").contains("accept-new").contains("ssh-keygen -R");
    String out = Advice.on(new BackupException(Kind.DENIED, "log in", "sftp://h", "no"));
    assertThat(out).contains("ssh-copy-id").contains("password-file").contains("ssh-add");
    String denied = Advice.on(new BackupException(Kind.DENIED, "write", "sftp://h/x", "no"));
    assertThat(denied).contains("chroot").doesNotContain("owner of the files");
    String wrong = Advice.on(new BackupException(Kind.INVALID, "options of sftp", "", "no"));
    assertThat(wrong).contains("docs/targets/sftp.md");
    String name = Advice.on(new BackupException(Kind.NOT_FOUND, "find backup", "sftp://h", "no"));
    assertThat(name).contains("openmemory-backup list");
    String pinned = Advice.on(new BackupException(Kind.INVALID, "delete", "sftp://h/n", "pinned"));
    assertThat(pinned).contains("openmemory-backup unpin").doesNotContain("Locations");
    assertThat(out).contains("IdentitiesOnly");
    for (Kind kind : new Kind[] {Kind.NO_SPACE, Kind.UNSUPPORTED, Kind.UNAVAILABLE, Kind.TIMEOUT}) {
      assertThat(Advice.on(new BackupException(kind, "connect", "sftp://h", "no")))
          .isNotEqualTo(Advice.on(kind, "connect"));
    }
  }
}
