package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.advice.HookAdvice;
import dev.openmemory.backup.cli.output.DurationText;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Hooks and pings as the environment and the settings file say. Values are in no message: an
 * address is a secret, and a command may hold one.
 */
public final class HookSettings {
  private static final Duration HOOK_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

  private final Session session;

  public HookSettings(Session session) {
    this.session = session;
  }

  Optional<CommandHook> hook(Setting setting) {
    return session
        .setting(setting)
        .map(value -> new CommandHook(setting.key(), value.text(), value.origin()));
  }

  /** Whether a failure of the hook is one of the run. */
  boolean isFatal(Setting setting, boolean otherwise) throws BackupException {
    return choice(setting, "fail", "warn", otherwise);
  }

  public Duration timeout() throws BackupException {
    Optional<Settings.Value> value = session.setting(Setting.HOOK_TIMEOUT);
    if (value.isEmpty()) {
      return HOOK_TIMEOUT;
    }
    return DurationText.parse(value.get().text())
        .filter(duration -> !duration.isZero())
        .orElseThrow(() -> invalid(value.get(), "hook-timeout has to be like 90s, 5m or 1h"));
  }

  /** Empty if there are neither hooks nor a ping. */
  Optional<Ping> ping() throws BackupException {
    boolean post = choice(Setting.PING_METHOD, "POST", "GET", false);
    Optional<Settings.Value> direct = session.setting(Setting.PING_URL);
    Optional<Settings.Value> file = session.setting(Setting.PING_URL_FILE);
    if (direct.isPresent() && file.isPresent()) {
      throw invalid(file.get(), "only one of ping-url and ping-url-file can be set");
    }
    Optional<Settings.Value> value = direct.isPresent() ? direct : file;
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = direct.isPresent() ? value.get().text() : content(value.get());
    return Optional.of(new Ping(address(text.strip(), value.get()), post, PING_TIMEOUT));
  }

  private static String content(Settings.Value file) throws BackupException {
    try {
      return Files.readString(Path.of(file.text()));
    } catch (IOException e) {
      throw invalid(file, "the file of ping-url-file cannot be read");
    }
  }

  private static URI address(String text, Settings.Value value) throws BackupException {
    try {
      URI address = new URI(text);
      String scheme = address.getScheme() == null ? "" : address.getScheme();
      if (scheme.toLowerCase(Locale.ROOT).matches("https?") && UriHost.of(address).isPresent()) {
        return address;
      }
    } catch (URISyntaxException e) {
      // It quotes the address, so it is no cause of anything.
      throw invalid(value, "the address to ping is not valid");
    }
    throw invalid(value, "the address to ping has to begin with http:// or https:// and a host");
  }

  private boolean choice(Setting setting, String yes, String no, boolean otherwise)
      throws BackupException {
    Optional<Settings.Value> value = session.setting(setting);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get().text().equalsIgnoreCase(yes)) {
      return true;
    }
    if (value.get().text().equalsIgnoreCase(no)) {
      return false;
    }
    throw invalid(value.get(), setting.key() + " is either " + yes + " or " + no);
  }

  private static BackupException invalid(Settings.Value value, String what) {
    return Kind.INVALID.failure(HookAdvice.SETTINGS, value.origin(), what);
  }
}
