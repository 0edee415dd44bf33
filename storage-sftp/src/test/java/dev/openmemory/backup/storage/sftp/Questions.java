package dev.openmemory.backup.storage.sftp;

import java.util.List;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.session.ServerSession;

/**
 * Asks for each of the words; {@code opensesame} is the answer to the first one, and no other is.
 */
public final class Questions implements KeyboardInteractiveAuthenticator {
  private final List<String> prompts;

  public Questions(String... prompts) {
    this.prompts = List.of(prompts);
  }

  @Override
  public InteractiveChallenge generateChallenge(
      ServerSession session, String username, String lang, String subMethods) {
    InteractiveChallenge challenge = new InteractiveChallenge();
    challenge.setInteractionName("");
    challenge.setInteractionInstruction("");
    challenge.setLanguageTag("");
    prompts.forEach(prompt -> challenge.addPrompt(prompt, false));
    return challenge;
  }

  @Override
  public boolean authenticate(ServerSession session, String username, List<String> responses) {
    return responses.equals(List.of("opensesame"));
  }
}
