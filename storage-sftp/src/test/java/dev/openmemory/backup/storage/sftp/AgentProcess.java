package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testconditions.Requires;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** OpenSSH's agent as a process of its own, which closing ends. */
final class AgentProcess implements Closeable {
  private static final Path PROGRAM = Path.of("/usr/bin/ssh-agent");
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final ServerFolder folder;
  private final Process process;

  private AgentProcess(ServerFolder folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  static AgentProcess start() throws Exception {
    Requires.that(Files.isExecutable(PROGRAM), "ssh-agent");
    ServerFolder folder = ServerFolder.create();
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-D", "-a", socket(folder).toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.path().resolve("log").toFile())
            .start();
    AgentProcess agent = new AgentProcess(folder, process);
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!Files.exists(agent.socket())) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        agent.close();
        throw new AssertionError("ssh-agent does not start");
      }
      Thread.sleep(20);
    }
    return agent;
  }

  private static Path socket(ServerFolder folder) {
    return folder.path().resolve("agent");
  }

  Path socket() {
    return socket(folder);
  }

  void add(Path key) throws Exception {
    run(Map.of(), key.toString());
  }

  void addEncrypted(Path key, String passphrase) throws Exception {
    Path helper = folder.path().resolve("askpass");
    Files.writeString(helper, "#!/bin/sh\necho '" + passphrase + "'\n", StandardCharsets.UTF_8);
    SshUser.chmod(helper, "700");
    run(Map.of("SSH_ASKPASS", helper.toString(), "SSH_ASKPASS_REQUIRE", "force"), key.toString());
  }

  void forgetAll() throws Exception {
    run(Map.of(), "-D");
  }

  private void run(Map<String, String> environment, String argument) throws Exception {
    ProcessBuilder add = new ProcessBuilder("ssh-add", argument).redirectErrorStream(true);
    add.environment().put("SSH_AUTH_SOCK", socket().toString());
    add.environment().putAll(environment);
    Process adding = add.start();
    adding.getOutputStream().close();
    String said = new String(adding.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (adding.waitFor() != 0) {
      throw new AssertionError("ssh-add: " + said);
    }
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      process.destroyForcibly().onExit().join();
    }
  }
}
