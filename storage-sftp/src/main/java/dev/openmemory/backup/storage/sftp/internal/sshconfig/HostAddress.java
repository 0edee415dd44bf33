package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host as the user wrote it.
 *
 * @param user null for what ssh_config says
 * @param port zero for what ssh_config says
 */
public record HostAddress(@Nullable String user, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:ssh://)?(?:(?<user>[^@]+)@)?(?:\\[(?<address>[^\\]]+)]|(?<host>[^:@/\\[\\]]+))"
              + "(?::(?<port>[0-9]{1,5}))?/?");

  /** Hosts with commas between them, the nearest first; none for {@code none}. */
  public static List<HostAddress> parse(String text) throws BackupException {
    List<HostAddress> hosts = new ArrayList<>();
    if (text.equalsIgnoreCase("none")) {
      return hosts;
    }
    for (String one : text.split(",", -1)) {
      Matcher parts = FORM.matcher(one);
      if (!parts.matches()) {
        throw SftpOptions.invalid("a jump host is not like [user@]host[:port]: " + one);
      }
      String address = parts.group("address");
      String port = parts.group("port");
      hosts.add(
          new HostAddress(
              parts.group("user"),
              address == null ? parts.group("host") : address,
              port == null ? 0 : Integer.parseInt(port)));
    }
    return hosts;
  }
}
