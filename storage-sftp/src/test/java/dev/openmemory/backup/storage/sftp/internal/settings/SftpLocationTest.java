package dev.openmemory.backup.storage.sftp.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SftpLocationTest {
  @Test
  void aLocationSaysWhoWhereAndWhichFolder() throws Exception {
    assertThat(parse("sftp://me@nas:2222/srv/om"))
        .isEqualTo(new SftpLocation("me", "nas", 2222, "/srv/om"));
    assertThat(parse("sftp://nas/srv/om/")).isEqualTo(new SftpLocation(null, "nas", 0, "/srv/om"));
    assertThat(parse("sftp://my_alias/srv").host()).isEqualTo("my_alias");
    assertThat(parse("sftp://[2001:db8::1]:22/srv").host()).isEqualTo("2001:db8::1");
    assertThat(parse("sftp://[fe80::1%25eth0]/srv").host()).isEqualTo("fe80::1%eth0");
  }

  @Test
  void pathsAreAbsoluteOrInTheLoginDirectory() throws Exception {
    assertThat(parse("sftp://nas/~/om/a").path()).isEqualTo("om/a");
    assertThat(parse("sftp://nas/~").path()).isEqualTo(".");
    assertThat(parse("sftp://nas/~/").path()).isEqualTo(".");
    assertThat(parse("sftp://nas/").path()).isEqualTo("/");
  }

  @Test
  void partsAreDecoded() throws Exception {
    SftpLocation location = parse("sftp://a%40b+c@nas/my%20backups/50%25+%C3%A4%3F");
    assertThat(location.user()).isEqualTo("a@b+c");
    assertThat(location.path()).isEqualTo("/my backups/50%+\u00e4?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sftp://me@nas:2222/srv/om",
        "sftp://nas/~/om/a",
        "sftp://nas/~",
        "sftp://nas/",
        "sftp://[fe80::1%25eth0]/srv",
        "sftp://a%40b%2Bc@my_alias/my%20backups/50%25%2B%C3%A4%3F"
      })
  void theTextOfALocationIsReadToTheSame(String text) throws Exception {
    assertThat(parse(text)).hasToString(text);
    assertThat(parse(parse(text).toString())).isEqualTo(parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sftp:/srv",
        "sftp://nas",
        "sftp:///srv",
        "sftp:srv",
        "sftp://nas:0/srv",
        "sftp://nas:65536/srv",
        "sftp://nas/a/../b",
        "sftp://nas/a/%2E%2E/b",
        "sftp://nas/a/./b",
        "sftp://nas/a//b",
        "sftp://nas/~other/b",
        "sftp://nas/~/../b",
        "sftp://nas/a%00b",
        "sftp://nas/a%0Ab",
        "sftp://nas/a?x=y",
        "sftp://nas/a#b",
        "sftp://a@b@nas/a"
      })
  void whatCannotBeMeantIsRefused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(BackupException.class)
        .extracting(e -> ((BackupException) e).kind())
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void aPasswordIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> parse("sftp://me:CANARY@nas/srv"))
        .hasMessageContaining("password")
        .message()
        .doesNotContain("CANARY");
    assertThatThrownBy(() -> parse("sftp://me%3ACANARY:x@nas/srv"))
        .message()
        .doesNotContain("CANARY");
  }

  private static SftpLocation parse(String text) throws Exception {
    return SftpLocation.parse(new URI(text));
  }
}
