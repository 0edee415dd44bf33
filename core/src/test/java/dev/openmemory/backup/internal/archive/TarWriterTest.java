package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarWriterTest {
  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void makeTree() throws IOException {
    data = Trees.makeVaried(temporary.resolve("data"));
    Files.write(data.resolve("b/block"), new byte[512]);
    Files.writeString(data.resolve(".hidden"), "dot");
    Files.setPosixFilePermissions(
        data.resolve("b/block"), PosixFilePermissions.fromString("r-x-w---x"));
    Files.setLastModifiedTime(
        data.resolve("b/block"), FileTime.from(Instant.parse("1969-12-31T23:59:58.5Z")));
    Files.setLastModifiedTime(
        data.resolve("b"), FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z")));
  }

  @Test
  @Tag("services")
  void gnuTarUnpacksTheSameTree() throws Exception {
    assertThat(Trees.describe(unpackedBy("tar"))).isEqualTo(Trees.describe(data));
  }

  @Test
  @Tag("services")
  void busyboxUnpacksTheSameTree() throws Exception {
    assertThat(Trees.withoutTimesOfDirectories(Trees.describe(unpackedBy("busybox", "tar"))))
        .isEqualTo(Trees.withoutTimesOfDirectories(Trees.describe(data)));
  }

  private Path unpackedBy(String... tar) throws Exception {
    Requires.that(Commands.exist(tar[0]), tar[0]);
    List<String> command = new ArrayList<>(List.of(tar));
    command.addAll(List.of("xpf", archive().toString()));
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    Commands.run(copy, command.toArray(String[]::new));
    return copy;
  }

  @Test
  void commonsCompressReadsTheSameTree() throws IOException {
    Map<String, String> expected = Trees.describe(data);
    expected.replaceAll((name, text) -> text.replaceFirst("links \\d+", "links ?"));
    Map<String, String> read = new HashMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(Files.newInputStream(archive()), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        assertThat(e.getName()).startsWith("./");
        String name = e.getName().replaceFirst("^\\./(.*?)/?$", "$1");
        read.put(name, e.isLink() ? read.get(e.getLinkName().substring(2)) : describe(e, in));
      }
    }
    read.remove("");
    assertThat(read).isEqualTo(expected);
  }

  /** As {@link Trees} does. */
  private static String describe(TarArchiveEntry e, TarArchiveInputStream in) throws IOException {
    if (e.isSymbolicLink()) {
      return "-> " + e.getLinkName();
    }
    CheckedInputStream content = new CheckedInputStream(in, new CRC32());
    content.transferTo(OutputStream.nullOutputStream());
    return String.join(
        " ",
        e.isDirectory() ? "DIRECTORY" : "FILE",
        Integer.toOctalString(e.getMode()),
        e.getLongUserId() + ":" + e.getLongGroupId(),
        String.valueOf(e.getSize()),
        String.valueOf(e.getLastModifiedTime().toInstant().getEpochSecond()),
        "links ?",
        e.isDirectory() ? "" : Long.toHexString(content.getChecksum().getValue()));
  }

  @Test
  void ourExtractorUnpacksTheSameTree() throws IOException {
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    Path archive = archive();
    List<String> files = new ArrayList<>();
    try (var in = Files.newInputStream(archive)) {
      TarSummary summary =
          TarExtractor.extract(
              in,
              copy,
              "a.tar",
              ExtractionLimit.stated(Files.size(archive)),
              RestoredOwners.of(Optional.empty(), warning -> {}),
              new Cancellation(),
              files::add);
      assertThat(summary).isEqualTo(scan().summary());
    }
    assertThat(Trees.describe(copy)).isEqualTo(Trees.describe(data));
    assertThat(files).isEqualTo(scan().files());
  }

  @Test
  void theEstimateIsTheLengthWhenNoNameIsLong() throws IOException {
    Files.delete(data.resolve("long-link"));
    DirectoryTree tree =
        DirectoryTree.scan(data, name -> name.startsWith("d"), new Cancellation(), w -> {});
    assertThat(bytes(tree).length).isEqualTo((int) TarWriter.estimate(tree));
  }

  @Test
  void twoArchivesOfOneTreeAreTheSameBytes() throws IOException {
    assertThat(bytes(scan())).isEqualTo(bytes(scan()));
  }

  @Test
  void aFileThatTakesLargeBuffersGetsTheSameBytes() throws IOException {
    byte[] content = SparseOutputStreamTest.patchy(Seeds.random(), 3 << 20);
    content[content.length - 1] = 1;
    Files.write(data.resolve("large"), content);
    Path file = temporary.resolve("sparse.tar");
    try (SparseOutputStream out = SparseOutputStream.create(file)) {
      TarWriter.write(scan(), out, new Cancellation());
    }
    assertThat(file).hasBinaryContent(bytes(scan()));
  }

  @Test
  void numbersBeyondTheirOctalFieldsAreKept() throws IOException {
    FileStat stat =
        new FileStat(
            FileStat.Kind.FILE,
            0640,
            2_000_000_000L,
            3_000_000L,
            "u",
            "g",
            9L << 30,
            FileTime.from(Instant.parse("1900-01-01T00:00:00Z")),
            1,
            1,
            1);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    TarHeader.write(
        header, TarHeader.Fields.of(new DirectoryTree.Entry(data, "big", stat, false, null)));
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(header.toByteArray()))) {
      TarArchiveEntry entry = in.getNextEntry();
      assertThat(entry.isCheckSumOK()).isTrue();
      assertThat(entry.getSize()).isEqualTo(9L << 30);
      assertThat(entry.getLongUserId()).isEqualTo(2_000_000_000L);
      assertThat(entry.getLongGroupId()).isEqualTo(3_000_000L);
      assertThat(entry.getLastModifiedTime()).isEqualTo(stat.modified());
    }
  }

  @Test
  void socketsAreLeftOutWithAWarning() throws Exception {
    Path socket = data.resolve("socket");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    List<Warning> warnings = new ArrayList<>();
    DirectoryTree tree = DirectoryTree.scan(data, name -> false, new Cancellation(), warnings::add);
    assertThat(tree.files()).doesNotContain("socket");
    assertThat(warnings)
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("not-a-regular-file");
              assertThat(warning.message()).contains(socket.toString());
            });
  }

  @Test
  void whatIsExcludedIsNotInTheArchive() throws IOException {
    DirectoryTree tree = DirectoryTree.scan(data, "b"::equals, new Cancellation(), warning -> {});
    assertThat(tree.files()).contains("b-c").noneMatch(name -> name.startsWith("b/"));
  }

  @Test
  void anyChangeAfterTheScanIsAFailureThatNamesTheFile() throws IOException {
    Path file = data.resolve("b/noise");
    byte[] before = Files.readAllBytes(file);
    FileTime time = Files.getLastModifiedTime(file);
    Map<String, Change> changes =
        Map.of(
            "grew", () -> Files.write(file, new byte[1], StandardOpenOption.APPEND),
            "shrank", () -> Files.write(file, new byte[1000]),
            "vanished", () -> Files.delete(file),
            "was written", () -> Files.write(file, new byte[before.length]),
            "was replaced", () -> replace(file, before, time));
    Files.delete(data.resolve("twin"));
    for (Map.Entry<String, Change> change : changes.entrySet()) {
      Files.write(file, before);
      Files.setLastModifiedTime(file, time);
      DirectoryTree tree = scan();
      change.getValue().make();
      assertThatThrownBy(() -> bytes(tree))
          .as(change.getKey())
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INCONSISTENT))
          .hasMessageContaining(file.toString())
          .hasMessageContaining("changed while it was read");
    }
  }

  @Test
  void aChangeOfAFileThatWasWrittenAlreadyIsNoticedAtTheEnd() throws IOException {
    DirectoryTree tree = scan();
    OutputStream late =
        new OutputStream() {
          private long seen;

          @Override
          public void write(int b) {
            throw new AssertionError("single bytes are slow");
          }

          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            seen += count;
            if (seen > 20_000) {
              Files.writeString(data.resolve(".hidden"), "new");
            }
          }
        };
    assertThatThrownBy(() -> TarWriter.write(tree, late, new Cancellation()))
        .hasMessageContaining(".hidden");
  }

  @Test
  void aNewFileIsNoticed() throws IOException {
    DirectoryTree tree = scan();
    Files.createFile(data.resolve("b/new"));
    assertThatThrownBy(() -> bytes(tree)).hasMessageContaining(data.resolve("b").toString());
  }

  @Test
  void cancellingEndsIt() throws IOException {
    DirectoryTree tree = scan();
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertThatThrownBy(() -> TarWriter.write(tree, OutputStream.nullOutputStream(), cancellation))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private static void replace(Path file, byte[] content, FileTime time) throws IOException {
    Path other = file.resolveSibling("other");
    Files.write(other, content);
    Files.setLastModifiedTime(other, time);
    Files.delete(file);
    Files.move(other, file);
  }

  private DirectoryTree scan() throws IOException {
    return DirectoryTree.scan(data, name -> false, new Cancellation(), warning -> {});
  }

  private static byte[] bytes(DirectoryTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(tree, out, new Cancellation());
    return out.toByteArray();
  }

  private Path archive() throws IOException {
    return Files.write(temporary.resolve("a.tar"), bytes(scan()));
  }
}
