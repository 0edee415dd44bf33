package dev.openmemory.backup.cli.completion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ShellTest {
  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void everyScriptNamesEveryCommandAndOption(Shell shell) {
    CommandLine root = RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())));
    String script = shell.script(root);
    Words.commands(root.getCommandSpec())
        .forEach(
            command -> {
              assertThat(script).contains(command.name());
              assertThat(script).contains(longOptions(command));
            });
  }

  @ParameterizedTest
  @EnumSource
  void theCommandPrintsTheScript(Shell shell) {
    CommandLineRun run = CommandLineRun.of("completion", shell.name().toLowerCase(Locale.ROOT));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("prune").contains("keep-weekly").endsWith("\n");
  }

  @Test
  void aShellThatIsNotKnownAndJsonAreRefused() {
    assertThat(CommandLineRun.of("completion", "tcsh").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("completion", "bash", "--json").exitCode()).isEqualTo(1);
  }

  @Test
  @Tag("services")
  void bashCompletes() throws Exception {
    assertThat(bash("back")).containsExactly("backup");
    assertThat(bash("key", "gen")).containsExactly("generate");
    assertThat(bash("prune", "--keep-w")).contains("--keep-weekly", "--keep-within");
  }

  @Test
  @Tag("services")
  void fishCompletes() throws Exception {
    Requires.that(Files.isExecutable(Path.of("/usr/bin/fish")), "the program 'fish'");
    assertThat(fish("back")).containsExactly("backup");
    assertThat(fish("--home /srv key gen")).containsExactly("generate");
    assertThat(fish("prune --keep-w")).contains("--keep-weekly", "--keep-within");
    assertThat(fish("backup --config " + temp + "/fi")).containsExactly(temp + "/file.yaml");
    assertThat(fish("backup " + temp + "/fi")).isEmpty();
    assertThat(fish("completion ")).contains("bash", "zsh", "fish");
  }

  @Test
  @Tag("services")
  void zshCompletes() throws Exception {
    Requires.that(Files.isExecutable(Path.of("/usr/bin/zsh")), "the program 'zsh'");
    assertThat(zsh("back")).contains("openmemory-backup backup ");
    assertThat(zsh("--home /srv key gen")).contains("openmemory-backup --home /srv key generate ");
    assertThat(zsh("prune --keep-wi")).contains("openmemory-backup prune --keep-within=");
    assertThat(zsh("backup --config " + temp + "/fi")).contains(temp + "/file.yaml ");
    assertThat(zsh("completion ba")).contains("openmemory-backup completion bash ");
  }

  private static List<String> longOptions(CommandSpec command) {
    return command.options().stream()
        .flatMap(option -> Arrays.stream(option.names()))
        .filter(name -> name.startsWith("--"))
        .map(name -> name.substring(2))
        .toList();
  }

  private List<String> bash(String... words) throws Exception {
    String code =
        """
        . "$1"; shift
        compopt() { :; } # works within a shell's own completion only
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        _complete_openmemory-backup
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> arguments = new ArrayList<>(List.of("bash", "-c", code, "bash"));
    arguments.addAll(List.of(script(Shell.BASH), "openmemory-backup"));
    arguments.addAll(List.of(words));
    return run(arguments).lines().map(String::strip).toList();
  }

  /** The completions of one line, without their descriptions. */
  private List<String> fish(String line) throws Exception {
    String code = "source $argv[1]; complete -C 'openmemory-backup " + line + "'";
    return run(List.of("fish", "--no-config", "-c", code, script(Shell.FISH)))
        .lines()
        .map(found -> found.replaceAll("\t.*", ""))
        .toList();
  }

  /** What is on the line after a tabulator, in a zsh with a terminal of its own. */
  private String zsh(String line) throws Exception {
    Path start =
        Files.writeString(
            temp.resolve("start.zsh"),
            """
            PROMPT= RPROMPT=
            autoload -U compinit
            compinit -u -D
            source '%s'
            show() { print -r -- "<$BUFFER>" }
            zle -N show
            bindkey '^G' show
            print -r -- ready
            """
                .formatted(script(Shell.ZSH)));
    String code =
        """
        zmodload zsh/zpty
        TERM=dumb zpty inner zsh -f -i
        zpty -w inner "source ${(q)1}"
        zpty -r -m inner shown '*ready*'
        zpty -w -n inner "openmemory-backup $2"$'\\t\\x07'
        zpty -r -m inner shown '*<*>*'
        print -r -- "${${shown##*<}%%>*}"
        """;
    return run(List.of("timeout", "60", "zsh", "-f", "-c", code, "zsh", start.toString(), line));
  }

  private String script(Shell shell) throws Exception {
    Files.writeString(temp.resolve("file.yaml"), "");
    Path script = Files.createDirectories(temp.resolve("scripts")).resolve(shell.name());
    String command = shell.name().toLowerCase(Locale.ROOT);
    return Files.writeString(script, CommandLineRun.of("completion", command).out()).toString();
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text;
  }
}
