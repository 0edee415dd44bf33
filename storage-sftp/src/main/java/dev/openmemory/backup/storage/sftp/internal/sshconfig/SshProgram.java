package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.process.LocalCommand;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ssh -G} says about a host: the program reads ssh_config, and runs the commands of its
 * {@code Match exec}. Some values it leaves as they are written, such as the tokens in names of
 * keys.
 *
 * @param ssh the program
 * @param only a file in place of the user's and the system's; null for these
 */
record SshProgram(
    Path ssh, @Nullable Path only, ClientEnvironment local, CallWatch watch, Duration timeout) {
  private static final int MOST_BYTES = 1 << 20;

  /** What ssh itself refuses since 9.6: commands of ssh_config get these texts. */
  private static final Pattern UNSAFE =
      Pattern.compile("-.*|.*[\\s\\p{Cntrl}'\"`$;&<>|(){}].*|.*\\\\", Pattern.DOTALL);

  /** The keys that ssh tries when none is named; it lists all of them, whether there or not. */
  private static final Pattern USUAL_KEY = Pattern.compile(".*[/\\\\]\\.ssh[/\\\\]id_[a-z0-9_]+");

  private static final int LEAST_USUAL = 4;

  /** All values for the host. */
  List<ConfigLine> lines(HostAddress address) throws BackupException {
    List<String> command = new ArrayList<>(List.of(ssh.toString(), "-G"));
    if (only != null) {
      command.addAll(List.of("-F", only.toString()));
    }
    if (address.port() != 0) {
      command.addAll(List.of("-p", String.valueOf(address.port())));
    }
    if (address.user() != null) {
      command.addAll(List.of("-l", safe(address.user())));
    }
    command.add(safe(address.host()));
    return parse(output(command), ssh + " -G");
  }

  private static String safe(String text) throws BackupException {
    if (UNSAFE.matcher(text).matches()) {
      throw Kind.INVALID.failure(
          "open target", "sftp://", "a host or user has characters that a shell may run: " + text);
    }
    return text;
  }

  private String output(List<String> command) throws BackupException {
    try (LocalCommand program = LocalCommand.start(command, local.environment());
        CallWatch.Call call = watch.begin(timeout, program::kill)) {
      program.input().close();
      byte[] output = program.output().readNBytes(MOST_BYTES);
      boolean succeeded = output.length < MOST_BYTES && program.hasSucceeded();
      if (Thread.currentThread().isInterrupted()) {
        throw failure(Kind.CANCELLED, "interrupted", null);
      }
      if (call.wasSilent()) {
        throw failure(
            Kind.TIMEOUT,
            "did not end within " + timeout.toSeconds() + " s; a 'Match exec' may be waiting",
            null);
      }
      if (!succeeded) {
        throw failure(Kind.INVALID, program.end(), null);
      }
      return new String(output, StandardCharsets.UTF_8);
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      throw failure(Kind.FAILED, "cannot be run: " + e.getMessage(), e);
    }
  }

  private BackupException failure(Kind kind, String fact, @Nullable Throwable cause) {
    return kind.failure("read ssh_config", ssh + " -G", fact, cause);
  }

  /** The lines of its answer. */
  static List<ConfigLine> parse(String answer, String place) {
    List<ConfigLine> lines = new ArrayList<>();
    List<ConfigLine> keys = new ArrayList<>();
    for (String text : answer.lines().toList()) {
      int space = text.indexOf(' ');
      if (space > 0) {
        String keyword = text.substring(0, space);
        String value = text.substring(space + 1);
        ConfigLine line = new ConfigLine(keyword, arguments(keyword, value), place);
        (keyword.equals("identityfile") ? keys : lines).add(line);
      }
    }
    boolean usual =
        keys.size() >= LEAST_USUAL
            && keys.stream().allMatch(k -> USUAL_KEY.matcher(k.arguments().get(0)).matches());
    if (!usual) {
      lines.addAll(keys);
    }
    return lines;
  }

  /** Names of files are not quoted, and may have spaces. */
  private static List<String> arguments(String keyword, String value) {
    return keyword.endsWith("knownhostsfile") ? List.of(value.split(" (?=[/~])")) : List.of(value);
  }
}
