package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.it.docker.GuideChapters.Chapter;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The guide beside our commands, chapter by chapter, as {@code docs/from-the-scripts.md} has them,
 * on a live stack made by Compose. Nothing is written while contents are compared: the guide's
 * copies of what is being written are of no instant at all.
 */
@Tag("services")
class FromTheScriptsTest {
  @TempDir Path temp;
  private DockerStack stack;
  private GuideShell shell;
  private GuideChapters chapters;

  @BeforeEach
  void start() throws Exception {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
    Requires.that(Composed.isPossible(), "docker-compose");
    chapters = GuideChapters.read();
    stack = DockerStack.composed(Layout.BOUND_API);
    shell = new GuideShell(stack, temp.resolve("programs"));
  }

  @AfterEach
  void end() {
    if (stack != null) {
      stack.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"Back up, my-important-backup", "Back up by hand, manual-backup"})
  void bothBackUpTheSame(String title, String name) throws Exception {
    Chapter chapter = chapters.chapter(title);
    silence();
    shell.run(chapter.theirs());
    Path theirs = Files.move(backups(), temp.resolve("theirs")).resolve(name);
    shell.run(chapter.ours());

    assertThat(StoredContents.of(backups().resolve(name))).isEqualTo(stack.contents());
    assertThat(StoredContents.of(backups().resolve(name))).isEqualTo(StoredContents.of(theirs));
    assertThat(backups().resolve(name).resolve("config.json"))
        .hasSameTextualContentAs(theirs.resolve("config.json"));
  }

  @ParameterizedTest
  @CsvSource({"Restore, my-important-backup", "Restore by hand, manual-backup"})
  void bothRestoreWhatTheOtherBackedUp(String title, String name) throws Exception {
    Chapter chapter = chapters.chapter(title);
    silence();
    shell.run("openmemory-backup backup " + name);
    StackContents ours = StoredContents.of(backups().resolve(name));
    stack.destroyData();
    shell.run(chapter.theirs());
    stack.awaitWriting(1);
    assertThat(stack.contents().rows()).containsAll(ours.rows());
    assertThat(stack.contents()).matches(StackContents::isOneInstant);

    silence();
    shell.run("rm -r backups/" + name + "\n./backup-scripts/backup_all.sh " + name);
    StackContents theirs = StoredContents.of(backups().resolve(name));
    stack.destroyData();
    shell.run(chapter.ours());
    assertThat(stack.contents()).isEqualTo(theirs);
    stack.startAll();
    assertThat(stack.contents().rows()).containsAll(theirs.rows());
    assertThat(stack.contents()).matches(StackContents::isOneInstant);
  }

  @Test
  void bothShowWhatThereIs() throws Exception {
    shell.run("./backup-scripts/backup_all.sh one\nopenmemory-backup backup two");
    Chapter chapter = chapters.chapter("See what there is");
    assertThat(shell.run(chapter.theirs())).contains("one", "two");
    assertThat(shell.run(chapter.ours())).contains("one", "two", "2 backups");
  }

  @Test
  void bothGiveCronALineThatBacksUp() throws Exception {
    needsSurroundings();
    Chapter chapter = chapters.chapter("Each night");
    String theirs = nightly(shell.runApart(chapter.theirs() + "crontab -l"));
    String ours = nightly(shell.runApart("{\n" + chapter.ours() + "} | crontab -\ncrontab -l"));
    assertThat(theirs).startsWith("cd /path/to/openmemory && ");
    silence();
    shell.run(theirs.replace("/path/to/openmemory", stack.home().toString()));
    shell.run(ours);
    List<Path> made;
    try (var found = Files.list(backups())) {
      made = found.toList();
    }
    assertThat(made).hasSize(2);
    for (Path backup : made) {
      assertThat(StoredContents.of(backup)).isEqualTo(stack.contents());
    }
  }

  /** The command of the line for two at night, as cron gives it to a shell. */
  private static String nightly(String crontab) {
    String times = "0 2 * * * ";
    String line = crontab.lines().filter(l -> l.startsWith(times)).findFirst().orElseThrow();
    return line.substring(times.length()).replace("\\%", "%");
  }

  @Test
  void theGuidesNamesAreListedVerifiedExportedAndPrunedOnlyWhenThatIsAsked() throws Exception {
    Chapter chapter = chapters.chapter("Keep some of them");
    silence();
    shell.run(chapter.theirs());
    List<String> names = List.of("daily-20260101", "weekly-2026-W01", "monthly-2026-01");
    assertThat(shell.run(chapter.ours())).contains(names).contains("unverified");
    shell.run("openmemory-backup verify " + names.get(0));
    shell.run("openmemory-backup export " + names.get(0) + " ../one.tar.gz");
    shell.run("mkdir ../out && tar xzf ../one.tar.gz -C ../out");
    shell.run("diff -r backups/" + names.get(0) + " ../out/backups/" + names.get(0));
    shell.run("openmemory-backup backup ours");
    shell.run("openmemory-backup prune --keep-last 1 --yes");
    assertThat(backups()).isDirectoryContaining("glob:**/daily-20260101");
    shell.run("openmemory-backup prune --keep-last 1 --include-unverified --yes");
    try (var left = Files.list(backups())) {
      assertThat(left)
          .extracting(p -> p.getFileName().toString())
          .containsExactlyInAnyOrder("ours", "monthly-2026-01");
    }
  }

  @Test
  void bothBringThemSomewhereElse() throws Exception {
    shell.run("./backup-scripts/backup_all.sh one\nopenmemory-backup backup two");
    Chapter chapter = chapters.chapter("Somewhere else");
    shell.run(chapter.theirs());
    shell.run(chapter.ours());
    shell.run("diff -r backups ../elsewhere/backups");
    for (String name : List.of("one", "two")) {
      shell.run("diff -r backups/" + name + " ../somewhere-else/" + name);
    }
  }

  @Test
  void bothNameTheVolume() throws Exception {
    Chapter chapter = chapters.chapter("Trouble");
    assertThat(shell.run(chapter.theirs())).contains(stack.storeVolume());
    assertThat(shell.run(chapter.ours())).contains(stack.storeVolume());
  }

  @Test
  void bothBringThemOffSite() throws Exception {
    needsSurroundings();
    silence();
    shell.run("./backup-scripts/backup_all.sh one\nopenmemory-backup backup two");
    Chapter chapter = chapters.chapter("Off site");
    String said =
        shell.runApart(
            chapter.theirs()
                + """
                aws s3 cp s3://my-bucket/openmemory/openmemory-backup.tar.gz - | cmp - ../openmemory-backup.tar.gz
                diff -r backups /srv/openmemory
                openmemory-backup list --target sftp://me@backup.example/srv/openmemory
                openmemory-backup restore one --target sftp://me@backup.example/srv/openmemory --to ../from-rsync
                ssh me@backup.example 'rm -r /srv/openmemory/*'
                """
                + chapter.ours()
                + """
                for name in one two; do
                  diff -r backups/$name /srv/openmemory/$name
                  aws s3 cp --recursive s3://my-bucket/openmemory/$name ../from-s3/$name
                  diff -r backups/$name ../from-s3/$name
                done
                """);
    assertThat(said).contains("2 backups");
    for (String file : List.of("openmemory.db", "config.json")) {
      assertThat(stack.home().resolve("../from-rsync/api").resolve(file))
          .hasSameBinaryContentAs(backups().resolve("one").resolve(file));
    }
  }

  @Test
  void eitherArchiveMovesToEitherSide() throws Exception {
    needsSurroundings();
    silence();
    StackContents before = stack.contents();
    Chapter old = chapters.chapter("Move from the old server");
    Chapter moved = chapters.chapter("Move to the new server");
    shell.runApart(old.theirs() + "cmp ../migration.tar.gz /srv/me/migration.tar.gz");
    shell.runApart(
        "rm -r backups\n" + old.ours() + "cmp ../ours.tar.gz /srv/me/ours.tar.gz\nrm -r backups");

    stack.destroyData();
    String said = shell.run(moved.ours());
    assertThat(stack.contents()).isEqualTo(before);
    assertThat(said).contains("variables", "USER").doesNotContain(StackPlan.SECRET);

    shell.run("rm -r backups\nmv ../ours.tar.gz ../migration.tar.gz");
    stack.destroyData();
    shell.run(moved.theirs());
    stack.awaitWriting(1);
    assertThat(stack.contents().rows()).containsAll(before.rows());
    assertThat(stack.contents()).matches(StackContents::isOneInstant);
  }

  @Test
  void bothMakeAndFetchSnapshotsOfWhichOursRestoresEither() throws Exception {
    needsSurroundings();
    Chapter chapter = chapters.chapter("Qdrant's snapshots");
    List<String> theirs = commands(chapter.theirs());
    List<String> ours = commands(chapter.ours());
    String delete = "curl -s -X POST $collection/points/delete -d '{\"points\":[2]}'\n";
    // Without an address, our commands ask the Qdrant of the home: a container out of reach there.
    String said =
        shell.runApart(
            "export OPENMEMORY_BACKUP_QDRANT_URL=http://localhost:6333\n"
                + snapshots(theirs.subList(0, 3))
                + "curl -s -X DELETE $collection/snapshots/$NAME\n"
                + snapshots(ours.subList(0, 3))
                + delete
                + snapshots(withTheirStatus(theirs.subList(3, 5)))
                + "[ $(ids) = 1,3 ]\n"
                + snapshots(ours.subList(3, 4))
                + "[ $(ids) = 1,2,3 ]\n"
                + delete
                + "[ $(ids) = 1,3 ]\n"
                + "openmemory-backup snapshot upload ../qdrant-snapshot.snapshot --yes\n"
                + "[ $(ids) = 1,2,3 ]\n");
    assertThat(said).contains("HTTP 404", "relative URL without a base", "HTTP 400");
  }

  private static List<String> withTheirStatus(List<String> requests) {
    return requests.stream()
        .map(request -> request.replaceFirst("^curl ", "curl -w 'HTTP %{http_code}' "))
        .toList();
  }

  /** Each with the lines that it goes on in. */
  private static List<String> commands(String block) {
    return List.of(block.split("(?<!\\\\)\n"));
  }

  /** The name is known when the first one was made. */
  private static String snapshots(List<String> commands) {
    return commands.stream()
        .map(
            command ->
                "NAME=$(newest_snapshot)\neval \"$(sed \"s/NAME/$NAME/g\" <<'END'\n%s\nEND\n)\"\n"
                    .formatted(command))
        .collect(Collectors.joining());
  }

  private static void needsSurroundings() {
    Requires.that(
        GuideShell.canRunApart(),
        "root, unshare, ssh, sshd, rsync, crontab, curl, aws and versitygw for the whole guide");
  }

  /** A writer that was ended in a transaction leaves a journal, of which cp knows nothing. */
  private void silence() throws Exception {
    stack.stopWriters();
    shell.run("sqlite3 api/openmemory.db 'SELECT count(*) FROM memories'");
  }

  private Path backups() {
    return stack.home().resolve("backups");
  }
}
