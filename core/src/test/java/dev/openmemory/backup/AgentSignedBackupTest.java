package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.signature.StandInAgent;
import dev.openmemory.backup.internal.signature.StandInAgent.Manner;
import dev.openmemory.backup.sample.Signers;
import dev.openmemory.backup.signature.ImpatientKey;
import dev.openmemory.backup.signature.SigningKey;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent waits for a person when a backup asks it to sign, and the person does not come. */
class AgentSignedBackupTest extends WitnessedBackupFixture {
  private static final BackupRequest FIRST =
      BackupRequest.STANDARD.withName(new BackupName("first"));

  private Signers signers;
  private StandInAgent agent;

  @BeforeEach
  void startAgent() throws IOException {
    signers = new Signers(temp);
    agent = StandInAgent.with(Signers.bytes("signer"), Manner.STAYS_SILENT, temp.resolve("agent"));
  }

  @AfterEach
  void endAgent() throws IOException {
    agent.close();
  }

  private void assertNothingIsLeftAndTheNextBackupIsMade() throws IOException {
    assertThat(target.list("first/")).isEmpty();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
    assertThat(sample.runsAsBefore()).as("%s", writers.states()).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
    backups.withSigningKey(signers.key("signer")).create(sample.installation(), FIRST);
    assertThat(
            backups
                .withRequiredSignature(signers.allowed("signer"))
                .verify(new BackupName("first"))
                .ok())
        .isTrue();
  }

  @Test
  void anAgentThatStaysSilentForItsTimeLeavesNoBackup() throws IOException {
    SigningKey key = ImpatientKey.of(signers.file("signer"), agent.socket());

    BackupException failure =
        failureOf(() -> backups.withSigningKey(key).create(sample.installation(), FIRST));

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.fact()).contains("did not sign", "does not answer", "not confirmed");
    assertNothingIsLeftAndTheNextBackupIsMade();
  }

  @Test
  void aCancellationEndsTheWaitForTheAgent() throws IOException {
    Cancellation cancellation = new Cancellation();
    agent.whenAsked(cancellation::cancel);

    assertThat(isInterruptedByCancelled(backups.withCancellation(cancellation))).isFalse();
  }

  @Test
  void anInterruptEndsTheWaitForTheAgent() throws IOException {
    agent.whenAsked(Thread.currentThread()::interrupt);

    assertThat(isInterruptedByCancelled(backups)).as("the flag stays set").isTrue();
  }

  private boolean isInterruptedByCancelled(Backups cancelled) throws IOException {
    SigningKey key = SigningKey.readWithAgent(signers.file("signer.pub"), agent.socket());

    BackupException failure =
        failureOf(() -> cancelled.withSigningKey(key).create(sample.installation(), FIRST));

    boolean interrupted = Thread.interrupted();
    assertThat(failure.kind()).as(failure.toString()).isEqualTo(Kind.CANCELLED);
    assertNothingIsLeftAndTheNextBackupIsMade();
    return interrupted;
  }
}
