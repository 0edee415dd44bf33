package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Ways and occasions as the environment and the settings file say. A way that cannot be used is
 * left out and is a problem; the others are not affected.
 */
public final class NotifySettings {
  private final SecretSettings settings;
  private final List<Way> ways = new ArrayList<>();
  private final List<BackupException> problems = new ArrayList<>();
  private final Set<Occasion> occasions = EnumSet.noneOf(Occasion.class);

  private interface Reading<T> {
    Optional<T> read() throws BackupException;
  }

  /**
   * Reads them, with the files that they name.
   *
   * @param values what is set
   */
  public NotifySettings(Function<Setting, Optional<Value>> values) {
    this.settings = new SecretSettings(values);
    occasions.addAll(read(this::chosenOccasions).orElse(Occasion.USUAL));
    read(this::webhook).ifPresent(ways::add);
    read(this::ntfy).ifPresent(ways::add);
    read(this::slack).ifPresent(ways::add);
    read(new EmailSettings(settings)::read).ifPresent(ways::add);
    Optional<Value> on = settings.of(Setting.NOTIFY_ON);
    if (on.isPresent() && ways.isEmpty() && problems.isEmpty()) {
      problems.add(
          SecretSettings.invalid(on.get(), "notify-on is set, and no way to send a message is"));
    }
  }

  private <T> Optional<T> read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (BackupException e) {
      problems.add(e);
      return Optional.empty();
    }
  }

  /** What cannot be used, of kind {@code INVALID}. */
  public List<BackupException> problems() {
    return List.copyOf(problems);
  }

  List<Way> ways() {
    return List.copyOf(ways);
  }

  Set<Occasion> occasions() {
    return Set.copyOf(occasions);
  }

  Optional<String> name() {
    return settings.of(Setting.NOTIFY_NAME).map(Value::text);
  }

  private Optional<Set<Occasion>> chosenOccasions() throws BackupException {
    Optional<Value> value = settings.of(Setting.NOTIFY_ON);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Set<Occasion> chosen = EnumSet.noneOf(Occasion.class);
    for (String text : value.get().text().split(",", -1)) {
      chosen.add(
          Occasion.ofChoice(text.strip())
              .orElseThrow(
                  () ->
                      SecretSettings.invalid(
                          value.get(),
                          "notify-on has '"
                              + text.strip()
                              + "'; known are "
                              + String.join(", ", Occasion.choices()))));
    }
    return Optional.of(chosen);
  }

  private Optional<Way> webhook() throws BackupException {
    Optional<URI> address =
        address(
            Setting.NOTIFY_WEBHOOK_URL,
            Setting.NOTIFY_WEBHOOK_URL_FILE,
            Setting.NOTIFY_WEBHOOK_BODY,
            Setting.NOTIFY_WEBHOOK_HEADERS_FILE);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    Optional<Value> template = settings.of(Setting.NOTIFY_WEBHOOK_BODY);
    WebhookBody body = template.isPresent() ? WebhookBody.of(template.get()) : WebhookBody.STANDARD;
    return Optional.of(HttpWay.webhook(address.get(), body, headers()));
  }

  private Map<String, String> headers() throws BackupException {
    Map<String, String> headers = new LinkedHashMap<>();
    int number = 0;
    for (String line :
        settings.content(Setting.NOTIFY_WEBHOOK_HEADERS_FILE).orElse("").split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] parts = line.strip().split(":", 2);
      if (parts.length < 2 || !canBeSet(parts[0].strip(), parts[1].strip())) {
        throw invalid(
            Setting.NOTIFY_WEBHOOK_HEADERS_FILE,
            "line " + number + " of the file is not a header that can be set, 'Name: value'");
      }
      headers.put(parts[0].strip(), parts[1].strip());
    }
    return headers;
  }

  private static boolean canBeSet(String name, String value) {
    try {
      HttpRequest.newBuilder().setHeader(name, value);
      return true;
    } catch (IllegalArgumentException e) {
      // Its message has the value.
      return false;
    }
  }

  private Optional<Way> ntfy() throws BackupException {
    Optional<URI> topic =
        address(
            Setting.NOTIFY_NTFY_URL, Setting.NOTIFY_NTFY_URL_FILE, Setting.NOTIFY_NTFY_TOKEN_FILE);
    if (topic.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> token = settings.content(Setting.NOTIFY_NTFY_TOKEN_FILE).map(String::strip);
    if (token.filter(secret -> !secret.matches("[!-~]+")).isPresent()) {
      throw invalid(Setting.NOTIFY_NTFY_TOKEN_FILE, "the file is not one line with a token");
    }
    return Optional.of(HttpWay.ntfy(topic.get(), token));
  }

  private Optional<Way> slack() throws BackupException {
    return address(Setting.NOTIFY_SLACK_URL, Setting.NOTIFY_SLACK_URL_FILE).map(HttpWay::slack);
  }

  /** The address of a way. Without one, what else is set for it has no meaning. */
  private Optional<URI> address(Setting direct, Setting file, Setting... others)
      throws BackupException {
    Optional<URI> address = settings.address(direct, file);
    if (address.filter(UriHost::hasUser).isPresent()) {
      throw invalid(
          settings.of(direct).isPresent() ? direct : file,
          "a user and a password cannot be in an address; a webhook can have a header for them");
    }
    if (address.isEmpty()) {
      settings.requireNone(direct.key() + " or " + file.key(), others);
    }
    return address;
  }

  private BackupException invalid(Setting setting, String what) {
    Value value = Objects.requireNonNull(settings.of(setting).orElse(null));
    return SecretSettings.invalid(value, setting.key() + ": " + what);
  }
}
