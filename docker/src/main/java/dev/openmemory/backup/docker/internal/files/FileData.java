package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.swap.EngineData;
import dev.openmemory.backup.internal.archive.TarContents;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * A file of a container and those beside it that belong to it.
 *
 * <p>An engine can replace a file but not delete one. What has to go becomes an empty file, which
 * SQLite takes for an absent one: that is how its own {@code journal_mode=TRUNCATE} and {@code
 * wal_checkpoint(TRUNCATE)} leave journal and log (https://sqlite.org/pragma.html).
 *
 * @param suffixes of the files that belong together; empty text for the file itself
 */
record FileData(DockerEngine engine, ContainerFile file, List<String> suffixes)
    implements EngineData {

  @Override
  public String describe() {
    return file.describe();
  }

  @Override
  public void requireReleased() throws IOException {
    file.requireStopped(engine);
  }

  @Override
  public boolean save(Path tar, Cancellation cancellation) throws IOException {
    List<String> saved = copies().save(suffixes, tar, cancellation);
    if (saved.isEmpty()) {
      Files.delete(tar);
    }
    return !saved.isEmpty();
  }

  @Override
  public void saveFiles(Set<String> names, Path tar, Cancellation cancellation) throws IOException {
    List<String> named = suffixes.stream().filter(s -> names.contains(file.name() + s)).toList();
    copies().save(named, tar, cancellation);
  }

  @Override
  public void put(Path tar) throws IOException {
    List<TarArchiveEntry> entries = FileCopies.entries(tar);
    // First, so that a question that fails afterwards does not keep the data from its place.
    engine.files().write(file.directory(), tar);
    emptyAllBut(entries.stream().map(TarArchiveEntry::getName).collect(Collectors.toSet()), tar);
    for (TarArchiveEntry wanted : entries) {
      requireThere(wanted);
    }
  }

  @Override
  public TarContents present() throws IOException {
    Map<String, TarContents.Entry> entries = new HashMap<>();
    for (String suffix : suffixes) {
      String path = file.path(suffix);
      Optional<InputStream> found = engine.files().readFile(file.container(), path);
      if (found.isPresent()) {
        try (InputStream in = found.get()) {
          entries.putAll(TarContents.of(in, path).entries());
        }
      }
    }
    return new TarContents(entries).withoutEmptyFiles();
  }

  @Override
  public TarContents of(Path tar) throws IOException {
    return TarContents.of(tar).withoutEmptyFiles();
  }

  @Override
  public void putBack(Path tar) throws IOException {
    put(tar);
  }

  @Override
  public void remove() throws IOException {
    Path beside = Files.createTempFile("openmemory-backup-", ".tar");
    Closeable removal = () -> Files.deleteIfExists(beside);
    try (removal) {
      emptyAllBut(Set.of(), beside);
    }
  }

  private void emptyAllBut(Set<String> kept, Path beside) throws IOException {
    List<TarArchiveEntry> surplus = new ArrayList<>();
    for (String suffix : suffixes) {
      Optional<TarArchiveEntry> present = copies().stat(suffix);
      if (present.isPresent() && !kept.contains(present.get().getName())) {
        surplus.add(present.get());
      }
    }
    if (surplus.isEmpty()) {
      return;
    }
    Path tar = beside.resolveSibling(beside.getFileName() + ".empty");
    Closeable removal = () -> Files.deleteIfExists(tar);
    try (removal) {
      Files.deleteIfExists(tar);
      FileCopies.packEmpty(surplus, tar);
      engine.files().write(file.directory(), tar);
    }
  }

  /** The engine answers with success before it has done the work; what is there now counts. */
  private void requireThere(TarArchiveEntry wanted) throws IOException {
    String suffix = wanted.getName().substring(file.name().length());
    long found = copies().stat(suffix).map(TarArchiveEntry::getSize).orElse(-1L);
    if (found != wanted.getSize()) {
      throw Kind.CORRUPT.failure(
          "write",
          file.describe() + suffix,
          "has " + found + " bytes instead of " + wanted.getSize());
    }
  }

  private FileCopies copies() {
    return new FileCopies(engine, file);
  }

  /** Nothing is started on it before it is final. */
  @Override
  public boolean canBeOfProgram(TarContents files, TarContents put, TarContents before) {
    return files.isEmpty();
  }

  /** Nothing that runs can be asked for it. */
  @Override
  public void confirm(Facts stated, Cancellation cancellation) {}

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
