package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The targets that can be opened, by URI scheme. */
public record TargetPlugins(Plugins<BackupTargetProvider> providers) {
  /** Two letters at least, so that a drive letter is a path. */
  private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  public static TargetPlugins load() {
    return new TargetPlugins(
        Plugins.load("target", BackupTargetProvider.class, BackupTargetProvider::scheme));
  }

  public BackupTarget open(String location, Map<String, String> options) throws BackupException {
    URI uri = WITH_SCHEME.matcher(location).matches() ? uri(location) : path(location).toUri();
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
      throw Kind.INVALID.failure(
          "open target", scheme + "://", "a password in a location is refused");
    }
    Map<String, String> all = new HashMap<>(options);
    all.putAll(query(uri));
    return providers.require(scheme).open(withoutQuery(uri), new ProviderOptions(scheme, all));
  }

  public Map<String, Set<String>> options() {
    Map<String, Set<String>> options = new TreeMap<>();
    providers.forEach((scheme, provider) -> options.put(scheme, provider.options()));
    return options;
  }

  private static URI uri(String location) throws BackupException {
    try {
      return new URI(location);
    } catch (URISyntaxException e) {
      // Neither the input nor the exception, which quotes it, is repeated: it may hold a secret.
      throw Kind.INVALID.failure(
          "open target", "", "not a URI: " + e.getReason() + " at index " + e.getIndex());
    }
  }

  private static Path path(String location) throws BackupException {
    try {
      return Path.of(location).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw FileFailure.ofName("open target", location, location, e);
    }
  }

  private static Map<String, String> query(URI uri) throws BackupException {
    Map<String, String> options = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "true" : pair.substring(equals + 1);
        if (options.put(key, URLDecoder.decode(value, StandardCharsets.UTF_8)) != null) {
          throw Kind.INVALID.failure(
              "open target", uri.getScheme(), "option '" + key + "' is given twice");
        }
      }
    }
    return options;
  }

  private static URI withoutQuery(URI uri) throws BackupException {
    if (uri.getRawQuery() == null) {
      return uri;
    }
    return uri(uri.toString().substring(0, uri.toString().indexOf('?')));
  }
}
