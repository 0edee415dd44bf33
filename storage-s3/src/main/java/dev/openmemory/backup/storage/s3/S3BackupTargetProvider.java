package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.net.URI;
import java.time.Clock;
import java.util.Set;

/**
 * Buckets of Amazon S3 and of stores that speak its protocol, by URIs such as {@code
 * s3://bucket/prefix?endpoint=https://s3.example.org}. The options are described in {@code
 * docs/targets/s3.md}. Credentials come from the default chain of the AWS SDK only: environment,
 * profile, single sign-on, web identity, container, instance.
 */
public final class S3BackupTargetProvider implements BackupTargetProvider {
  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public Set<String> options() {
    return S3Options.NAMES;
  }

  @Override
  public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
    return new S3BackupTarget(
        S3Location.parse(location),
        S3Options.of(options),
        RetrySettings.DEFAULT,
        Clock.systemUTC());
  }
}
