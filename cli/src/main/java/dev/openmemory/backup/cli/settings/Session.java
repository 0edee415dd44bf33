package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.advice.UnknownBackupException;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.MemoryChangeRenderer;
import dev.openmemory.backup.cli.output.MemoryRenderer;
import dev.openmemory.backup.cli.output.Renderer;
import dev.openmemory.backup.cli.output.json.JsonRenderer;
import dev.openmemory.backup.cli.output.json.MemoriesJson;
import dev.openmemory.backup.cli.output.json.MemoryChangeJson;
import dev.openmemory.backup.cli.output.text.MemoriesText;
import dev.openmemory.backup.cli.output.text.MemoryChangeText;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.encryption.Identities;
import dev.openmemory.backup.cli.settings.encryption.SignatureOptions;
import dev.openmemory.backup.cli.settings.warning.AcceptedWarnings;
import dev.openmemory.backup.cli.terminal.Host;
import dev.openmemory.backup.cli.terminal.Progress;
import dev.openmemory.backup.cli.terminal.Terminal;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;

/** What every command works with: the options before it, the terminal, the backups. */
public final class Session {
  /** Stands for the newest backup wherever a name is asked for. */
  public static final String LATEST = "latest";

  private final Host host;
  private final CommonOptions options = new CommonOptions();
  private final Terminal terminal;
  private final Program program;
  private Settings settings = Settings.NONE;
  private boolean reported;

  /** For what only looks at the commands. */
  public Session(Host host) {
    this(host, arguments -> new Ended(ExitCodes.FAILED, Optional.empty(), false));
  }

  public Session(Host host, Program program) {
    this.host = host;
    this.terminal = new Terminal(host);
    this.program = program;
  }

  /** This program, for a command that runs others. */
  public interface Program {
    /** Runs a command line with the same surroundings. */
    Ended run(String[] arguments);
  }

  /**
   * How a command line ended.
   *
   * @param failure what was printed
   * @param reported whether it went on to where notifications are sent
   */
  public record Ended(int exitCode, Optional<Failure> failure, boolean reported) {}

  /** Runs another command line of this program, which reads its settings itself. */
  public Ended run(List<String> arguments) {
    return program.run(arguments.toArray(String[]::new));
  }

  /** This command line has sent the notifications that its end gives reason for. */
  public void reported() {
    reported = true;
  }

  public boolean isReported() {
    return reported;
  }

  /** What a command does with the backups of the target at the (redacted) location. */
  public interface Work {
    /** Returns the exit code. */
    int run(Backups backups, String location) throws IOException;
  }

  public Host host() {
    return host;
  }

  public CommonOptions options() {
    return options;
  }

  public Terminal terminal() {
    return terminal;
  }

  public Renderer renderer() {
    return options.json ? new JsonRenderer(host.age()) : new TextRenderer(host.clock(), host.age());
  }

  /**
   * For memories.
   *
   * @param inFull whether a list shows all of each memory
   */
  public MemoryRenderer memoryRenderer(boolean inFull) {
    return options.json
        ? new MemoriesJson(host.age())
        : new MemoriesText(host.clock().getZone(), inFull);
  }

  /** For changes of memories. */
  public MemoryChangeRenderer memoryChangeRenderer() {
    return options.json ? new MemoryChangeJson(host.age()) : new MemoryChangeText();
  }

  /** What the environment and the settings file say, once both are read. */
  public void use(Settings known) {
    settings = known;
  }

  /**
   * The environment and the settings file, read again.
   *
   * @throws BackupException of kind {@code INVALID} when the file cannot be used
   */
  public Settings currentSettings() throws BackupException {
    return Settings.of(host.environment()).orElse(SettingsFile.read(options));
  }

  /** What the environment or else the settings file says. */
  public Optional<Settings.Value> setting(Setting setting) {
    return settings.of(setting);
  }

  /** Where the installation is, as far as the environment and the settings file say. */
  public InstallationOptions installation() {
    InstallationOptions parts = new InstallationOptions();
    new CommandLine(parts)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(settings)
        .parseArgs();
    return parts;
  }

  /** What the settings file says of that target alone about what it keeps. */
  Map<Setting, Settings.Value> rulesOf(String location) {
    return settings.rulesOf(location);
  }

  /** The target there, set as the environment and the settings file say for its kind. */
  public BackupTarget open(String location) throws BackupException {
    String scheme = location.replaceFirst(":.*", "").toLowerCase(Locale.ROOT);
    Map<String, Settings.Value> values = settings.ofTargets(scheme);
    Map<String, String> texts = new TreeMap<>();
    values.forEach((name, value) -> texts.put(name, value.text()));
    try {
      return BackupTargets.open(HomeFolder.expand(location), texts);
    } catch (BackupException e) {
      throw withOrigin(e, values);
    }
  }

  /** A value that is refused is looked for where it was set. */
  private static BackupException withOrigin(
      BackupException refused, Map<String, Settings.Value> values) {
    return values.entrySet().stream()
        .filter(option -> refused.fact().contains("'" + option.getKey() + "'"))
        .findFirst()
        .map(
            option ->
                refused
                    .kind()
                    .failure(
                        refused.operation(),
                        refused.location(),
                        refused.fact() + " (set by " + option.getValue().origin() + ")",
                        refused))
        .orElse(refused);
  }

  /** The exit code of a success with these warnings, of which a person may have accepted some. */
  public int exitCode(List<Warning> warnings) {
    List<Warning> counted = new AcceptedWarnings(options.acceptedWarnings).beyond(warnings);
    int accepted = warnings.size() - counted.size();
    if (accepted > 0) {
      terminal.note(
          (accepted == 1 ? "1 warning is" : accepted + " warnings are")
              + " accepted by --accept-warnings.");
    }
    return counted.isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
  }

  /** Whether there is a private key, or a passphrase, for encrypted backups. */
  public boolean hasIdentity() {
    return options.withPassphrase || !options.identities().isEmpty();
  }

  /** The same backups; encrypted ones are read if there are private keys for it. */
  Backups decrypting(Backups backups) {
    return hasIdentity()
        ? backups.withDecryption(new Identities(options.identities(), passphrases()))
        : backups;
  }

  /** The same backups; what is not signed is damaged if signatures are required. */
  Backups requiringSignatures(Backups backups) throws BackupException {
    return SignatureOptions.requiring(backups, options.allowedSigners);
  }

  /** Where a passphrase comes from: the file of the option, else a person. */
  public PassphraseQuestion passphrases() {
    Path file = options.passphraseFile;
    return file == null ? terminal::passphrase : about -> KeyFiles.readPassphrase(file);
  }

  /** Where the passphrase of a new backup comes from, if it is to have one. */
  public Optional<PassphraseQuestion> newPassphrase() {
    Path file = options.passphraseFile;
    return options.withPassphrase
        ? Optional.of(
            file == null ? terminal::newPassphrase : about -> KeyFiles.readPassphrase(file))
        : Optional.empty();
  }

  public int withBackups(Work work) throws IOException {
    return withTargets(
        List.of(options.targetLocation()),
        opened -> {
          OpenTarget only = opened.get(0);
          return work.run(only.backups(), only.target().location());
        });
  }

  /** What a command does with the backups of several targets. */
  public interface WorkInSeveral {
    /** Returns the exit code. */
    int run(List<OpenTarget> targets) throws IOException;
  }

  public int withTargets(List<String> locations, WorkInSeveral work) throws IOException {
    Progress progress = new Progress(terminal, style(), System::nanoTime);
    OpenTargets targets = OpenTargets.open(this, locations, progress);
    int exitCode;
    try {
      exitCode = work.run(targets.all());
    } catch (IOException | RuntimeException e) {
      Undo.after(e, targets::close);
      progress.clear();
      progress.warnings().forEach(w -> terminal.note("warning: " + w.message()));
      throw e;
    }
    return atLeastWarned(exitCode, targets);
  }

  /** What was done is done, whatever the targets say to their closing. */
  private int atLeastWarned(int exitCode, OpenTargets targets) {
    try {
      targets.close();
      return exitCode;
    } catch (IOException | RuntimeException e) {
      terminal.note("warning: the target could not be closed: " + e.getMessage());
      return exitCode == ExitCodes.OK ? ExitCodes.WARNINGS : exitCode;
    }
  }

  /** All backups; none when the target is the default one, which the first backup makes. */
  public List<BackupSummary> list(Backups backups) throws IOException {
    try {
      return backups.list();
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND && options().hasDefaultTarget()) {
        return List.of();
      }
      throw e;
    }
  }

  /** The backup of that name, or the newest for {@link #LATEST}. */
  public BackupSummary find(Backups backups, String location, String name) throws IOException {
    if (name.equals(LATEST)) {
      return backups
          .latest()
          .orElseThrow(
              () ->
                  Kind.NOT_FOUND.failure(
                      "find backup",
                      location,
                      "No usable backup in " + TextRenderer.place(location) + "."));
    }
    BackupName wanted = BackupName.parse(name);
    try {
      return backups.find(wanted);
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      throw new UnknownBackupException(e, wanted, list(backups));
    }
  }

  /**
   * Has a person agree.
   *
   * @param agreed by option, without a question
   * @throws BackupException of kind {@code INVALID} if there is no terminal, {@code CANCELLED} when
   *     the answer is not yes
   */
  public void confirm(boolean agreed, String operation, String question) throws IOException {
    if (agreed) {
      return;
    }
    if (!terminal.canAsk()) {
      throw Kind.INVALID.failure(
          "confirm " + operation, "", "Cannot ask for confirmation without a terminal.");
    }
    if (!terminal.confirms(question + "\nType y or yes to go on: ")) {
      throw Kind.CANCELLED.failure(operation, "", "Cancelled.");
    }
  }

  /** Has a person agree to the deletion of these backups; without one it asks nothing. */
  public void confirmDeletion(String location, String what, List<String> backups)
      throws IOException {
    if (!backups.isEmpty()) {
      String names = String.join("\n  ", backups);
      confirm(
          false, "deletion", "In " + TextRenderer.place(location) + " " + what + ":\n  " + names);
    }
  }

  private Progress.Style style() {
    if (options.quiet || options.noProgress || options.json) {
      return Progress.Style.NONE;
    }
    return terminal.canRedraw() ? Progress.Style.BAR : Progress.Style.LINES;
  }
}
