package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.Cancellation;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What one run of the command line gets from its surroundings.
 *
 * @param hidden where a person types what is not shown
 * @param inIsTerminal whether a person can be asked
 * @param errIsTerminal whether a line of {@code err} can be redrawn
 * @param age for how long the command has run, from its start as a person sees it
 * @param cancellation ends the run
 */
public record Host(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    HiddenInput hidden,
    boolean inIsTerminal,
    boolean errIsTerminal,
    Clock clock,
    Supplier<Duration> age,
    Cancellation cancellation) {

  /** The process itself. Its text is UTF-8 whatever the locale, as JSON must be. */
  public static Host ofThisProcess(Cancellation cancellation) {
    return new Host(
        new InterruptibleInput(new FileInputStream(FileDescriptor.in).getChannel()),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        HiddenInput::fromConsole,
        isTerminal("stdin"),
        isTerminal("stderr"),
        Clock.system(ZoneId.systemDefault()),
        () -> Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
        cancellation);
  }

  /** The same for another command, which starts now. */
  public Host startedNow() {
    long start = System.nanoTime();
    return new Host(
        in,
        out,
        err,
        environment,
        hidden,
        inIsTerminal,
        errIsTerminal,
        clock,
        () -> Duration.ofNanos(System.nanoTime() - start),
        cancellation);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /**
   * The launcher asks the shell, because Java 17 does not know it for one stream alone and {@code
   * System.console()} says nothing since Java 22. Started in another way, no question can be asked.
   */
  private static boolean isTerminal(String stream) {
    return Boolean.getBoolean("openmemory." + stream + ".tty");
  }
}
