package dev.openmemory.backup.storage.s3.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
  private static final ObjectName NAME = new ObjectName("backup/manifest.json");

  @ParameterizedTest
  @CsvSource({
    "s3://bucket, s3://bucket",
    "s3://bucket/, s3://bucket",
    "s3://bucket/a, s3://bucket/a",
    "s3://bucket/a/, s3://bucket/a",
    "s3://bucket/a/b%20c, s3://bucket/a/b c",
    "s3://My_Old.Bucket/a, s3://My_Old.Bucket/a",
  })
  void bucketAndPrefixAreTold(String uri, String text) throws Exception {
    S3Location location = S3Location.parse(URI.create(uri));

    assertThat(location).hasToString(text);
    assertThat("s3://" + location.bucket() + "/" + location.key(NAME)).isEqualTo(text + "/" + NAME);
  }

  @Test
  void keysBecomeNamesAgainAndForeignAndHiddenOnesDoNot() throws Exception {
    S3Location location = S3Location.parse(URI.create("s3://bucket/a"));

    assertThat(location.name("a/backup/manifest.json")).isEqualTo(NAME);
    assertThat(location.name("ab/backup/manifest.json")).isNull();
    assertThat(location.name("a/")).isNull();
    assertThat(location.name("a/with space")).isNull();
    assertThat(location.name("a/../b")).isNull();
    assertThat(location.name(location.hiddenKey("uploads/x.json"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3:bucket",
        "s3:///a",
        "s3://b",
        "s3://bucket:9000/a",
        "s3://bucket/a#b",
        "s3://bucket/a?region=x",
        "s3://bucket/a//b",
        "s3://bucket//a",
        "s3://bucket/./a",
        "s3://bucket/a/../b",
        "s3://bucket/..",
        "s3://bucket/a/%2e%2e/b",
        "s3://-bucket/a",
      })
  void whatIsNoPlaceIsRefused(String uri) {
    Throwable thrown = catchThrowable(() -> S3Location.parse(URI.create(uri)));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://AKIASECRETID:secret-key@bucket/a",
        "s3://AKIASECRETID@bucket",
        "s3://AKIASECRETID:secret%2Fkey@bucket/",
      })
  void keysAreRefusedAndNotRepeated(String uri) {
    Throwable thrown = catchThrowable(() -> S3Location.parse(URI.create(uri)));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("keys do not belong into a location");
    StringWriter said = new StringWriter();
    thrown.printStackTrace(new PrintWriter(said));
    assertThat(said.toString()).doesNotContain("AKIASECRETID", "secret");
  }
}
