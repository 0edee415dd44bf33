package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarExtractorTest {
  @TempDir Path temporary;
  private int extractions;

  @Test
  void everythingThatLeavesTheRootOrContradictsItselfIsRefused() throws IOException {
    Map<String, byte[]> hostile = new LinkedHashMap<>();
    hostile.put("absolute name", tar(file("/tmp/evil", "x")));
    hostile.put("parent", tar(file("../evil", "x")));
    hostile.put("parent further down", tar(file("a/../../evil", "x")));
    hostile.put("parent that stays inside", tar(file("a/../b", "x")));
    hostile.put("absolute link", tar(link("l", "/etc", '2')));
    hostile.put("link to the parent", tar(link("l", "..", '2')));
    hostile.put("link above the root", tar(link("a/b/l", "../../../etc", '2')));
    hostile.put("link that goes down and up", tar(link("l", "a/../../..", '2')));
    hostile.put("empty link", tar(link("l", "", '2')));
    hostile.put("hard link out", tar(link("l", "../evil", '1')));
    hostile.put("absolute hard link", tar(link("l", "/etc/passwd", '1')));
    hostile.put("hard link to nothing", tar(link("l", "none", '1')));
    hostile.put(
        "hard link to a link", tar(link("s", "a", '2'), file("a", "x"), link("l", "s", '1')));
    hostile.put("through a link", tar(link("d", ".", '2'), file("d/evil", "x")));
    hostile.put("over a link", tar(link("d", "e", '2'), file("d", "x")));
    hostile.put("the same file twice", tar(file("a", "x"), file("./a", "y")));
    hostile.put("a directory over a file", tar(file("a", "x"), directory("a/")));
    hostile.put("a file over a directory", tar(directory("a/"), file("a", "x")));
    hostile.put("below a file", tar(file("a", "x"), file("a/b", "y")));
    hostile.put("a file as the root", tar(link(".", "a", '2')));
    hostile.put("pipe", tar(link("p", "", '6')));
    hostile.put("character device", tar(link("p", "", '3')));
    hostile.put("block device", tar(link("p", "", '4')));
    hostile.put("unknown type", tar(link("p", "", 'Z')));
    for (Map.Entry<String, byte[]> one : hostile.entrySet()) {
      refused(one.getKey(), one.getValue(), ExtractionLimit.unstated());
    }
    assertThat(Path.of("/tmp/evil")).doesNotExist();
    assertThat(temporary.resolve("evil")).doesNotExist();
  }

  @Test
  void linksInsideTheRootArePermitted() throws IOException {
    Path root =
        extract(
            tar(
                file("a/b/f", "x"),
                link("a/l", "../a/b/f", '2'),
                link("h", "./a/b/f", '1'),
                link("dangling", "nowhere", '2')));
    assertThat(root.resolve("a/l")).isSymbolicLink().hasContent("x");
    assertThat(root.resolve("h")).hasContent("x");
    assertThat(FileStat.of(root.resolve("h")).links()).isEqualTo(2);
  }

  @Test
  void anArchiveMustEndWithItsMarkerAndNothingElse() throws IOException {
    byte[] entries = tar(file("a", "x"), file("zeros", "\0".repeat(5000)));
    // 512 + 512 and 512 + 5120 bytes, without the marker.
    byte[] bare = Arrays.copyOf(entries, 6656);
    refused("no marker", bare, ExtractionLimit.unstated());
    refused("half a marker", Arrays.copyOf(bare, bare.length + 512), ExtractionLimit.unstated());
    refused("odd length", Arrays.copyOf(bare, bare.length + 1500), ExtractionLimit.unstated());
    refused("nothing at all", new byte[0], ExtractionLimit.unstated());
    byte[] garbage = Arrays.copyOf(bare, bare.length + 10_240);
    garbage[garbage.length - 1] = 1;
    refused("garbage after the end", garbage, ExtractionLimit.unstated());
    byte[] second = Arrays.copyOf(bare, bare.length + 2048);
    second[bare.length + 600] = 1;
    refused("a marker of one block", second, ExtractionLimit.unstated());
    extract(Arrays.copyOf(bare, bare.length + 1024));
    extract(Arrays.copyOf(bare, bare.length + 1024 + 512 * 99));
    assertThat(inspect(new byte[1024], ExtractionLimit.unstated()).files()).isZero();
  }

  @Test
  void anArchiveCutAnywhereIsRefused() throws IOException {
    byte[] whole = tar(file("a", "x".repeat(700)), directory("d/"), file("d/b", "y"));
    int end = 512 + 1024 + 512 + 512 + 512;
    for (int length = 0; length < end + 1024; length += 1 + length % 100) {
      refused("cut at " + length, Arrays.copyOf(whole, length), ExtractionLimit.unstated());
    }
  }

  @Test
  void aChangedHeaderIsRefused() throws IOException {
    byte[] whole = tar(file("name", "x"));
    for (int at = 0; at < 148; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 7);
      refused("byte " + at, changed, ExtractionLimit.unstated());
    }
  }

  @Test
  void someRandomBytesAreRefusedAsCorrupt() {
    refusesNoise(Seeds.random(), 40);
  }

  @SoakTest
  void randomBytesAreRefusedAsCorruptWhateverTheyAre() throws Exception {
    Soak.rounds(random -> refusesNoise(random, 200));
  }

  private void refusesNoise(Random random, int rounds) {
    for (int i = 0; i < rounds; i++) {
      byte[] noise = new byte[1 + random.nextInt(4000)];
      random.nextBytes(noise);
      refused("noise", noise, ExtractionLimit.unstated());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "0.0", "0.1", "1.0"})
  void recordedSparseEntriesOfGnuTarAreUnpacked(String format) throws Exception {
    Path data = sparseFiles();
    Path root = extract(recorded("sparse-" + format));
    for (String name : List.of("middle", "start", "end", "pieces", "empty")) {
      assertThat(Files.mismatch(root.resolve(name), data.resolve(name))).as(name).isEqualTo(-1);
    }
  }

  @Test
  @Tag("services")
  void sparseEntriesOfGnuTarAreUnpackedWithTheirHoles() throws Exception {
    Requires.that(Commands.exist("tar", "du"), "tar and du");
    Path data = sparseFiles();
    for (String format : List.of("gnu", "posix --sparse-version=0.0", "posix")) {
      Path archive = temporary.resolve("sparse.tar");
      String command = "tar -C data -S --format=" + format + " -cf " + archive + " .";
      Commands.run(temporary, command.split(" ", -1));
      assertThat(Files.size(archive)).as(format).isLessThan(1 << 20);
      Path root = extract(Files.readAllBytes(archive));
      assertThat(Trees.describe(root)).as(format).isEqualTo(Trees.describe(data));
      assertThat(Commands.allocated(root)).as(format).isLessThan(1 << 20);
    }
  }

  private Path sparseFiles() throws IOException {
    Path data = Files.createDirectory(temporary.resolve("data"));
    writeAt(data.resolve("middle"), 4 << 20, 2 << 20);
    writeAt(data.resolve("start"), 1 << 20, 0);
    writeAt(data.resolve("end"), (1 << 20) + 3, (1 << 20) - 2);
    // More pieces than fit one header.
    for (int i = 0; i < 60; i++) {
      writeAt(data.resolve("pieces"), 2 << 20, i * 30_000);
    }
    Files.write(data.resolve("empty"), new byte[0]);
    return data;
  }

  /** What GNU tar 1.34 wrote. */
  private static byte[] recorded(String name) throws IOException {
    try (InputStream packed = TarExtractorTest.class.getResourceAsStream(name + ".tar.gz");
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(packed))) {
      return plain.readAllBytes();
    }
  }

  @Test
  @Tag("services")
  void zeroPagesBecomeHoles() throws Exception {
    Requires.that(Commands.exist("du"), "du");
    byte[] content = new byte[(10 << 20) + 77];
    content[5 << 20] = 1;
    content[(5 << 20) + 8191] = 1;
    Path root = extract(tar(file("f", content), file("all", new byte[1 << 20])));
    assertThat(Files.readAllBytes(root.resolve("f"))).isEqualTo(content);
    assertThat(Files.readAllBytes(root.resolve("all"))).isEqualTo(new byte[1 << 20]);
    assertThat(Commands.allocated(root)).isLessThan(64 << 10);
  }

  @Test
  void contentOfSomeShapesComesBack() throws IOException {
    comesBack(Seeds.random(), 5);
  }

  @SoakTest
  void contentOfEveryShapeComesBack() throws Exception {
    Soak.rounds(random -> comesBack(random, 50));
  }

  private void comesBack(Random random, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      byte[] content = SparseOutputStreamTest.patchy(random, random.nextInt(300_000));
      Path root = extract(tar(file("f", content)));
      assertThat(Files.readAllBytes(root.resolve("f"))).isEqualTo(content);
    }
  }

  @Test
  void tenThousandTimesTheStatedSizeIsRefusedBeforeItIsWritten() throws Exception {
    byte[] bomb = recorded("sparse-bomb");
    assertThat(bomb).hasSize(10_240);
    refused("sparse", bomb, ExtractionLimit.stated(bomb.length));
    byte[] many = tar(file("a", new byte[9000]), file("b", new byte[9000]));
    refused("many", many, ExtractionLimit.stated(17_999));
    assertThat(inspect(many, ExtractionLimit.stated(18_000)).apparentBytes()).isEqualTo(18_000);
  }

  @Test
  void withoutAStatedSizeWhatIsWrittenIsBoundAndHolesAreNot() throws IOException {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    byte[] archive = tar(file("holes", new byte[4 << 20]), file("noise", noise));
    ExtractionLimit tight = new ExtractionLimit(1L << 40, 99_999);
    assertThatThrownBy(() -> extract(archive, tight))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE));
    extract(archive, new ExtractionLimit(1L << 40, 110_000));
  }

  @Test
  void aHeaderWithoutEndIsRefusedBeforeItFillsTheMemory() {
    TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    name.setSize(7L << 30);
    byte[] header = new byte[512];
    name.writeEntryHeader(header);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'n';
          }

          @Override
          public int read(byte[] bytes, int offset, int count) {
            Arrays.fill(bytes, offset, offset + count, (byte) 'n');
            return count;
          }
        };
    assertThatThrownBy(
            () ->
                TarInspector.inspect(
                    new SequenceInputStream(new ByteArrayInputStream(header), endless),
                    "a.tar",
                    ExtractionLimit.unstated(),
                    new Cancellation(),
                    file -> {}))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  @Test
  void directoriesThatTheArchiveLacksAreMadeAndReadOnlyOnesAreFilled() throws IOException {
    TarArchiveEntry locked = directory("locked/").entry;
    locked.setMode(0555);
    Path root =
        extract(tar(new Part(locked, new byte[0]), file("locked/f", "x"), file("a/b/c", "y")));
    assertThat(root.resolve("locked/f")).hasContent("x");
    assertThat(root.resolve("a/b/c")).hasContent("y");
    assertThat(FileStat.of(root.resolve("locked")).mode()).isEqualTo(0555);
  }

  @Test
  void programsDoNotGetTheRightsOfTheirOwner() throws IOException {
    TarArchiveEntry program = file("p", "x").entry;
    program.setMode(06755);
    Path root = extract(tar(new Part(program, new byte[] {'x'})));
    assertThat(FileStat.of(root.resolve("p")).mode()).isEqualTo(0755);
  }

  @Test
  void failuresOfTheStreamPassUnchanged() throws IOException {
    IOException lost = new IOException("lost");
    byte[] whole = tar(file("a", "x".repeat(3000)));
    for (int length : new int[] {0, 100, 1000, 4000, whole.length}) {
      InputStream broken =
          new SequenceInputStream(new ByteArrayInputStream(whole, 0, length), new Broken(lost));
      Path root = Files.createDirectory(temporary.resolve("cut-at-" + length));
      assertThatThrownBy(
              () ->
                  TarExtractor.extract(
                      broken,
                      root,
                      "a",
                      ExtractionLimit.unstated(),
                      RestoredOwners.of(Optional.empty(), warning -> {}),
                      new Cancellation(),
                      f -> {}))
          .isSameAs(lost);
    }
  }

  @Test
  void cancellingEndsIt() throws IOException {
    byte[] whole = tar(file("a", "x"));
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertThatThrownBy(
            () ->
                TarInspector.inspect(
                    new ByteArrayInputStream(whole),
                    "a",
                    ExtractionLimit.unstated(),
                    cancellation,
                    f -> {}))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
  }

  private static final class Part {
    private final TarArchiveEntry entry;
    private final byte[] content;

    Part(TarArchiveEntry entry, byte[] content) {
      this.entry = entry;
      this.content = content;
    }
  }

  private static final class Broken extends InputStream {
    private final IOException failure;

    Broken(IOException failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      throw failure;
    }
  }

  private static Part file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private static Part file(String name, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    return new Part(entry, content);
  }

  private static Part directory(String name) {
    return new Part(new TarArchiveEntry(name, true), new byte[0]);
  }

  private static Part link(String name, String target, char type) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
    entry.setLinkName(target);
    return new Part(entry, new byte[0]);
  }

  private static byte[] tar(Part... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Part part : parts) {
        out.putArchiveEntry(part.entry);
        out.write(part.content);
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void writeAt(Path file, int length, int at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (channel.size() < length) {
        channel.write(ByteBuffer.wrap(new byte[] {'e'}), length - 1L);
      }
      channel.write(ByteBuffer.wrap(new byte[] {'a', 'b', 'c'}, 0, Math.min(3, length - at)), at);
    }
  }

  /** Looking at it and unpacking it refuse it, as corrupt. */
  private void refused(String what, byte[] archive, ExtractionLimit limit) {
    assertThatThrownBy(() -> inspect(archive, limit))
        .as("inspect: %s", what)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
    assertThatThrownBy(() -> extract(archive, limit))
        .as("extract: %s", what)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  private static TarSummary inspect(byte[] archive, ExtractionLimit limit) throws IOException {
    return TarInspector.inspect(
        new ByteArrayInputStream(archive), "a.tar", limit, new Cancellation(), file -> {});
  }

  private Path extract(byte[] archive) throws IOException {
    return extract(archive, ExtractionLimit.unstated());
  }

  private Path extract(byte[] archive, ExtractionLimit limit) throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root" + extractions++));
    // A decompressor gives what it has, not what was asked for.
    InputStream shortReads =
        new FilterInputStream(new ByteArrayInputStream(archive)) {
          @Override
          public int read(byte[] bytes, int offset, int count) throws IOException {
            return super.read(bytes, offset, Math.min(count, 777));
          }
        };
    TarExtractor.extract(
        shortReads,
        root,
        "a.tar",
        limit,
        RestoredOwners.of(Optional.empty(), warning -> {}),
        new Cancellation(),
        file -> {});
    return root;
  }
}
