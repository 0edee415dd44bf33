package dev.openmemory.backup.cli.demo;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows on made-up data that a backup of a busy OpenMemory can be restored exactly. */
@Command(
    name = "demo",
    description = {
      "Create an OpenMemory with made-up data in a temporary folder, back it up"
          + " while another process writes to it, restore it, and check row by row and"
          + " file by file that nothing is missing.",
      "Touches nothing else and removes the folder at the end; needs 750 MB of"
          + " free space there."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final long SEED = 20231215;

  private final Path parent;
  private final DemoSize size;

  /** Replaced by picocli. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--keep",
      description = "Keep the folder with everything in it, and say where it is.")
  private boolean keep;

  /** The command as users run it. */
  public DemoCommand() {
    this(Path.of(System.getProperty("java.io.tmpdir")), DemoSize.STANDARD);
  }

  DemoCommand(Path parent, DemoSize size) {
    this.parent = parent;
    this.size = size;
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    if (isSet("--json")) {
      throw Kind.UNSUPPORTED.failure("demo", "", "it prints text, not JSON");
    }
    requireSpace();
    try (DemoFolder folder = DemoFolder.create(parent)) {
      Cancellation cancellation = folder.cancellation();
      Demo demo =
          new Demo(folder.path(), new DemoRandom(SEED), size, cancellation, this::showProgress);
      String failure = runToEnd(demo, cancellation);
      PrintWriter out = spec.commandLine().getOut();
      out.println(String.format(Locale.ROOT, "Made-up data, seed %d:", SEED));
      demo.table().print(out);
      boolean proved = failure.isEmpty() && demo.table().allProved();
      if (proved) {
        printSuccess(out, (System.nanoTime() - start) / 1e9);
      } else {
        out.println("NOT everything was proved. " + failure);
      }
      if (keep || !proved) {
        folder.keep();
        out.println("Everything is kept in " + folder.path());
      }
      out.flush();
      return proved ? 0 : 1;
    }
  }

  /** A full disk in the middle would be the user's to clean up. */
  private void requireSpace() throws IOException {
    Files.createDirectories(parent);
    long usable = Files.getFileStore(parent).getUsableSpace();
    if (usable < size.spaceNeeded()) {
      throw Kind.NO_SPACE.failure(
          "demo",
          parent.toString(),
          String.format(
              Locale.ROOT, "%,d bytes are free, %,d are needed", usable, size.spaceNeeded()));
    }
  }

  /** What ended the demonstration early, or nothing. */
  private static String runToEnd(Demo demo, Cancellation cancellation) throws BackupException {
    try {
      demo.run();
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped(e);
    } catch (IOException | SQLException e) {
      // An interrupt shows as whatever the call that it ended throws.
      if (cancellation.isRequested()) {
        throw stopped(e);
      }
      return e instanceof BackupException known ? known.getMessage() : e.toString();
    }
  }

  private static BackupException stopped(Exception cause) {
    return Kind.CANCELLED.failure("demo", "", "stopped on request", cause);
  }

  private static void printSuccess(PrintWriter out, double seconds) {
    out.println(String.format(Locale.ROOT, "Everything was proved, in %.1f s.", seconds));
    out.println();
    out.println("The same on your own OpenMemory, with its folder and Qdrant's storage directory:");
    out.println("  openmemory-backup backup --home DIR --storage-path STORAGE");
    out.println("  openmemory-backup list --home DIR");
    out.println("  openmemory-backup verify --home DIR NAME");
    out.println("  openmemory-backup restore --home DIR NAME --to NEW-DIR");
  }

  private void showProgress(String step) {
    if (isSet("--quiet")) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(step + " ...");
    err.flush();
  }

  /** Whether a common option is on. */
  private boolean isSet(String name) {
    OptionSpec option = spec.findOption(name);
    return option != null && Boolean.TRUE.equals(option.getValue());
  }
}
