package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine of its own, with nothing in it: no image, no network, no registry that it could ask.
 */
final class PrivateEngine implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final Path folder;
  private final Process dockerd;

  private PrivateEngine(Path folder, Process dockerd) {
    this.folder = folder;
    this.dockerd = dockerd;
  }

  static boolean canBeStarted() {
    return Docker.hasProgram("dockerd")
        && Docker.hasProgram("unshare")
        && System.getProperty("user.name").equals("root");
  }

  static PrivateEngine start(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> command =
        List.of(
            // A network of its own: without a bridge it would remove that of the other engine.
            "unshare",
            "--net",
            "dockerd",
            "--host=unix://" + folder.resolve("docker.sock"),
            "--data-root=" + folder.resolve("data"),
            "--exec-root=" + folder.resolve("exec"),
            "--pidfile=" + folder.resolve("pid"),
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false");
    Process dockerd =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    PrivateEngine engine = new PrivateEngine(folder, dockerd);
    try {
      engine.await();
      return engine;
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private void await() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!Docker.attempt("--host", host(), "info").isSuccess()) {
      if (System.nanoTime() > deadline || !dockerd.isAlive()) {
        throw new AssertionError("dockerd does not answer:\n" + log());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String socket() {
    return folder.resolve("docker.sock").toString();
  }

  String host() {
    return "unix://" + socket();
  }

  String run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--host";
    all[1] = host();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Docker.run(all);
  }

  @Override
  public void close() {
    dockerd.destroy();
    try {
      if (!dockerd.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        dockerd.destroyForcibly();
      }
    } catch (InterruptedException e) {
      dockerd.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
