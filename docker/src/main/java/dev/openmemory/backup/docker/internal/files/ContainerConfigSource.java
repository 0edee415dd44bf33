package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.config.ConfigCapture;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** See {@link ContainerConfigSourceProvider}. */
final class ContainerConfigSource extends ContainerFileSource implements ReportsSettings {

  ContainerConfigSource(ContainerFile file) {
    super(new FileRestorations(file, List.of(""), ContainerConfigSourceProvider.COMPONENT));
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    read(context);
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    return ConfigCapture.of(read(context), file.describe(), Map.of(), context);
  }

  @Override
  public Facts settings(RunContext context) throws IOException {
    return ConfigDocument.parse(read(context)).facts();
  }

  private byte[] read(RunContext context) throws IOException {
    Path folder = Files.createTempDirectory(context.scratch(), "config-");
    Path copy = folder.resolve(ConfigDocument.FILE);
    Closeable removal = () -> Disk.deleteTree(folder);
    try (removal;
        DockerEngine engine = DockerEngine.connect(file.engine())) {
      file.require(engine);
      if (!new FileCopies(engine, file).fetch("", copy, context.cancellation())) {
        throw Kind.NOT_FOUND.failure("read configuration", file.describe(), "does not exist");
      }
      try (var in = Files.newInputStream(copy)) {
        return ConfigDocument.read(in, file.describe(), Kind.UNSUPPORTED, context.cancellation());
      }
    }
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    byte[] bytes = ConfigDocument.fetch(files, context);
    Path staged = Files.createTempFile(context.scratch(), "config-", ".json");
    Closeable removal = () -> Files.deleteIfExists(staged);
    try (removal) {
      Files.write(staged, bytes);
      return restorations.prepare(restoreId, staged, context);
    }
  }

  @Override
  public void requireReplaceable(RunContext context) throws IOException {
    try (DockerEngine engine = DockerEngine.connect(file.engine())) {
      file.require(engine);
    }
  }

  @Override
  public boolean mayBeAbsent() {
    return true;
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    return restorations.prepareKept(restoreId, keptBy, copy -> {}, context);
  }
}
