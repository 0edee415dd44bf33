package dev.openmemory.backup.it.docker;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Images that stand in for qdrant/qdrant and mem0/openmemory-mcp, made of programs of this machine:
 * nothing is pulled. They are made when first asked for, and go when the JVM ends, with all else
 * that carries {@link #RUN_LABEL}.
 */
record StackImages(String store, String api, String ui) {
  private static final String RUN = UUID.randomUUID().toString();

  /** One value per JVM, so that test runs beside each other remove only what is theirs. */
  static final String RUN_LABEL = Docker.LABEL + "=" + RUN;

  static boolean canBeMade() {
    return Docker.hasProgram("busybox")
        && Docker.hasProgram("sqlite3")
        && Docker.hasProgram("tar")
        && Docker.isReachable();
  }

  static StackImages shared() {
    return Shared.IMAGES;
  }

  private static StackImages make() {
    Runtime.getRuntime().addShutdownHook(new Thread(StackImages::removeAll));
    StackImages images =
        new StackImages(
            "openmemory-backup-test/qdrant:" + RUN,
            "openmemory-backup-test/openmemory-mcp:" + RUN,
            "openmemory-backup-test/openmemory-ui:" + RUN);
    Docker.expectSuccess(
        List.of("sh", script().toString(), RUN_LABEL, images.store(), images.api()));
    Docker.run("tag", images.api(), images.ui());
    return images;
  }

  private static void removeAll() {
    Docker.sweepForTheLastTime(RUN_LABEL);
    StackHomes.deleteAll();
  }

  private static Path script() {
    try {
      return Path.of(
          Objects.requireNonNull(StackImages.class.getResource("/stack/images.sh")).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Shared {
    static final StackImages IMAGES = make();
  }
}
