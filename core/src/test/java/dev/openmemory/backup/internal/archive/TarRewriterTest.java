package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive from elsewhere comes out as one of ours. */
class TarRewriterTest {
  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void makeTree() throws IOException {
    data = Trees.makeVaried(temporary.resolve("data"));
    Files.setPosixFilePermissions(
        data.resolve("b-c"), PosixFilePermissions.fromString("r-x-w---x"));
    Files.setLastModifiedTime(
        data.resolve("b-c"), FileTime.from(Instant.parse("1969-12-31T23:59:58Z")));
  }

  @Test
  void theOutputIsWhatWeWouldHaveWrittenButForTheNamesOfUsersAndGroups() throws IOException {
    byte[] written = ours();
    assertThat(rewritten(written)).isEqualTo(withoutUsers(written));
  }

  @Test
  void rewritingAgainChangesNothing() throws IOException {
    byte[] once = rewritten(ours());
    assertThat(rewritten(once)).isEqualTo(once);
  }

  @Test
  @Tag("services")
  void theOutputFromAnArchiveOfGnuTarIsTheSameAsFromOurs() throws Exception {
    Requires.that(Commands.exist("tar"), "tar");
    for (String format : List.of("gnu", "pax")) {
      assertThat(entries(rewritten(gnuTar("--format=" + format, "-S"))))
          .as(format)
          .isEqualTo(entries(rewritten(ours())));
    }
  }

  @Test
  void theNamesOfFilesAreToldInTheirOrderAndCountedAsInTheTree() throws IOException {
    DirectoryTree tree = scan();
    List<String> names = new ArrayList<>();
    TarSummary summary = rewrite(ours(), OutputStream.nullOutputStream(), n -> false, names);
    assertThat(names).isEqualTo(tree.files());
    assertThat(summary).isEqualTo(tree.summary());
  }

  @Test
  void whatIsExcludedGoesWithEverythingBelowItAndNothingElse() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> names = new ArrayList<>();
    Files.delete(data.resolve("twin"));
    TarSummary summary = rewrite(ours(), out, "b"::equals, names);

    DirectoryTree tree = DirectoryTree.scan(data, "b"::equals, new Cancellation(), w -> {});
    assertThat(out.toByteArray()).isEqualTo(withoutUsers(bytes(tree)));
    assertThat(names).contains("b-c").noneMatch(name -> name.startsWith("b/"));
    assertThat(summary).isEqualTo(tree.summary());
  }

  @Test
  void aHardLinkStaysOneAndKeepsItsContentOnce() throws IOException {
    List<TarArchiveEntry> links =
        entriesOf(rewritten(ours())).stream().filter(TarArchiveEntry::isLink).toList();
    assertThat(links)
        .singleElement()
        .satisfies(
            link -> {
              assertThat(link.getName()).isEqualTo("./twin");
              assertThat(link.getLinkName()).isEqualTo("./b/noise");
              assertThat(link.getSize()).isZero();
            });
  }

  @Test
  void aHardLinkToWhatIsExcludedIsRefused() throws IOException {
    byte[] archive = ours();
    assertCorrupt("hard link", () -> rewrite(archive, nowhere(), "b"::equals, new ArrayList<>()));
  }

  @Test
  void anArchiveThatIsCutAnywhereIsCorrupt() throws IOException {
    byte[] whole = ours();
    int end = whole.length - trailingZeros(whole);
    for (int length = 0; length < end + 512; length += 1 + length % 3001) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertCorrupt("cut at " + length, () -> rewritten(cut));
    }
  }

  @Test
  void whatTheExtractorRefusesIsRefusedHereToo() throws IOException {
    for (String name : List.of("../evil", "a/../../evil", "a/../b")) {
      byte[] hostile = tarOf(new TarArchiveEntry(name, true));
      assertCorrupt(name, () -> rewritten(hostile));
    }
    byte[] pipe = tarOf(new TarArchiveEntry("pipe", (byte) '6'));
    assertCorrupt("pipe", () -> rewritten(pipe));
  }

  @Test
  void cancellingEndsIt() throws IOException {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    byte[] archive = ours();
    assertThatThrownBy(
            () ->
                TarRewriter.copy(
                    new ByteArrayInputStream(archive),
                    nowhere(),
                    "a.tar",
                    ExtractionLimit.unstated(),
                    n -> false,
                    cancellation,
                    n -> {}))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
  }

  @FunctionalInterface
  private interface Work {
    Object run() throws IOException;
  }

  private static void assertCorrupt(String what, Work work) {
    assertThatThrownBy(work::run)
        .as(what)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  private DirectoryTree scan() throws IOException {
    return DirectoryTree.scan(data, name -> false, new Cancellation(), warning -> {});
  }

  private byte[] ours() throws IOException {
    return bytes(scan());
  }

  private static byte[] bytes(DirectoryTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(tree, out, new Cancellation());
    return out.toByteArray();
  }

  private byte[] gnuTar(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tar", "--sort=name", "-C", "data"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cf", "theirs.tar", "."));
    Commands.run(temporary, command.toArray(String[]::new));
    return Files.readAllBytes(temporary.resolve("theirs.tar"));
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }

  private static byte[] rewritten(byte[] archive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    rewrite(archive, out, name -> false, new ArrayList<>());
    return out.toByteArray();
  }

  private static TarSummary rewrite(
      byte[] archive, OutputStream out, Predicate<String> excluded, List<String> names)
      throws IOException {
    return TarRewriter.copy(
        new ByteArrayInputStream(archive),
        out,
        "a.tar",
        ExtractionLimit.unstated(),
        excluded,
        new Cancellation(),
        names::add);
  }

  private static List<TarArchiveEntry> entriesOf(byte[] archive) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(e);
      }
    }
    return entries;
  }

  /** All that is in the headers, sorted: two programs may sort names differently. */
  private static List<String> entries(byte[] archive) throws IOException {
    return entriesOf(archive).stream()
        .map(
            e ->
                String.join(
                    " ",
                    e.getName(),
                    e.getLinkName(),
                    String.valueOf(e.getLinkFlag()),
                    Integer.toOctalString(e.getMode()),
                    e.getLongUserId() + ":" + e.getLongGroupId(),
                    String.valueOf(e.getSize()),
                    String.valueOf(e.getLastModifiedTime().toMillis() / 1000)))
        .sorted()
        .toList();
  }

  private static byte[] tarOf(TarArchiveEntry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /** Clears the names of users and groups and corrects the checksum of each header. */
  private static byte[] withoutUsers(byte[] archive) {
    byte[] changed = archive.clone();
    int end = changed.length - trailingZeros(changed);
    for (int at = 0; at < end; ) {
      long size = octal(changed, at + 124, 11);
      Arrays.fill(changed, at + 265, at + 329, (byte) 0);
      checksum(changed, at);
      at += (int) (512 + (size + 511) / 512 * 512);
    }
    return changed;
  }

  private static void checksum(byte[] archive, int at) {
    Arrays.fill(archive, at + 148, at + 156, (byte) ' ');
    int sum = 0;
    for (int i = at; i < at + 512; i++) {
      sum += archive[i] & 0xff;
    }
    byte[] digits = String.format("%06o\0", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, archive, at + 148, digits.length);
  }

  private static long octal(byte[] archive, int at, int digits) {
    return Long.parseLong(new String(archive, at, digits, StandardCharsets.US_ASCII), 8);
  }

  /** The end marker and what fills the archive up; no file ends in zeros here. */
  private static int trailingZeros(byte[] archive) {
    int at = archive.length;
    while (at > 0 && archive[at - 1] == 0) {
      at--;
    }
    return (archive.length - at) / 512 * 512;
  }
}
