package dev.openmemory.backup.it;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.crosscheck.PointIds;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Compares two million rows with as many points in a process with a given heap. */
final class CrossCheckChild {
  private static final long FIRST = 1000;
  private static final long END = 2_000_500;

  private CrossCheckChild() {}

  /** Arguments: database, folder for ids. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    RunContext context =
        new RunContext(
            Clock.systemUTC(), Path.of(args[1]), new Cancellation(), false, warning -> {});
    IdFolder folder = IdFolder.of(context);
    try (PointIds points = PointIds.in(folder, "openmemory")) {
      for (long i = FIRST; i < END; i++) {
        UUID id = new UUID(i * 7919 % 2_000_000, i);
        points.take(new Point(Optional.of(id), Optional.of("alice"), Optional.empty()));
      }
      Memories memories = new Memories(Path.of(args[0]), "openmemory.db");
      CrossCheck found = Comparison.of(memories, points, true, folder);
      out.println(
          "matched "
              + found.matched()
              + ", lost "
              + found.withoutVector().count()
              + ", unknown "
              + found.withoutMemory().count());
    }
  }
}
