package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.notify.SecretSettings;
import dev.openmemory.backup.cli.output.DurationText;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import java.time.Duration;
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
        .orElseThrow(
            () -> SecretSettings.invalid(value.get(), "hook-timeout has to be like 90s, 5m or 1h"));
  }

  /** Empty if there are neither hooks nor a ping. */
  Optional<Ping> ping() throws BackupException {
    boolean post = choice(Setting.PING_METHOD, "POST", "GET", false);
    return new SecretSettings(session::setting)
        .address(Setting.PING_URL, Setting.PING_URL_FILE)
        .map(address -> new Ping(address, post, PING_TIMEOUT));
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
    throw SecretSettings.invalid(value.get(), setting.key() + " is either " + yes + " or " + no);
  }
}
