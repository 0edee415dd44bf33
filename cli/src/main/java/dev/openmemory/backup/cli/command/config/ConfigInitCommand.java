package dev.openmemory.backup.cli.command.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.command.config.ConfigCommand.ReadsSettingsItself;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.SettingsFile;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code config init}. */
@Command(
    name = "init",
    description = {
      "Write a settings file with comments, for the OpenMemory that is found.",
      "The options given here become settings. A file that is there is never replaced."
    })
final class ConfigInitCommand implements Callable<Integer>, ReadsSettingsItself {
  private final Session session;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin private InstallationOptions parts = new InstallationOptions();

  ConfigInitCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path file = SettingsFile.place(session.options());
    for (String location : session.options().targetLocations()) {
      session.open(location).close();
    }
    InstallationFinder.Result found =
        new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), true).findOrGuess();
    String text = text(found.discovery().findings());
    try (NewFile written = NewFile.begin("write settings", file)) {
      written.stream().write(text.getBytes(StandardCharsets.UTF_8));
      written.publish();
    }
    found
        .notAsked()
        .ifPresent(why -> session.terminal().note("Docker was not asked: " + why.getMessage()));
    session
        .terminal()
        .result(
            session.options().json
                ? Json.line(Map.of("configInit", Map.of("file", file.toString())))
                : "Wrote " + file + ". 'openmemory-backup config check' checks it after a change.");
    return ExitCodes.OK;
  }

  private String text(List<Finding> findings) throws BackupException {
    String found =
        findings.stream()
            .map(finding -> "#   " + finding.subject() + ": " + line(finding.place()))
            .collect(Collectors.joining("\n"));
    String parts =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .filter(option -> !option.inherited())
            .filter(option -> Setting.ofOption(option.longestName()).isPresent())
            .map(ConfigInitCommand::setting)
            .collect(Collectors.joining());
    return SettingsTemplate.text(found, parts, targets());
  }

  private static String setting(OptionSpec option) {
    String value = String.join(",", option.stringValues());
    return option.longestName().substring(2) + ": " + quoted(absolute(option, value)) + "\n";
  }

  /** Paths in the file are relative to it. */
  private static String absolute(OptionSpec option, String value) {
    return option.type().equals(Path.class)
        ? Path.of(value).toAbsolutePath().normalize().toString()
        : value;
  }

  private String targets() throws BackupException {
    if (session.options().hasDefaultTarget()) {
      return "target: backups\n";
    }
    return session.options().targetLocations().stream()
        .map(
            location ->
                SettingsFile.hasScheme(location)
                    ? location
                    : Path.of(location).toAbsolutePath().normalize().toString())
        .map(location -> "  - " + quoted(location) + "\n")
        .collect(Collectors.joining("", "target:\n", ""));
  }

  /** A text of JSON is one of YAML. */
  private static String quoted(String value) {
    return Json.line(value);
  }

  private static String line(String place) {
    return place.replaceAll("\\p{Cntrl}", "?");
  }
}
