package dev.openmemory.backup.cli.demo;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The steps of a demonstration, in a folder of its own; what they prove goes to the table. */
final class Demo {
  private static final BackupName NAME = new BackupName("demo");
  private static final int TRANSACTIONS_BEFORE = 20;

  private final Path folder;
  private final DemoRandom random;
  private final DemoSize size;
  private final Cancellation cancellation;
  private final Consumer<String> progress;
  private final DemoTable table = new DemoTable();
  private final DemoInstallation original;
  private final DemoInstallation restored;

  Demo(
      Path folder,
      DemoRandom random,
      DemoSize size,
      Cancellation cancellation,
      Consumer<String> progress) {
    this.folder = folder;
    this.random = random;
    this.size = size;
    this.cancellation = cancellation;
    this.progress = progress;
    original = new DemoInstallation(folder.resolve("openmemory"));
    restored = new DemoInstallation(folder.resolve("restored"));
  }

  /** What has been proved so far. */
  DemoTable table() {
    return table;
  }

  void run() throws IOException, SQLException, InterruptedException {
    step("Making up an OpenMemory with %,d memories", size.memories());
    original.create(random, size);
    Files.createDirectories(work());
    try (BackupTarget target = BackupTargets.open(folder.resolve("backups"))) {
      Backups backups = backups(target);
      Written written = backUp(backups);
      checkList(backups);
      step("Verifying");
      checkVerify(backups);
      step("Restoring into another folder and comparing");
      backups.restore(NAME, restored.describe(), RestoreRequest.STANDARD);
      checkDatabase(written);
      checkConfig();
      checkStorage();
      step("Restoring over an existing folder");
      checkRestoreOverExisting(backups);
    }
    step("Damaging a copy of the backup");
    checkDamageIsFound();
  }

  /** Numbers of the writer's transactions: the last before the backup and the last of all. */
  private record Written(long before, long after) {}

  private Written backUp(Backups backups) throws IOException, InterruptedException {
    try (DemoWriterProcess writer =
        DemoWriterProcess.start(original.database(), random, size, work())) {
      writer.awaitCommitted(TRANSACTIONS_BEFORE);
      step("Backing up while another process commits");
      writer.takeLongestWait();
      long before = writer.committed();
      BackupReport report = backups.create(original.describe(), BackupRequest.named(NAME.value()));
      long meanwhile = writer.committed() - before;
      long longest = writer.takeLongestWait().toMillis();
      table.add(
          "backed up while another process committed",
          format(
              "%.1f s, %,d transactions meanwhile, longest wait %,d ms",
              report.elapsed().toMillis() / 1000.0, meanwhile, longest),
          meanwhile > 0);
      return new Written(before, writer.finish());
    }
  }

  private void checkList(Backups backups) throws IOException {
    List<BackupSummary> list = backups.list();
    boolean complete =
        list.size() == 1
            && list.get(0).name().equals(NAME)
            && list.get(0).state() == BackupSummary.State.COMPLETE;
    long stored = list.stream().mapToLong(BackupSummary::storedBytes).sum();
    table.add("listed as complete", format("%,d bytes stored", stored), complete);
  }

  private void checkVerify(Backups backups) throws IOException {
    VerifyReport report = backups.verify(NAME);
    long bytes = report.files().stream().mapToLong(file -> file.plainBytes().orElse(0)).sum();
    table.add(
        "verified: digests and structure",
        format("%,d files, %,d bytes uncompressed", report.files().size(), bytes),
        report.problems().stream().map(p -> p.subject() + ": " + p.message()).toList());
  }

  private void checkDatabase(Written written) throws IOException, SQLException {
    table.add(
        "restored database is sound",
        "integrity_check: ok",
        DatabaseComparison.integrityProblems(restored.database()));
    DemoDatabase data = new DemoDatabase(random, size.memories());
    long count = data.transactionsIn(restored.database());
    table.add(
        "it holds a prefix of the transactions",
        format(
            "the first %,d; %,d were committed before the backup, %,d in the end",
            count, written.before(), written.after()),
        written.before() <= count && count <= written.after());
    Path expected = work().resolve("expected.db");
    data.create(expected, count);
    DatabaseComparison comparison = DatabaseComparison.of(expected, restored.database());
    table.add(
        "every row is as these transactions leave it",
        format("%,d rows of %,d tables compared", comparison.rows(), comparison.tables()),
        comparison.differences());
  }

  private void checkConfig() throws IOException {
    table.add(
        "config.json is the same",
        format("%,d bytes compared", Files.size(original.config())),
        Files.mismatch(original.config(), restored.config()) < 0);
  }

  private void checkStorage() throws IOException, InterruptedException {
    TreeComparison comparison = TreeComparison.of(original.storage(), restored.storage());
    table.add(
        "vector store is the same: bytes, modes, times",
        format("%,d files, %,d bytes compared", comparison.files(), comparison.bytes()),
        comparison.differences());
    OptionalLong before = DiskUsage.of(original.storage());
    OptionalLong after = DiskUsage.of(restored.storage());
    // Without holes in the first place (or without du) there is nothing to prove.
    if (before.isPresent() && after.isPresent() && before.getAsLong() < comparison.bytes()) {
      long holes = comparison.bytes() - before.getAsLong();
      table.add(
          "its holes are holes again",
          format("%,d bytes on disk, %,d in the original", after.getAsLong(), before.getAsLong()),
          after.getAsLong() <= before.getAsLong() + holes / 2);
    }
  }

  /** The other OpenMemory that is replaced is made up twice: to be replaced, and to compare. */
  private void checkRestoreOverExisting(Backups backups) throws IOException, SQLException {
    DemoRandom other = new DemoRandom(random.seed() + 1);
    DemoInstallation existing = new DemoInstallation(folder.resolve("existing"));
    DemoInstallation twin = new DemoInstallation(folder.resolve("existing-twin"));
    existing.create(other, DemoSize.SMALL);
    twin.create(other, DemoSize.SMALL);
    RestoreReport report = backups.restore(NAME, existing.describe(), RestoreRequest.STANDARD);
    DatabaseComparison keptRows =
        DatabaseComparison.of(
            twin.database(),
            kept(report, Component.DATABASE).resolve(twin.database().getFileName()));
    TreeComparison keptFiles = TreeComparison.of(twin.storage(), kept(report, Component.VECTORS));
    Path keptConfig = kept(report, Component.CONFIG).resolve(twin.config().getFileName());
    table.add(
        "restored over another OpenMemory, which was kept",
        format("%,d rows and %,d files of it compared", keptRows.rows(), keptFiles.files()),
        both(keptRows, keptFiles, Files.mismatch(twin.config(), keptConfig) < 0));
    DatabaseComparison rows = DatabaseComparison.of(restored.database(), existing.database());
    TreeComparison files = TreeComparison.of(original.storage(), existing.storage());
    table.add(
        "and in its place is what was backed up",
        format("%,d rows and %,d files compared", rows.rows(), files.files()),
        both(rows, files, Files.mismatch(original.config(), existing.config()) < 0));
  }

  private static List<String> both(
      DatabaseComparison rows, TreeComparison files, boolean sameConfig) {
    List<String> problems = new ArrayList<>(rows.differences());
    problems.addAll(files.differences());
    if (!sameConfig) {
      problems.add("config.json differs");
    }
    return problems;
  }

  private static Path kept(RestoreReport report, String component) throws IOException {
    Path path = report.previous().get(component);
    if (path == null) {
      throw new IOException("the restore kept no previous " + component);
    }
    return path;
  }

  private void checkDamageIsFound() throws IOException {
    Path backup = folder.resolve("backups").resolve(NAME.value());
    Path targetOfCopy = folder.resolve("damaged-backups");
    Path copy = Files.createDirectories(targetOfCopy.resolve(NAME.value()));
    Path largest = null;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(backup)) {
      for (Path file : files) {
        Path copied = Files.copy(file, copy.resolve(file.getFileName()));
        if (largest == null || Files.size(copied) > Files.size(largest)) {
          largest = copied;
        }
      }
    }
    long position = flipByteInTheMiddle(Objects.requireNonNull(largest));
    try (BackupTarget target = BackupTargets.open(targetOfCopy)) {
      VerifyReport report = backups(target).verify(NAME);
      table.add(
          "one flipped byte in a copy is found",
          format("byte %,d of %s", position, largest.getFileName()),
          !report.ok());
    }
  }

  private static long flipByteInTheMiddle(Path file) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      long position = access.length() / 2;
      access.seek(position);
      int flipped = access.read() ^ 0xFF;
      access.seek(position);
      access.write(flipped);
      return position;
    }
  }

  private Backups backups(BackupTarget target) {
    return Backups.in(target).withCancellation(cancellation).withScratch(work());
  }

  private Path work() {
    return folder.resolve("work");
  }

  private void step(String text, Object... values) throws IOException {
    cancellation.check();
    progress.accept(format(text, values));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
