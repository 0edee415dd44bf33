package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.advice.HookAdvice;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Settings whose values must not be shown: addresses of services, and what is in files. Failures
 * name the setting and where it is set, and are of kind {@code INVALID}.
 *
 * @param values what is set
 */
public record SecretSettings(Function<Setting, Optional<Value>> values) {

  /** The text of a setting, as it is. */
  Optional<Value> of(Setting setting) {
    return values.apply(setting);
  }

  /** The address that is set, or that the file has. Only one of the two may be set. */
  public Optional<URI> address(Setting direct, Setting file) throws BackupException {
    Optional<Value> set = of(direct);
    Optional<Value> setFile = of(file);
    if (set.isPresent() && setFile.isPresent()) {
      throw invalid(
          setFile.get(), "only one of " + direct.key() + " and " + file.key() + " can be set");
    }
    Optional<Value> value = set.isPresent() ? set : setFile;
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = set.isPresent() ? set.get().text() : content(file).orElseThrow();
    return Optional.of(address(text.strip(), direct, value.get()));
  }

  /** The text of the file that the setting names. */
  Optional<String> content(Setting file) throws BackupException {
    Optional<Value> value = of(file);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(Path.of(value.get().text())));
    } catch (IOException | InvalidPathException e) {
      throw invalid(value.get(), "the file of " + file.key() + " cannot be read");
    }
  }

  /** Fails if one of them is set, which has no meaning without what it needs. */
  void requireNone(String needed, Setting... settings) throws BackupException {
    for (Setting setting : settings) {
      Optional<Value> value = of(setting);
      if (value.isPresent()) {
        throw invalid(value.get(), setting.key() + " needs " + needed + " beside it");
      }
    }
  }

  private static URI address(String text, Setting setting, Value value) throws BackupException {
    try {
      URI address = new URI(text);
      String scheme = address.getScheme() == null ? "" : address.getScheme();
      if (scheme.toLowerCase(Locale.ROOT).matches("https?") && UriHost.of(address).isPresent()) {
        return address;
      }
    } catch (URISyntaxException e) {
      // It quotes the address, so it is no cause of anything.
      throw invalid(value, "the address of " + setting.key() + " is not valid");
    }
    throw invalid(
        value,
        "the address of " + setting.key() + " has to begin with http:// or https:// and a host");
  }

  public static BackupException invalid(Value value, String what) {
    return Kind.INVALID.failure(HookAdvice.SETTINGS, value.origin(), what);
  }
}
