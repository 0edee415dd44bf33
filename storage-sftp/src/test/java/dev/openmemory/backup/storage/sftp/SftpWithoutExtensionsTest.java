package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.WriteOptions;
import org.junit.jupiter.api.Test;

/** What differs with a server that knows no more than version 3 of the protocol. */
class SftpWithoutExtensionsTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(1, 1 << 20);

  @Override
  SharedServer shared() {
    return SharedServer.EMBEDDED_OLD;
  }

  @Test
  void theTraitsSayWhatIsMissing() throws Exception {
    BackupTarget target = target();
    assertThat(target.traits().atomicReplace()).isFalse();
    assertThat(target.traits().exclusiveCreate()).isFalse();
    assertThat(((ReportsSpace) target).usableBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aNameIsGivenOnceByALookAndNeverReplaced() throws Exception {
    BackupTarget target = target();
    target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY);
    Pattern other = Pattern.of(2, 1000);

    assertFails(
        Kind.ALREADY_EXISTS, () -> target.write(NAME, other.content(), WriteOptions.CREATE_ONLY));
    assertFails(Kind.UNSUPPORTED, () -> target.write(NAME, other.content(), WriteOptions.REPLACE));

    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void anUploadThatIsCutGoesOnAndWhatADeadProcessLeftIsTakenOver() throws Exception {
    long most = CONTENT.size() * 3 / 4;
    KilledWriter.breakOffHere(place().known(), place().path(), NAME, CONTENT, most, true);
    BackupTarget target = target();
    line().cutAfterUp(most / 2);

    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY);

    assertThat(line().up()).isLessThan(CONTENT.size());
    assertThat(line().connections()).isEqualTo(2);
    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }
}
