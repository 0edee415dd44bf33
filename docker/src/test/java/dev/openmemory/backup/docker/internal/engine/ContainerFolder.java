package dev.openmemory.backup.docker.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The files in the folder {@code /app} of the stopped container {@code api}. */
public final class ContainerFolder {
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

  private ContainerFolder() {}

  /** Makes the engine answer so. */
  public static ContainerFolder in(EngineDouble engine) {
    ContainerFolder folder = new ContainerFolder();
    engine.answer("GET /containers/json", EngineDouble.json(200, "[]"));
    engine.answer("GET /networks", EngineDouble.json(200, "[]"));
    engine.answer(
        "GET /containers/api/json",
        EngineDouble.json(
            200,
            "{\"Id\": \"api\", \"Name\": \"/api\", \"Config\": {}, \"State\":"
                + " {\"Status\": \"exited\"}}"));
    engine.handle("GET /containers/api/archive", folder::get);
    engine.handle("PUT /containers/api/archive", folder::put);
    return folder;
  }

  /** By name. */
  public Map<String, byte[]> files() {
    return files;
  }

  private void get(EngineDouble.Request request, OutputStream out) throws IOException {
    String name = request.query().replaceFirst(".*path=/app/?", "");
    byte[] content = files.get(name);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    if (name.isEmpty()) {
      tar.write(SingleEntryTar.directory("app", new TarArchiveEntry("app/")).readAllBytes());
    } else if (content != null) {
      try (TarArchiveOutputStream entries = new TarArchiveOutputStream(tar)) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entries.putArchiveEntry(entry);
        entries.write(content);
        entries.closeArchiveEntry();
      }
    } else {
      EngineDouble.json(404, "{\"message\":\"no such file\"}").write(out);
      return;
    }
    EngineDouble.head(out, 200, "application/x-tar", "Content-Length: " + tar.size());
    tar.writeTo(out);
  }

  private void put(EngineDouble.Request request, OutputStream out) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(request.body()))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          files.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    EngineDouble.json(200, "").write(out);
  }
}
