package dev.openmemory.backup.cli;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.terminal.HiddenInput;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command line did. */
public record CommandLineRun(int exitCode, String out, String err) {
  /** Where no engine listens. */
  public static final String NO_ENGINE = "unix:///nonexistent/docker.sock";

  /** Runs without a terminal. */
  public static CommandLineRun of(String... args) {
    return new Surroundings().run(args);
  }

  public JsonNode json() {
    return JsonMapper.builder().build().readTree(out);
  }

  /** Both streams. */
  public String text() {
    return out + err;
  }

  /** A place to run in that can be changed before the run. */
  public static final class Surroundings {
    private final Map<String, String> environment = new TreeMap<>();
    private final Cancellation cancellation = new Cancellation();
    private Supplier<InputStream> in = InputStream::nullInputStream;
    private HiddenInput hidden =
        prompt -> {
          throw new IOException("there is no console");
        };
    private boolean terminal;
    private final Map<String, Runnable> actions = new TreeMap<>();
    private Clock clock = Clock.system(ZoneOffset.UTC);

    /** Of each run, whatever it really takes. */
    private Duration age = Duration.ofSeconds(3725);

    private volatile Thread worker = Thread.currentThread();
    private byte[] bytes = {};

    /** No test depends on the engine of the machine that it runs on. */
    public Surroundings() {
      environment.put("DOCKER_HOST", NO_ENGINE);
    }

    public Surroundings with(String variable, Object value) {
      environment.put(variable, value.toString());
      return this;
    }

    /** A person at a terminal who answers so when asked. */
    public Surroundings answering(String line) {
      terminal = true;
      byte[] typed = (line + "\n").getBytes(StandardCharsets.UTF_8);
      return reading(() -> new ByteArrayInputStream(typed));
    }

    /** A person at a terminal who types so without seeing it. */
    public Surroundings typing(HiddenInput input) {
      terminal = true;
      hidden = input;
      return this;
    }

    Surroundings reading(Supplier<InputStream> input) {
      in = input;
      return this;
    }

    /** The run is cancelled as soon as its output has this text. */
    public Surroundings cancelledAt(String text) {
      return on(text, cancellation::cancel);
    }

    /** Does that once, as soon as the output has this text. */
    public Surroundings on(String text, Runnable action) {
      actions.put(text, action);
      return this;
    }

    /** At this time, and for so long. */
    Surroundings at(Instant now, Duration length) {
      clock = Clock.fixed(now, ZoneOffset.UTC);
      age = length;
      return this;
    }

    /** What a signal does to a run. */
    public void stop() {
      cancellation.cancel();
      worker.interrupt();
    }

    public Surroundings cancelled() {
      cancellation.cancel();
      return this;
    }

    public CommandLineRun run(String... args) {
      worker = Thread.currentThread();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int exitCode =
          Main.run(
              args,
              new Host(
                  in.get(),
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  new PrintStream(listened(err), true, StandardCharsets.UTF_8),
                  environment,
                  hidden,
                  terminal,
                  terminal,
                  clock,
                  () -> age,
                  cancellation));
      if (cancellation.isRequested()) {
        // The next run in this thread has not been stopped.
        Thread.interrupted();
      }
      bytes = out.toByteArray();
      return new CommandLineRun(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What the last run wrote to its standard output. */
    byte[] bytes() {
      return bytes.clone();
    }

    private OutputStream listened(ByteArrayOutputStream stream) {
      return new FilterOutputStream(stream) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          String output = stream.toString(StandardCharsets.UTF_8);
          for (String text : List.copyOf(actions.keySet())) {
            if (output.contains(text)) {
              Objects.requireNonNull(actions.remove(text)).run();
            }
          }
        }
      };
    }
  }
}
