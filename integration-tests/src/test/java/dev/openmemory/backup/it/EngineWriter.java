package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that writes to a store with Qdrant's own storage engine, without a pause, and writes
 * down what the engine has acknowledged.
 */
public final class EngineWriter implements AutoCloseable {
  /** Each write adds so many points, and changes an old one. */
  private static final int POINTS = 4;

  private final Process process;
  private final Path log;

  private EngineWriter(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static EngineWriter start(List<String> command, Path log) throws IOException {
    return new EngineWriter(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start(),
        log);
  }

  /** What the engine has acknowledged. */
  private record Write(double time, Map<String, String> payloads, Map<String, String> vectors) {}

  public long pid() {
    return process.pid();
  }

  public void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** How many writes were acknowledged so far. */
  public int acknowledged() throws IOException {
    return writes().size();
  }

  /** Returns when so many more writes were acknowledged, with the number of all. */
  public int awaitMore(int more) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    int first = Files.exists(log) ? acknowledged() : 0;
    while (System.nanoTime() < deadline && process.isAlive()) {
      int now = Files.exists(log) ? acknowledged() : 0;
      if (now >= first + more) {
        return now;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("no " + more + " writes of the engine");
  }

  /** The last line may not be complete yet. */
  private List<Write> writes() throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    List<Write> writes = new ArrayList<>();
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .forEach(line -> writes.add(JsonMapper.shared().readValue(line, Write.class)));
    return writes;
  }

  /**
   * Requires that a store is what it was after one of the writes: none is missing, none is there in
   * part.
   *
   * @param least the writes that were acknowledged before the pause
   * @param most the ones that were acknowledged, or under way, at its end
   */
  public void requireOneInstant(StorageEngine.Contents found, int least, int most)
      throws IOException {
    assertThat(found.error()).isEmpty();
    assertThat(found.lost()).isEmpty();
    assertThat(found.count() % POINTS).as("points of a write that is there in part").isZero();
    int last = found.count() / POINTS;
    assertThat(last).isBetween(least, most);
    Map<String, String> payloads = new HashMap<>();
    Map<String, String> vectors = new HashMap<>();
    for (Write write : writes().subList(0, last)) {
      payloads.putAll(write.payloads());
      vectors.putAll(write.vectors());
    }
    assertThat(found.payloads()).isEqualTo(payloads);
    assertThat(found.vectors()).isEqualTo(vectors);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
