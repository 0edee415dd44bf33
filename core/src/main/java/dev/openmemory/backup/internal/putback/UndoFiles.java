package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.undo.SetAside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What changes of memories have kept for an undo, in the work folder of the home. */
public record UndoFiles(Path home) {
  private static final Pattern NAME =
      Pattern.compile("(undo-([0-9]{8}-[0-9]{6})(?:-([0-9]{1,9}))?)\\.jsonl");

  /** One of the files. */
  private record Kept(Path path, String stem, Instant time, int number) {}

  /**
   * All of them, oldest first, without the one of changes that a process has left half made.
   *
   * @param zone of the clock that their names are from
   */
  public List<SetAside> list(ZoneId zone) throws IOException {
    Journal journal = new Journal(home);
    Optional<Path> needed = journal.left().map(ChangeFile::file);
    List<Kept> kept = new ArrayList<>();
    try {
      if (Files.isDirectory(journal.folder())) {
        for (Path path : Disk.entries(journal.folder())) {
          if (!needed.equals(Optional.of(path))) {
            kept(path, zone).ifPresent(kept::add);
          }
        }
      }
      kept.sort(Comparator.comparing(Kept::time).thenComparing(Kept::number));
      List<SetAside> all = new ArrayList<>();
      for (Kept each : kept) {
        boolean last = each.equals(kept.get(kept.size() - 1));
        long bytes = Files.size(each.path());
        all.add(
            new SetAside(each.stem(), SetAside.MEMORIES, each.path(), bytes, each.time(), last));
      }
      return all;
    } catch (IOException e) {
      throw FileFailure.of("read undo files", journal.folder(), e);
    }
  }

  private static Optional<Kept> kept(Path path, ZoneId zone) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    try {
      Instant time = LocalDateTime.parse(name.group(2), Journal.TIME).atZone(zone).toInstant();
      int number = name.group(3) == null ? 1 : Integer.parseInt(name.group(3));
      return Optional.of(new Kept(path, name.group(1), time, number));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Removes one, durably. */
  public void remove(SetAside kept) throws IOException {
    new Journal(home).discard(new ChangeFile(kept.folder()));
  }
}
