package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarRewriter;
import dev.openmemory.backup.internal.archive.TarSummary;
import dev.openmemory.backup.internal.qdrant.StorageArchive;
import dev.openmemory.backup.internal.qdrant.StorageLayout;
import dev.openmemory.backup.internal.qdrant.StorageNames;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A storage that is read through the engine, once, while its contents are written. */
final class EngineStorageCapture implements Capture, Content {
  private final DockerEngine engine;
  private final Location location;
  private final Map<String, Object> origin;
  private final RunContext context;
  private Facts facts;

  EngineStorageCapture(
      DockerEngine engine, Location location, Map<String, Object> origin, RunContext context) {
    this.engine = engine;
    this.location = location;
    this.origin = new LinkedHashMap<>(origin);
    this.context = context;
    this.facts = new Facts(origin);
  }

  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(StorageArchive.NAME, "application/x-tar", true, this));
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public boolean detached() {
    return false;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    StorageNames names = new StorageNames();
    try (InputStream in = engine.files().read(location.place())) {
      TarSummary summary =
          TarRewriter.copy(
              in,
              out,
              location.describe(),
              ExtractionLimit.unstated(),
              StorageLayout::isTransient,
              context.cancellation(),
              names);
      names.requireStorage(location.describe());
      facts = StorageLayout.facts(names.collections(), summary, origin);
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
