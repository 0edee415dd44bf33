package dev.openmemory.backup.cli;

import dev.openmemory.backup.Cancellation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command line did. */
record CommandLineRun(int exitCode, String out, String err) {
  /** Where no engine listens. */
  static final String NO_ENGINE = "unix:///nonexistent/docker.sock";

  /** Runs without a terminal. */
  static CommandLineRun of(String... args) {
    return new Surroundings().run(args);
  }

  JsonNode json() {
    return JsonMapper.builder().build().readTree(out);
  }

  /** Both streams. */
  String text() {
    return out + err;
  }

  /** A place to run in that can be changed before the run. */
  static final class Surroundings {
    private final Map<String, String> environment = new TreeMap<>();
    private final Cancellation cancellation = new Cancellation();
    private String answer = "";

    /** No test depends on the engine of the machine that it runs on. */
    Surroundings() {
      environment.put("DOCKER_HOST", NO_ENGINE);
    }

    private boolean terminal;

    Surroundings with(String variable, Object value) {
      environment.put(variable, value.toString());
      return this;
    }

    /** A person at a terminal who answers so when asked. */
    Surroundings answering(String line) {
      terminal = true;
      answer = line + "\n";
      return this;
    }

    Surroundings cancelled() {
      cancellation.cancel();
      return this;
    }

    CommandLineRun run(String... args) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int exitCode =
          Main.run(
              args,
              new Host(
                  new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  new PrintStream(err, true, StandardCharsets.UTF_8),
                  environment,
                  terminal,
                  terminal,
                  Clock.system(ZoneOffset.UTC),
                  cancellation));
      return new CommandLineRun(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }
}
