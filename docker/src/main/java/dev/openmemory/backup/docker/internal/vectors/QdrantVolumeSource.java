package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.control.QdrantServer;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.swap.EngineSwap;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.SparseOutputStream;
import dev.openmemory.backup.internal.archive.StoredTar;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.archive.TarRewriter;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.StorageArchive;
import dev.openmemory.backup.internal.qdrant.StorageDirectory;
import dev.openmemory.backup.internal.qdrant.StorageLayout;
import dev.openmemory.backup.internal.qdrant.StorageNames;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.swap.ChecksPlace;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** See {@link QdrantVolumeSourceProvider}. */
final class QdrantVolumeSource implements BackupSource, ChecksPlace, KeepsPrevious {
  private static final String PART = QdrantVolumeSourceProvider.COMPONENT;

  private final VectorsOptions options;

  QdrantVolumeSource(VectorsOptions options) {
    this.options = options;
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    try (DockerEngine engine = DockerEngine.connect(options.engine())) {
      engine.sweepHelpers();
      Locator locator = new Locator(engine, options);
      Location location = locator.locate();
      requireThere(engine, location);
      Optional<Path> direct = locator.direct(location, false);
      if (direct.isPresent()) {
        new StorageDirectory(direct.get()).requireStorage();
      } else if (location.container().isPresent()) {
        requireStorage(engine, location.container().get().name(), location);
      }
    }
  }

  /** The service of the store may be of an image that is not Qdrant's: nothing is paused then. */
  private static void requireStorage(DockerEngine engine, String container, Location location)
      throws IOException {
    for (String name : StorageLayout.NAMES) {
      if (engine.files().has(container, location.path() + "/" + name)) {
        return;
      }
    }
    StorageNames names = new StorageNames();
    engine.files().anyEntry(location.place()).ifPresent(names);
    names.requireStorage(location.describe());
  }

  /** On this host the names of files tell; elsewhere a Qdrant that runs. */
  @Override
  public Facts look(RunContext context) throws IOException {
    try (DockerEngine engine = DockerEngine.connect(options.engine())) {
      Locator locator = new Locator(engine, options);
      Location location = locator.locate();
      Facts from = new Facts(Map.of("from", location.describe()));
      Optional<Path> direct = locator.direct(location, false);
      if (direct.isPresent()) {
        return new StorageDirectory(direct.get()).look().with(from);
      }
      Optional<Container> running = location.container().filter(Container::runs);
      Optional<QdrantClient> server =
          running.isPresent()
              ? QdrantServer.of(engine, running.get(), locator.keys(), context.cancellation())
              : Optional.empty();
      if (server.isEmpty()) {
        return Facts.NONE;
      }
      try (QdrantClient client = server.get()) {
        return StorageLayout.facts(client.collections()).with(from);
      }
    }
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    return Undo.closingOnFailure(
        DockerEngine.connect(options.engine()),
        engine -> {
          Locator locator = new Locator(engine, options);
          Location location = locator.locate();
          requireThere(engine, location);
          locator.requireHeld(location);
          LayerWarning.of(location).ifPresent(context.warnings());
          Optional<Path> direct = locator.direct(location, false);
          Map<String, Object> origin = origin(engine, location, direct.isPresent());
          if (direct.isPresent()) {
            engine.close();
            return new StorageDirectory(direct.get()).capture(context, origin);
          }
          return new EngineStorageCapture(engine, location, origin, context);
        });
  }

  private static Map<String, Object> origin(DockerEngine engine, Location location, boolean direct)
      throws IOException {
    Map<String, Object> origin = new LinkedHashMap<>(location.facts(direct));
    if (location.container().isPresent()) {
      engine
          .imageDigest(location.container().get().imageId())
          .ifPresent(digest -> origin.put("imageDigest", digest));
    }
    return origin;
  }

  private void requireThere(DockerEngine engine, Location location) throws IOException {
    if (location.container().isEmpty() && location.volume().isEmpty()) {
      String name = options.volume().orElse("");
      throw Kind.NOT_FOUND.failure(
          "find volume", name, "does not exist; " + NearVolumes.describe(name, engine.volumes()));
    }
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    return staged(
        context,
        (data, location, direct) -> {
          if (direct.isPresent()) {
            Swap swap = new StorageDirectory(direct.get()).stage(restoreId, files, context);
            return new DirectRestoration(swap, data);
          }
          return Undo.closingOnFailure(
              EngineSwap.begin(data, options.work(), restoreId, PART, context.cancellation()),
              swap -> {
                stage(files, swap.staged(), context);
                return swap;
              });
        });
  }

  /**
   * Stages data for the place where the storage is now, which may be reached without the engine.
   */
  private interface Staging {
    Restoration stage(VolumeData data, Location location, Optional<Path> direct) throws IOException;
  }

  private Restoration staged(RunContext context, Staging staging) throws IOException {
    return Undo.closingOnFailure(
        DockerEngine.connect(options.engine()),
        engine -> {
          Locator locator = new Locator(engine, options);
          Location location = locator.locate();
          VolumeData data = new VolumeData(engine, locator, location, context.warnings());
          return staging.stage(data, location, locator.direct(location, true));
        });
  }

  private static void stage(BackupFiles files, Path staged, RunContext context) throws IOException {
    StoredTar archive = StorageArchive.in(files);
    try (InputStream in = archive.open();
        OutputStream out = SparseOutputStream.create(staged)) {
      TarRewriter.copy(
          in,
          out,
          archive.name(),
          archive.limit(),
          name -> false,
          context.cancellation(),
          name -> {});
    } catch (IOException e) {
      throw FileFailure.of("stage restore", staged, e);
    }
  }

  /** What is asked of the place where the storage is now. */
  private interface Question<T> {
    T ask(Location location, Optional<StorageDirectory> direct) throws IOException;
  }

  private <T> T ask(Question<T> question) throws IOException {
    try (DockerEngine engine = DockerEngine.connect(options.engine())) {
      Locator locator = new Locator(engine, options);
      Location location = locator.locate();
      return question.ask(location, locator.direct(location, true).map(StorageDirectory::new));
    }
  }

  @Override
  public void requireReplaceable(RunContext context) throws IOException {
    Optional<StorageDirectory> direct = ask((location, directory) -> directory);
    if (direct.isPresent()) {
      direct.get().requireReplaceable();
    }
  }

  @Override
  public String place() throws IOException {
    return ask((location, direct) -> location.identity());
  }

  /** A copy in the home counts, wherever the storage can be reached by now. */
  @Override
  public Optional<Path> kept(String restoreId) throws IOException {
    Optional<Path> tar = EngineSwap.kept(options.work(), restoreId, PART);
    if (tar.isPresent()) {
      return tar.map(Path::getParent);
    }
    Optional<StorageDirectory> direct = ask((location, directory) -> directory);
    return direct.isPresent() ? direct.get().kept(restoreId) : Optional.empty();
  }

  @Override
  public List<PreviousFolders> previous() throws IOException {
    Optional<StorageDirectory> direct = ask((location, directory) -> directory);
    return direct.isPresent() ? List.of(direct.get().previous()) : List.of();
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    return staged(
        context,
        (data, location, direct) -> {
          Optional<Path> tar = EngineSwap.kept(options.work(), keptBy, PART);
          if (tar.isPresent()) {
            requireWhole(tar.get(), stated, context);
            return EngineSwap.beginKept(
                data, options.work(), restoreId, PART, tar.get(), context.cancellation());
          }
          Path directory =
              direct.orElseThrow(
                  () ->
                      Kind.NOT_FOUND.failure(
                          "undo", location.describe(), "cannot be written without the engine"));
          return new DirectRestoration(
              new StorageDirectory(directory).stageKept(restoreId, keptBy, stated), data);
        });
  }

  private static void requireWhole(Path tar, Facts stated, RunContext context) throws IOException {
    StorageNames names = new StorageNames();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
      TarInspector.inspect(
          in, tar.toString(), ExtractionLimit.unstated(), context.cancellation(), names);
    } catch (IOException e) {
      throw FileFailure.of("read previous data", tar, e);
    }
    names.requireStorage(tar.toString());
    StorageNames.requireCollections(names.collections(), stated, tar.toString());
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return Undo.closingOnFailure(
        DockerEngine.connect(options.engine()),
        engine -> {
          Locator locator = new Locator(engine, options);
          Location location = locator.locate();
          VolumeData data = new VolumeData(engine, locator, location, warning -> {});
          if (EngineSwap.isLeft(options.work(), restoreId, PART)) {
            return Optional.of(EngineSwap.resume(data, options.work(), restoreId, PART));
          }
          Optional<Path> place = locator.onThisHost(location);
          Optional<Swap> swap =
              place.isPresent()
                  ? new StorageDirectory(place.get()).resume(restoreId)
                  : Optional.empty();
          if (swap.isEmpty()) {
            engine.close();
          }
          return swap.map(s -> new DirectRestoration(s, data));
        });
  }
}
