package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** See {@link BinaryServerProvider}. */
final class BinaryServer implements TrialServer {
  private static final String START = "start Qdrant";

  /** ELF, Windows, Mach-O of one and of several kinds of processors, a script. */
  private static final Pattern MAGIC =
      Pattern.compile("\u007fELF|MZ|[\u00ce\u00cf]\u00fa\u00ed\u00fe|\u00ca\u00fe\u00ba|#!");

  private static final String LOOPBACK = "127.0.0.1";

  private final Path program;
  private Optional<URI> address = Optional.empty();
  private @Nullable ChildProcess child;
  private @Nullable OutputTail output;

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
    ChildProcess started = launch(folders, port, context);
    child = started;
    started.process().getOutputStream().close();
    output =
        OutputTail.of(
            started.process().getInputStream(), "output of process " + started.process().pid());
    address = Optional.of(URI.create("http://" + LOOPBACK + ":" + port));
  }

  @Override
  public Optional<URI> address() {
    return address;
  }

  private ChildProcess launch(TrialFolders folders, int port, RunContext context)
      throws BackupException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString())
            .directory(folders.temporary().toFile())
            .redirectErrorStream(true);
    ChildProcess.reduceEnvironment(builder);
    Map<String, String> environment = builder.environment();
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
      return ChildProcess.start(builder, context);
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
    ChildProcess started = child;
    if (started == null || started.process().isAlive()) {
      return Optional.empty();
    }
    if (output != null) {
      output.awaitEnd();
    }
    return Optional.of("ended with exit code " + started.process().exitValue());
  }

  @Override
  public String lastWords() {
    return output == null ? "" : output.text();
  }

  @Override
  public void close() throws IOException {
    ChildProcess started = child;
    if (started == null) {
      return;
    }
    boolean gone = started.end();
    if (output != null) {
      output.close();
    }
    if (!gone) {
      throw failure(Kind.FAILED, "process " + started.process().pid() + " does not end");
    }
    child = null;
  }

  private BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, START, program.toString(), fact);
  }
}
