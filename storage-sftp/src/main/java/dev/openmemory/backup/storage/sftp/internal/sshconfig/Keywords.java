package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which keywords of ssh_config have an effect here. */
final class Keywords {
  /** The first value of each of them counts. */
  private static final Set<String> KNOWN =
      Set.of(
          "hostname",
          "user",
          "port",
          "identitiesonly",
          "identityagent",
          "userknownhostsfile",
          "globalknownhostsfile",
          "hostkeyalias",
          "stricthostkeychecking",
          "connecttimeout",
          "serveraliveinterval",
          "addressfamily");

  /** What we cannot do, with the values that ask for nothing. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "bindaddress",
          "",
          "bindinterface",
          "",
          "revokedhostkeys",
          "none",
          "proxyusefdpass",
          "no");

  /** What changes nothing for us, or makes us stricter than ssh; algorithms are our own. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "addkeystoagent|batchmode|casignaturealgorithms|checkhostip|ciphers|clearallforwardings"
              + "|compression|connectionattempts|control.*|dynamicforward|enable.*|escapechar"
              + "|exitonforwardfailure|fingerprinthash|forkafterauthentication|forward.*"
              + "|gatewayports|gssapi.*|hashknownhosts|hostbased.*|hostkeyalgorithms|ignoreunknown|ipqos"
              + "|kbdinteractive.*|kexalgorithms|knownhostscommand|local.*|log.*|macs"
              + "|nohostauthenticationforlocalhost|numberofpasswordprompts"
              + "|obscurekeystroketiming|passwordauthentication|permit.*|preferredauthentications"
              + "|pubkey.*|rekeylimit|remote.*|request.*|required.*|securitykeyprovider|sendenv"
              + "|serveralivecountmax|sessiontype|setenv|stdinnull|streamlocal.*|syslogfacility"
              + "|tcpkeepalive|tunnel.*|updatehostkeys|usekeychain|verifyhostkeydns"
              + "|versionaddendum|visualhostkey|xauthlocation");

  private Keywords() {}

  static boolean isFirstValue(ConfigLine line) {
    return KNOWN.contains(line.keyword());
  }

  /** Whether it asks for what we cannot do. */
  static boolean isRefused(ConfigLine line) throws BackupException {
    String nothing = REFUSED.get(line.keyword());
    return nothing != null && !line.argument().equalsIgnoreCase(nothing);
  }

  /**
   * Whether only the program ssh understands it.
   *
   * @param proxy whether a proxy command would count
   */
  static boolean isForSshAlone(ConfigLine line, boolean proxy) throws BackupException {
    return switch (line.keyword()) {
      case "proxycommand" -> proxy && !line.argument().equalsIgnoreCase("none");
      case "identityfile", "certificatefile", "proxyjump" -> false;
      default ->
          !KNOWN.contains(line.keyword())
              && !REFUSED.containsKey(line.keyword())
              && !HARMLESS.matcher(line.keyword()).matches();
    };
  }
}
