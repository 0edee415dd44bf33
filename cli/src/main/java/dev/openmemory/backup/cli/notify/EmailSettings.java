package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.notify.MailServer.Login;
import dev.openmemory.backup.cli.notify.MailServer.Tls;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.spi.encryption.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the settings say about e-mail. The mail library is loaded only if they say something. */
record EmailSettings(SecretSettings settings) {
  private static final Pattern SERVER =
      Pattern.compile("(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,5}))?");
  private static final int LAST_PORT = 65_535;

  /** Empty if no recipient is set. */
  Optional<Way> read() throws BackupException {
    Optional<Value> to = settings.of(Setting.NOTIFY_EMAIL_TO);
    if (to.isEmpty()) {
      settings.requireNone(
          Setting.NOTIFY_EMAIL_TO.key(),
          Setting.NOTIFY_EMAIL_FROM,
          Setting.NOTIFY_EMAIL_SERVER,
          Setting.NOTIFY_EMAIL_TLS,
          Setting.NOTIFY_EMAIL_LOGIN_FILE);
      return Optional.empty();
    }
    Value from = required(Setting.NOTIFY_EMAIL_FROM, to.get());
    Value server = required(Setting.NOTIFY_EMAIL_SERVER, to.get());
    return Optional.of(
        new EmailWay(
            server(server),
            address(Setting.NOTIFY_EMAIL_FROM, from, from.text()),
            recipients(to.get()),
            Optional.empty()));
  }

  private Value required(Setting setting, Value to) throws BackupException {
    Optional<Value> value = settings.of(setting);
    if (value.isEmpty()) {
      throw SecretSettings.invalid(to, "notify-email-to needs " + setting.key() + " beside it");
    }
    return value.get();
  }

  private static List<String> recipients(Value value) throws BackupException {
    List<String> recipients = new ArrayList<>();
    for (String text : value.text().split(",", -1)) {
      recipients.add(address(Setting.NOTIFY_EMAIL_TO, value, text));
    }
    return recipients;
  }

  private static String address(Setting setting, Value value, String text) throws BackupException {
    if (!EmailWay.isAddress(text.strip())) {
      throw SecretSettings.invalid(
          value, setting.key() + ": '" + text.strip() + "' is no address such as me@example.org");
    }
    return text.strip();
  }

  private MailServer server(Value value) throws BackupException {
    Matcher matcher = SERVER.matcher(value.text().strip());
    int given =
        matcher.matches() && matcher.group("port") != null
            ? Integer.parseInt(matcher.group("port"))
            : 1;
    if (!matcher.matches() || given < 1 || given > LAST_PORT) {
      throw SecretSettings.invalid(
          value, "notify-email-server has to be like smtp.example.org or smtp.example.org:587");
    }
    String host = matcher.group("host").replaceAll("[\\[\\]]", "");
    Tls tls = tls(host);
    int port = matcher.group("port") == null ? tls.usualPort() : given;
    Optional<Login> login = login();
    if (login.isPresent() && tls == Tls.NONE && !MailServer.isOnThisHost(host)) {
      throw SecretSettings.invalid(
          value, "a login would be sent to " + host + " without encryption: notify-email-tls");
    }
    return new MailServer(host, port, tls, login);
  }

  private Tls tls(String host) throws BackupException {
    Optional<Value> value = settings.of(Setting.NOTIFY_EMAIL_TLS);
    if (value.isEmpty()) {
      return MailServer.isOnThisHost(host) ? Tls.NONE : Tls.STARTTLS;
    }
    return switch (value.get().text().toLowerCase(Locale.ROOT)) {
      case "starttls" -> Tls.STARTTLS;
      case "tls" -> Tls.TLS;
      case "none" -> Tls.NONE;
      default ->
          throw SecretSettings.invalid(value.get(), "notify-email-tls is starttls, tls or none");
    };
  }

  private Optional<Login> login() throws BackupException {
    Setting setting = Setting.NOTIFY_EMAIL_LOGIN_FILE;
    Optional<String> text = settings.content(setting);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = text.get().strip().lines().toList();
    if (lines.size() != 2) {
      throw SecretSettings.invalid(
          settings.of(setting).orElseThrow(),
          setting.key() + ": the file is not two lines, the user and the password");
    }
    return Optional.of(new Login(lines.get(0).strip(), Secret.of(lines.get(1).strip())));
  }
}
