package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.internal.control.QdrantServer;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory;
import dev.openmemory.backup.docker.internal.swap.EngineData;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.SparseOutputStream;
import dev.openmemory.backup.internal.archive.TarContents;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.archive.TarRewriter;
import dev.openmemory.backup.internal.archive.TarSummary;
import dev.openmemory.backup.internal.qdrant.StorageNames;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The content of a storage, exchanged through the engine. */
final class VolumeData implements EngineData {
  private static final String ARCHIVE = "copy of the storage";
  private static final String PROJECT = "com.docker.compose.project";
  private static final String KEY = "com.docker.compose.volume";

  private final DockerEngine engine;
  private final Locator locator;
  private final Location location;
  private final Consumer<Warning> warnings;

  VolumeData(DockerEngine engine, Locator locator, Location location, Consumer<Warning> warnings) {
    this.engine = engine;
    this.locator = locator;
    this.location = location;
    this.warnings = warnings;
  }

  @Override
  public String describe() {
    return location.describe();
  }

  @Override
  public void requireReleased() throws IOException {
    locator.requireStopped(location);
  }

  @Override
  public boolean save(Path tar, Cancellation cancellation) throws IOException {
    if (isMissing()) {
      return false;
    }
    StorageNames names = new StorageNames();
    copy(tar, name -> false, names, cancellation);
    names.requireStorage(describe());
    return true;
  }

  @Override
  public void saveFiles(Set<String> names, Path tar, Cancellation cancellation) throws IOException {
    Set<String> folders = new HashSet<>();
    for (String name : names) {
      for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
        folders.add(name.substring(0, end));
      }
    }
    copy(tar, name -> !names.contains(name) && !folders.contains(name), n -> {}, cancellation);
  }

  private void copy(
      Path tar, Predicate<String> excluded, Consumer<String> names, Cancellation cancellation)
      throws IOException {
    try (InputStream in = engine.files().read(location.place());
        OutputStream out = SparseOutputStream.create(tar)) {
      TarRewriter.copy(
          in, out, describe(), ExtractionLimit.unstated(), excluded, cancellation, names);
    }
  }

  private boolean isMissing() throws IOException {
    return location.place() instanceof EngineDirectory.InVolume volume
        && engine.volume(volume.name()).isEmpty();
  }

  @Override
  public void put(Path tar) throws IOException {
    createMissing();
    engine.files().clear(location.place());
    engine.files().write(location.place(), tar);
    requireSame(summary(tar), summary());
  }

  @Override
  public void putBack(Path tar) throws IOException {
    createMissing();
    BackupException unclear = null;
    try {
      engine.files().clear(location.place());
    } catch (BackupException e) {
      unclear = e;
    }
    try {
      engine.files().write(location.place(), tar);
    } catch (IOException e) {
      if (unclear != null) {
        e.addSuppressed(unclear);
      }
      throw e;
    }
  }

  @Override
  public TarContents present() throws IOException {
    if (isMissing()) {
      return new TarContents(Map.of());
    }
    try (InputStream in = engine.files().read(location.place())) {
      return TarContents.of(in, describe());
    }
  }

  @Override
  public TarContents of(Path tar) throws IOException {
    return TarContents.of(tar);
  }

  /** What a person unpacks there has the times of its archive; what Qdrant writes is newer. */
  @Override
  public boolean canBeOfProgram(TarContents files, TarContents put, TarContents before) {
    return files.isNewerThan(put) && files.isNewerThan(before);
  }

  private void createMissing() throws IOException {
    if (location.place() instanceof EngineDirectory.InVolume volume && isMissing()) {
      engine.createVolume(volume.name(), labels(volume.name()));
    }
  }

  /** As compose labels a volume that it makes, so that it takes this one for its own. */
  private Map<String, String> labels(String volume) {
    Map<String, String> labels = new LinkedHashMap<>();
    Optional<String> project = locator.options().project();
    if (project.isPresent() && volume.startsWith(project.get() + "_")) {
      labels.put(PROJECT, project.get());
      labels.put(KEY, volume.substring(project.get().length() + 1));
    }
    return labels;
  }

  private TarSummary summary(Path tar) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
      return inspect(in);
    }
  }

  /** The engine answers with success before it has done the work; what is there now counts. */
  private TarSummary summary() throws IOException {
    try (InputStream in = engine.files().read(location.place())) {
      return inspect(in);
    }
  }

  private static TarSummary inspect(InputStream in) throws IOException {
    return TarInspector.inspect(
        in, ARCHIVE, ExtractionLimit.unstated(), new Cancellation(), name -> {});
  }

  private void requireSame(TarSummary wanted, TarSummary found) throws BackupException {
    if (!wanted.equals(found)) {
      throw Kind.CORRUPT.failure(
          "write Qdrant storage",
          describe(),
          "the engine holds " + found + " instead of " + wanted);
    }
  }

  @Override
  public void remove() throws IOException {
    if (location.place() instanceof EngineDirectory.InVolume volume && !isMissing()) {
      engine.removeVolume(volume.name());
    }
  }

  @Override
  public void confirm(Facts stated, Cancellation cancellation) throws IOException {
    Optional<Container> qdrant =
        location.container().isPresent()
            ? engine.container(location.container().get().name())
            : Optional.empty();
    if (qdrant.isEmpty() || !qdrant.get().runs()) {
      return;
    }
    Optional<QdrantClient> server =
        QdrantServer.of(engine, qdrant.get(), locator.keys(), cancellation);
    if (server.isEmpty()) {
      warnings.accept(
          new Warning(
              "not-asked",
              "Qdrant in container "
                  + qdrant.get().name()
                  + " cannot be reached or refuses the API key, so its collections were not compared"));
      return;
    }
    try (QdrantClient client = server.get()) {
      compare(stated, client);
    }
  }

  private void compare(Facts stated, QdrantClient server) throws IOException {
    TreeSet<String> missing = new TreeSet<>(stated.texts("collections"));
    server.collections().forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw inconsistent("Qdrant does not show the collections " + missing);
    }
    for (String collection : stated.texts("collections")) {
      long wanted = stated.number("points", collection).orElse(-1);
      long found = wanted < 0 ? wanted : server.count(collection);
      if (found != wanted) {
        throw inconsistent(
            "collection " + collection + " has " + found + " points instead of " + wanted);
      }
    }
  }

  private BackupException inconsistent(String fact) {
    return Kind.INCONSISTENT.failure("look at Qdrant", describe(), fact);
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
