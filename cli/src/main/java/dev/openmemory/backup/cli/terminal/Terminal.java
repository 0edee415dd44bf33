package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The one place that prints and asks: results to {@code out}, everything else to {@code err}. */
public final class Terminal {
  private static final Set<String> YES = Set.of("y", "yes");

  private final Host host;
  private boolean quiet;

  public Terminal(Host host) {
    this.host = host;
  }

  /** Leaves out the notes from here on. */
  public void hideNotes() {
    quiet = true;
  }

  public void result(String text) {
    host.out().println(text);
  }

  /** For a result that is no text. */
  public OutputStream bytes() {
    return host.out();
  }

  public void note(String text) {
    if (!quiet) {
      host.err().println(text);
    }
  }

  public void error(String text) {
    host.err().println(text);
  }

  public void stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    host.err().print(text);
  }

  /** Replaces the last line of {@code err}, which must be a terminal. */
  void redraw(String line) {
    host.err().print("\r\u001b[K" + line);
    host.err().flush();
  }

  public boolean canRedraw() {
    return host.errIsTerminal();
  }

  public boolean canAsk() {
    return host.inIsTerminal();
  }

  /** Whether everything that was printed has arrived. */
  public boolean arrived() {
    return !host.out().checkError();
  }

  /**
   * Whether the answer is {@code y} or {@code yes}, in capitals or not.
   *
   * @throws BackupException of kind {@code CANCELLED} when interrupted
   */
  public boolean confirms(String question) throws IOException {
    host.err().print(question);
    host.err().flush();
    try {
      return answer(this::readConfirmation);
    } catch (ExecutionException e) {
      throw Kind.FAILED.failure("ask", "", "the answer cannot be read", e);
    }
  }

  /**
   * A passphrase, which is not shown while it is typed.
   *
   * @param about what it opens
   * @throws BackupException of kind {@code NO_KEY} without a terminal, {@code CANCELLED} when the
   *     input ends, or when interrupted
   */
  public Secret passphrase(String about) throws BackupException {
    String operation = "ask for passphrase";
    if (!canAsk()) {
      throw noTerminal(operation, about, null);
    }
    try {
      return answer(() -> host.hidden().read("Passphrase of " + about + ": "))
          .orElseThrow(() -> Kind.CANCELLED.failure(operation, about, "no passphrase was given"));
    } catch (ExecutionException e) {
      throw noTerminal(operation, about, e);
    }
  }

  private static BackupException noTerminal(
      String operation, String about, @Nullable Throwable cause) {
    return Kind.NO_KEY.failure(
        operation, about, "it needs a passphrase, and there is no terminal to ask on", cause);
  }

  /**
   * A new passphrase, which is typed twice.
   *
   * @throws BackupException as for {@link #passphrase}, and of kind {@code INVALID} when it is
   *     empty or not typed the same twice
   */
  public Secret newPassphrase(String about) throws BackupException {
    Secret first = passphrase(about);
    if (first.isEmpty() || !first.text().equals(passphrase(about + ", again").text())) {
      throw Kind.INVALID.failure(
          "ask for passphrase", about, "it is empty, or was not typed the same twice");
    }
    return first;
  }

  /** Reading from a terminal cannot be interrupted, waiting for a thread that reads can. */
  private <T> T answer(Callable<T> reading) throws BackupException, ExecutionException {
    FutureTask<T> answer = new FutureTask<>(reading);
    Thread reader = new Thread(answer, "answer");
    reader.setDaemon(true);
    reader.start();
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      // What follows does not belong on the line of the question.
      host.err().println();
      throw Kind.CANCELLED.failure("ask", "", "stopped on request", e);
    }
  }

  private boolean readConfirmation() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(host.in(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    return line != null && YES.contains(line.strip().toLowerCase(Locale.ROOT));
  }
}
