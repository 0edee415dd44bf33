package dev.openmemory.backup.docker.internal.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine of this host, and a volume with a directory that this process may read. */
@Timeout(60)
class LocatorTest {
  private static final Path KERNEL = Path.of("/proc/sys/kernel");

  @TempDir private Path folder;

  @Test
  void onlyAPlainVolumeOfTheLocalDriverIsUsedWithoutTheEngine() throws IOException {
    Assumptions.assumeTrue(Files.isReadable(KERNEL.resolve("hostname")));
    assertThat(isDirect("local", "null")).isTrue();
    assertThat(isDirect("local", "{\"o\": \"size=1g\"}")).isTrue();

    assertThat(isDirect("local", "{\"type\": \"none\", \"o\": \"bind\", \"device\": \"/disk/x\"}"))
        .isFalse();
    assertThat(isDirect("local", "{\"type\": \"nfs\", \"o\": \"addr=x\", \"device\": \":/x\"}"))
        .isFalse();
    assertThat(isDirect("sshfs", "null")).isFalse();
  }

  @Test
  void aStorageWithADirectoryThatMayNotBeMovedIsReplacedThroughTheEngine() throws IOException {
    Assumptions.assumeTrue(Files.isReadable(KERNEL.resolve("hostname")));
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root may move all");
    Path foreign = Files.createDirectory(folder.resolve("collections"));
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThat(isDirect("local", "null", true)).isFalse();
    assertThat(isDirect("local", "null", false)).isTrue();
  }

  private boolean isDirect(String driver, String options) throws IOException {
    boolean forReading = isDirect(driver, options, false);
    assertThat(isDirect(driver, options, true)).isEqualTo(forReading);
    return forReading;
  }

  private boolean isDirect(String driver, String options, boolean writing) throws IOException {
    try (EngineDouble engine = new EngineDouble(folder)) {
      engine.answer(
          "GET /info",
          EngineDouble.json(
              200,
              "{\"Name\": \"%s\", \"KernelVersion\": \"%s\", \"DockerRootDir\": \"%s\"}"
                  .formatted(kernel("hostname"), kernel("osrelease"), folder)));
      engine.answer(
          "GET /volumes/v",
          EngineDouble.json(
              200,
              "{\"Name\": \"v\", \"Driver\": \"%s\", \"Mountpoint\": \"%s\", \"Options\": %s}"
                  .formatted(driver, folder, options)));
      VectorsOptions volume =
          VectorsOptions.of(
              new ProviderOptions(
                  "qdrant-volume",
                  Map.of(
                      "engine",
                      engine.endpoint().key(),
                      "volume",
                      "v",
                      "work",
                      folder.resolve("work").toString())));
      try (DockerEngine connected = DockerEngine.connect(engine.endpoint())) {
        Locator locator = new Locator(connected, volume);
        return locator.direct(locator.locate(), writing).isPresent();
      }
    }
  }

  private static String kernel(String property) throws IOException {
    return Files.readString(KERNEL.resolve(property)).strip();
  }
}
