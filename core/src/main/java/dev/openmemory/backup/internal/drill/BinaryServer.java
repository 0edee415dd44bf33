package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.process.ChildRecord;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.spi.TrialServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** See {@link BinaryServerProvider}. */
final class BinaryServer implements TrialServer {
  private static final String START = "start Qdrant";

  /** ELF, Windows, Mach-O of one and of several kinds of processors, a script. */
  private static final Pattern MAGIC =
      Pattern.compile("\u007fELF|MZ|[\u00ce\u00cf]\u00fa\u00ed\u00fe|\u00ca\u00fe\u00ba|#!");

  private static final String LOOPBACK = "127.0.0.1";

  /** For an orderly end; what it would write then is thrown away anyway. */
  private static final long GRACE_SECONDS = 2;

  private static final long KILL_SECONDS = 10;

  /** The rest of the environment may hold secrets and settings of another Qdrant. */
  private static final Set<String> INHERITED = Set.of("PATH", "LD_LIBRARY_PATH", "LANG", "HOME");

  private final Path program;
  private Optional<URI> address = Optional.empty();
  private @Nullable Process process;
  private @Nullable OutputTail output;
  private @Nullable Thread hook;

  BinaryServer(Path program) {
    this.program = program;
  }

  @Override
  public String prepare(Facts stated, RunContext context) throws BackupException {
    if (!Files.exists(program)) {
      throw failure(Kind.NOT_FOUND, "there is no such program");
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program) || !isProgram()) {
      throw failure(Kind.INVALID, "is not a program that this user may run");
    }
    return "program " + program.getFileName();
  }

  /** What the system does not know as one, the JDK hands to a shell, which makes anything of it. */
  private boolean isProgram() throws BackupException {
    try (InputStream in = Files.newInputStream(program)) {
      String begin = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
      return MAGIC.matcher(begin).lookingAt();
    } catch (IOException e) {
      throw FileFailure.of(START, program, e);
    }
  }

  @Override
  public void start(TrialFolders folders, RunContext context) throws IOException {
    int port = freePort();
    Process started = launch(folders, port);
    process = started;
    started.getOutputStream().close();
    output = OutputTail.of(started);
    Thread killer = new Thread(() -> kill(started), "end of process " + started.pid());
    hook = killer;
    Runtime.getRuntime().addShutdownHook(killer);
    ChildRecord.write(context.scratch(), started.toHandle(), context.clock());
    address = Optional.of(URI.create("http://" + LOOPBACK + ":" + port));
  }

  @Override
  public Optional<URI> address() {
    return address;
  }

  private Process launch(TrialFolders folders, int port) throws BackupException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString())
            .directory(folders.temporary().toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    environment.put("TMPDIR", folders.temporary().toString());
    environment.put("QDRANT__SERVICE__HOST", LOOPBACK);
    environment.put("QDRANT__SERVICE__HTTP_PORT", String.valueOf(port));
    environment.put("QDRANT__STORAGE__STORAGE_PATH", folders.storage().toString());
    environment.put("QDRANT__STORAGE__SNAPSHOTS_PATH", folders.snapshots().toString());
    environment.put("QDRANT__STORAGE__TEMP_PATH", folders.temporary().toString());
    environment.put("QDRANT__TELEMETRY_DISABLED", "true");
    try {
      // Its default is the port of the Qdrant that may be running here.
      environment.put("QDRANT__SERVICE__GRPC_PORT", String.valueOf(freePort()));
      return builder.start();
    } catch (IOException e) {
      throw new BackupException(
          Kind.INVALID, START, program.toString(), "cannot be run: " + e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public Optional<String> ended() {
    Process started = process;
    if (started == null || started.isAlive()) {
      return Optional.empty();
    }
    if (output != null) {
      output.awaitEnd();
    }
    return Optional.of("ended with exit code " + started.exitValue());
  }

  @Override
  public String lastWords() {
    return output == null ? "" : output.text();
  }

  @Override
  public void close() throws IOException {
    Process started = process;
    if (started == null) {
      return;
    }
    end(started);
    process = null;
  }

  private void end(Process started) throws IOException {
    started.destroy();
    if (!hasEndedWithin(started, GRACE_SECONDS)) {
      kill(started);
    }
    boolean gone = hasEndedWithin(started, KILL_SECONDS);
    if (output != null) {
      output.close();
    }
    removeHook();
    if (!gone) {
      throw failure(Kind.FAILED, "process " + started.pid() + " does not end");
    }
  }

  private static void kill(Process started) {
    started.descendants().forEach(ProcessHandle::destroyForcibly);
    started.destroyForcibly();
  }

  private static boolean hasEndedWithin(Process started, long seconds) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (true) {
        try {
          return started.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void removeHook() {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The process is ending, and the hook does the same.
      return;
    }
  }

  private BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, START, program.toString(), fact);
  }
}
