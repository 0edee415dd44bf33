package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.exception.DockerException;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.connect.SocketFile;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says what a failure of docker-java, or of the way to the engine, means. */
record DockerFailure(Endpoint endpoint) {
  static final String CONNECT = "connect to Docker";

  /** A call that something before the engine does not let through. */
  static final String CALL = "call Docker";

  interface Call<T> {
    T run() throws IOException;
  }

  /** A call of docker-java that gives nothing. */
  public interface Action {
    void run() throws IOException;
  }

  /** Makes the call and throws its failure as ours. */
  <T> T call(String operation, String location, Call<T> call) throws BackupException {
    try {
      return call.run();
    } catch (IOException | RuntimeException e) {
      throw of(operation, location, e);
    }
  }

  /** As {@link #call}; empty when the engine has no such thing. */
  <T> Optional<T> find(String operation, String location, Call<T> call) throws BackupException {
    try {
      return Optional.ofNullable(call(operation, location, call));
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** As {@link #call}, without a result. */
  void run(String operation, String location, Action action) throws BackupException {
    try {
      action.run();
    } catch (IOException | RuntimeException e) {
      throw of(operation, location, e);
    }
  }

  /** The failure as ours; one that is ours already stays as it is. */
  BackupException of(String operation, String location, Throwable failure) {
    for (Throwable below = failure; below != null; below = below.getCause()) {
      if (below instanceof BackupException ours) {
        return ours;
      }
      if (below instanceof DockerException answer && answer.getHttpStatus() > 0) {
        return answered(operation, location, answer);
      }
      if (below instanceof IOException broken) {
        return broken(operation, location, root(broken), failure);
      }
    }
    return Thread.currentThread().isInterrupted()
        ? interrupted(operation, location, failure)
        : Kind.FAILED.failure(operation, location, text(failure), failure);
  }

  private static BackupException interrupted(String operation, String location, Throwable failure) {
    return Kind.CANCELLED.failure(operation, location, "the thread was interrupted", failure);
  }

  private static BackupException answered(
      String operation, String location, DockerException answer) {
    String said = said(answer);
    String lower = said.toLowerCase(Locale.ROOT);
    Kind kind =
        lower.contains("no space left") || lower.contains("quota exceeded")
            ? Kind.NO_SPACE
            : switch (answer.getHttpStatus()) {
              case 401, 403 -> Kind.DENIED;
              case 404 -> Kind.NOT_FOUND;
              case 409 -> Kind.LOCKED;
              case 503 -> Kind.UNAVAILABLE;
              case 400 -> lower.contains("client version") ? Kind.UNSUPPORTED : Kind.FAILED;
              default -> Kind.FAILED;
            };
    return kind.failure(operation, location, "the engine says: " + said, answer);
  }

  private BackupException broken(
      String operation, String location, IOException reason, Throwable failure) {
    if (isInterrupt(reason)) {
      return interrupted(operation, location, failure);
    }
    if (reason instanceof SocketTimeoutException) {
      return Kind.TIMEOUT.failure(
          operation, location, "no answer of " + where() + " in time", failure);
    }
    String text = text(reason);
    if (text.contains("Permission denied")) {
      return Kind.DENIED.failure(CONNECT, endpoint.uri(), denied(), failure);
    }
    if (reason instanceof SSLException) {
      return Kind.DENIED.failure(
          CONNECT, endpoint.uri(), "TLS with " + where() + ": " + text, failure);
    }
    if (isAbsence(reason, text)) {
      return Kind.UNAVAILABLE.failure(
          CONNECT, endpoint.uri(), "nothing answers at " + where() + ": " + text, failure);
    }
    return Kind.UNAVAILABLE.failure(
        operation, location, "the connection to " + where() + " broke: " + text, failure);
  }

  private static boolean isInterrupt(IOException reason) {
    return reason instanceof ClosedByInterruptException
        || (reason instanceof InterruptedIOException && !(reason instanceof SocketTimeoutException))
        || (Thread.currentThread().isInterrupted() && !(reason instanceof SocketTimeoutException));
  }

  private static boolean isAbsence(IOException reason, String text) {
    return reason instanceof ConnectException
        || reason instanceof UnknownHostException
        || reason instanceof NoRouteToHostException
        || text.contains("No such file or directory")
        || text.contains("Connection refused");
  }

  private String where() {
    return endpoint.uri() + " (" + endpoint.origin() + ")";
  }

  private String denied() {
    return "permission denied for user "
        + System.getProperty("user.name")
        + " by "
        + endpoint.socket().map(SocketFile::describe).orElse(endpoint.uri())
        + endpoint.context().map(name -> ", of the Docker context '" + name + "'").orElse("");
  }

  /** The reason that the engine gave, which docker-java leaves in its JSON. */
  private static String said(DockerException answer) {
    String text = text(answer);
    int json = text.indexOf('{');
    if (json >= 0) {
      try {
        byte[] bytes = text.substring(json).getBytes(StandardCharsets.UTF_8);
        return Objects.toString(Json.readObject(bytes, "").get("message"), text).strip();
      } catch (BackupException e) {
        return text;
      }
    }
    return text.strip();
  }

  private static IOException root(IOException failure) {
    IOException lowest = failure;
    for (Throwable below = failure; below != null; below = below.getCause()) {
      lowest = below instanceof IOException deeper ? deeper : lowest;
      if (below instanceof SocketTimeoutException) {
        return lowest;
      }
    }
    return lowest;
  }

  private static String text(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
  }
}
