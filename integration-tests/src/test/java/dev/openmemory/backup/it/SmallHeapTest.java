package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that is larger than the heap by far; its target is on the disk. */
@Tag("services")
class SmallHeapTest {
  private static final int FILES = 4;

  @TempDir Path temp;

  @Test
  void aHeapOf64MiBBacksUpVerifiesAndRestores1GiB() throws Exception {
    comesBack(256L << 20);
  }

  @SoakTest
  void soItDoes4GiB() throws Exception {
    comesBack(1L << 30);
  }

  @Test
  void aHeapOf64MiBIsEnoughBesideHundredsOfThousandsOfForeignFiles() throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    Path target = Files.createDirectory(temp.resolve("backups"));
    for (int folder = 0; folder < 200; folder++) {
      fill(Files.createDirectory(target.resolve("photos-" + folder)), 1_000);
    }
    fill(Files.createDirectory(target.resolve("mail")), 200_000);
    try (ChildJvm child =
        ChildJvm.start(
            BackupChild.class,
            List.of("-Xmx64m"),
            "backup,list,prune,verify",
            sample.home(),
            target,
            Files.createDirectories(temp.resolve("scratch")),
            "only")) {
      assertThat(child.output().lines().toList()).endsWith("done");
      assertThat(child.waitForExit()).isZero();
    }
  }

  private static void fill(Path folder, int files) throws IOException {
    for (int file = 0; file < files; file++) {
      Files.createFile(folder.resolve("foreign-" + file));
    }
  }

  private void comesBack(long fileBytes) throws Exception {
    SampleInstallation sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    for (int i = 0; i < FILES; i++) {
      addSparse(sample.storage().resolve("collections/openmemory/0/big-" + i), fileBytes, i);
    }
    try (ChildJvm child =
        ChildJvm.start(
            BackupChild.class,
            List.of("-Xmx64m"),
            "backup,verify,restore-elsewhere",
            sample.home(),
            temp.resolve("backups"),
            Files.createDirectories(temp.resolve("scratch")),
            "big")) {
      assertThat(child.output().lines().toList()).endsWith("done");
      assertThat(child.waitForExit()).isZero();
    }
    assertThat(temp.resolve("elsewhere/qdrant-storage/collections/openmemory/0/big-3"))
        .hasSize(fileBytes);
  }

  @Test
  void aHeapOf64MiBExportsALargeDatabase() throws Exception {
    Path database =
        Files.createDirectories(temp.resolve("backups/generated")).resolve("openmemory.db");
    MemoriesDatabase.emptied(database)
        .run(
            "INSERT INTO users (id, user_id) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0', 'alice')",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
                + " INSERT INTO memories (id, user_id, app_id, content, metadata)"
                + " SELECT printf('abcdef%026x', i), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0', 'x',"
                + " i || hex(zeroblob(1500)), '{}' FROM n");
    assertThat(Files.size(database)).isGreaterThan(100_000_000);
    try (ChildJvm child =
        ChildJvm.start(
            ExportChild.class,
            List.of("-Xmx64m"),
            temp.resolve("backups"),
            "generated",
            temp.resolve("export.zip"))) {
      assertThat(child.readLine()).isEqualTo("40000");
      assertThat(child.waitForExit()).isZero();
    }
  }

  @Test
  void aHeapOf64MiBSearchesAndWrites100000Memories() throws Exception {
    Path database =
        Files.createDirectories(temp.resolve("backups/generated")).resolve("openmemory.db");
    MemoriesDatabase.emptied(database)
        .run(
            "INSERT INTO users (id, user_id) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0', 'alice')",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                + " INSERT INTO memories (id, user_id, app_id, content, metadata)"
                + " SELECT printf('abcdef%026x', i), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0', 'x',"
                + " 'note ' || i || ' of ' || hex(randomblob(200))"
                + " || iif(i % 1000 = 0, ' zanzibar', ''), '{}' FROM n");
    Path page = temp.resolve("memories.html");
    try (ChildJvm child =
        ChildJvm.start(
            MemoriesChild.class,
            List.of("-Xmx64m"),
            temp.resolve("backups"),
            "generated",
            "zanzibar",
            page)) {
      assertThat(child.readLine()).isEqualTo("100");
      assertThat(child.waitForExit()).isZero();
    }
    assertThat(Files.size(page)).isGreaterThan(40_000_000);
  }

  @Test
  void aHeapOf64MiBComparesManyMemories() throws Exception {
    Path folder = temp.resolve("backups");
    Path a = Files.createDirectories(folder.resolve("a")).resolve("openmemory.db");
    Path b = Files.createDirectories(folder.resolve("b")).resolve("openmemory.db");
    new MemoriesDatabase(a)
        .run(
            "CREATE TABLE memories (id UUID PRIMARY KEY, content TEXT, state TEXT)",
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 299999)"
                + " INSERT INTO memories SELECT printf('abcdef%026x', i * 7919 % 300000),"
                + " hex(zeroblob(150)) || i, 'active' FROM n");
    Files.copy(a, b);
    new MemoriesDatabase(b)
        .run(
            "UPDATE memories SET content = content || 'x' WHERE rowid % 3 = 0",
            "UPDATE memories SET id = 'f' || substr(id, 2) WHERE rowid % 3 = 1",
            "DELETE FROM memories WHERE rowid % 3 = 2",
            "INSERT INTO memories VALUES ('huge', zeroblob(80000000), 'active')");
    assertThat(Files.size(a)).isGreaterThan(100_000_000);
    try (ChildJvm child = ChildJvm.start(DiffChild.class, List.of("-Xmx64m"), folder, "a", "b")) {
      assertThat(child.readLine()).isEqualTo("100001 200000 100000");
      assertThat(child.waitForExit()).isZero();
    }
  }

  /** As objects these ids would take some 200 MiB. */
  @Test
  void aHeapOf64MiBComparesTwoMillionIdsExactly() throws Exception {
    Path database = temp.resolve("openmemory.db");
    new MemoriesDatabase(database)
        .run(
            "CREATE TABLE users (id TEXT PRIMARY KEY, user_id TEXT)",
            "CREATE TABLE memories (id CHAR(32), user_id TEXT, state TEXT)",
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999999)"
                + " INSERT INTO memories SELECT printf('%016x%016x', i * 7919 % 2000000, i),"
                + " 'alice', 'active' FROM n");
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    try (ChildJvm child =
        ChildJvm.start(CrossCheckChild.class, List.of("-Xmx64m"), database, scratch)) {
      assertThat(child.readLine()).isEqualTo("matched 1999000, lost 1000, unknown 500");
      assertThat(child.waitForExit()).isZero();
    }
    assertThat(scratch).isEmptyDirectory();
  }

  /** Random islands in a hole: every byte travels, and the disk of a build machine is spared. */
  private static void addSparse(Path file, long size, int seed) throws IOException {
    Random random = new Random(seed);
    byte[] island = new byte[256 * 1024];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
      for (int i = 0; i < 64; i++) {
        random.nextBytes(island);
        out.seek((long) (random.nextDouble() * (size - island.length)));
        out.write(island);
      }
    }
    assertThat(Files.size(file)).isEqualTo(size);
  }
}
