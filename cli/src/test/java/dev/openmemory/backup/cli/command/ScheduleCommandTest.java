package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.io.StringReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is printed is read by the programs that it is for, and what they would run is run. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ScheduleCommandTest {
  private static final String LAUNCHER = "openmemory.launcher";
  private static final String STRANGE = "a \"b\" 100% $HOME ${x} 'c' é & <d> \\e";

  @TempDir Path temp;
  private SampleHome sample;
  private Path given;

  /** With a launcher that only notes what it is given. */
  @BeforeEach
  void make() throws IOException {
    sample = SampleHome.in(temp.resolve(STRANGE));
    Path launcher = Files.createDirectories(temp.resolve("bin " + STRANGE)).resolve("launcher");
    given = launcher.resolveSibling("launcher.given");
    Files.writeString(launcher, "printf '%s\\n' \"$JAVA_HOME\" \"$@\" >\"$0.given\"\n");
    System.setProperty(LAUNCHER, launcher.toString());
  }

  @AfterEach
  void forgetLauncher() {
    System.clearProperty(LAUNCHER);
  }

  private String print(String... args) {
    CommandLineRun run = run(args);
    assertThat(run.exitCode()).as(run.text()).isZero();
    return run.out();
  }

  private CommandLineRun run(String... args) {
    return sample.runOnStorage(SampleHome.with(args, "schedule", "print"));
  }

  @Test
  void cronRunsIt() throws Exception {
    String command = cronCommand(print("--cron"));

    execute(List.of("/bin/sh", "-c", command));
  }

  @Test
  @Tag("services")
  void crontabTakesTheLine() throws Exception {
    Requires.that(isPresent("crontab"), "crontab");
    Path file = Files.writeString(temp.resolve("crontab"), print("--cron", "--jitter", "20m"));

    // Only checks the syntax. Not every crontab can.
    Process check = start(List.of("crontab", "-n", file.toString()), Map.of());
    String said = said(check);
    Requires.that(!said.contains("invalid option"), "a crontab that checks (-n)");

    assertThat(check.exitValue()).as(said).isZero();
  }

  @Test
  void systemdRunsIt() throws Exception {
    execute(systemdCommand());
  }

  @Test
  @Tag("services")
  void withoutALauncherTheJvmIsStartedAgain() throws Exception {
    System.clearProperty(LAUNCHER);
    Process process = start(systemdCommand(), Map.of("DOCKER_HOST", CommandLineRun.NO_ENGINE));
    String said = said(process);
    assertThat(process.exitValue()).as(said).isEqualTo(ExitCodes.WARNINGS);
    assertThat(said).doesNotContain("Capturing");
    assertBackedUp();
  }

  private List<String> systemdCommand() {
    String text = print("--systemd");
    String line = text.lines().filter(l -> l.startsWith("ExecStart=")).findFirst().orElseThrow();
    List<String> arguments = systemdWords(line.substring("ExecStart=".length()), true);
    String set = text.lines().filter(l -> l.startsWith("Environment=")).findFirst().orElseThrow();

    List<String> command = new ArrayList<>(List.of("env", "-i"));
    command.addAll(systemdWords(set.substring("Environment=".length()), false));
    command.addAll(arguments);
    return command;
  }

  @Test
  void aLineThatCronWouldRefuseIsNotPrinted() {
    assertRefused("settings file", "--cron", "--volume", "v".repeat(900));
  }

  @Test
  @Tag("services")
  void systemdTakesBothUnitsForEachPeriod() throws Exception {
    Requires.that(isPresent("systemd-analyze"), "systemd-analyze");
    for (String every : List.of("hourly", "daily", "weekly", "monthly")) {
      String text = print("--systemd", "--every", every, "--jitter", "10m", "--at", "03:07");
      Path folder = Files.createDirectories(temp.resolve("units-" + every));
      int timer = text.indexOf("# ===== /etc/systemd/system/openmemory-backup.timer");
      Files.writeString(folder.resolve("openmemory-backup.service"), text.substring(0, timer));
      Files.writeString(folder.resolve("openmemory-backup.timer"), text.substring(timer));

      Process verify =
          start(
              List.of("systemd-analyze", "verify", "--man=no", "openmemory-backup.timer"),
              Map.of("SYSTEMD_UNIT_PATH", folder + ":"),
              folder);
      String said = said(verify);

      assertThat(said.lines().filter(l -> l.contains("openmemory-backup"))).as(said).isEmpty();
      assertThat(verify.exitValue()).as(said).isZero();
      assertThat(text).contains("RandomizedDelaySec=600", "Persistent=true");
      String calendar =
          text.lines().filter(l -> l.startsWith("OnCalendar=")).findFirst().orElseThrow();
      Process times =
          start(List.of("systemd-analyze", "calendar", calendar.substring(11)), Map.of());
      assertThat(said(times)).contains("Next elapse").contains(":07:00");
    }
  }

  @Test
  void launchdRunsIt() throws Exception {
    String text = print("--launchd", "--every", "weekly", "--at", "23:45");

    List<String> command = new ArrayList<>(List.of("env", "-i"));
    List<String> environment = strings(valueOf(text, "EnvironmentVariables"), "key");
    List<String> values = strings(valueOf(text, "EnvironmentVariables"), "string");
    IntStream.range(0, values.size())
        .forEach(i -> command.add(environment.get(i) + "=" + values.get(i)));
    command.addAll(strings(valueOf(text, "ProgramArguments"), "string"));
    execute(command);
    Element when = valueOf(text, "StartCalendarInterval");
    assertThat(strings(when, "key")).containsExactly("Weekday", "Hour", "Minute");
    assertThat(strings(when, "integer")).containsExactly("0", "23", "45");
  }

  @Test
  @Tag("services")
  void thePropertyListIsOne() throws Exception {
    Requires.that(isPresent("python3"), "python3");
    Path file = Files.writeString(temp.resolve("list"), print("--launchd"));
    String program =
        "import plistlib, sys\nd = plistlib.load(open(sys.argv[1], 'rb'))\n"
            + "print(d['Label'], d['StartCalendarInterval'])";

    Process process = start(List.of("python3", "-c", program, file.toString()), Map.of());

    assertThat(said(process).strip()).isEqualTo("dev.openmemory.backup {'Hour': 2, 'Minute': 0}");
  }

  @Test
  void kubernetesGetsACronJobWithThePathsOfItsContainer() {
    String text =
        print(
            "--k8s",
            "--image",
            "registry.example/omb:1",
            "--pvc",
            "openmemory",
            "--target-pvc",
            "backups",
            "--target",
            temp.resolve("elsewhere").toString(),
            "--every",
            "monthly");

    JsonNode job = yaml(text);
    assertThat(job.at("/apiVersion").asString()).isEqualTo("batch/v1");
    assertThat(job.at("/kind").asString()).isEqualTo("CronJob");
    assertThat(job.at("/spec/schedule").asString()).isEqualTo("0 2 1 * *");
    assertThat(job.at("/spec/concurrencyPolicy").asString()).isEqualTo("Forbid");
    assertThat(job.at("/spec/startingDeadlineSeconds").asInt()).isEqualTo(21600);
    JsonNode pod = job.at("/spec/jobTemplate/spec/template/spec");
    assertThat(pod.at("/restartPolicy").asString()).isEqualTo("Never");
    JsonNode container = pod.at("/containers/0");
    assertThat(container.at("/image").asString()).isEqualTo("registry.example/omb:1");
    assertThat(container.at("/args").toString())
        .isEqualTo(
            "[\"backup\",\"--home=/openmemory\",\"--target=/backups\","
                + "\"--storage-path=/openmemory/storage\",\"--no-progress\"]");
    assertThat(container.at("/volumeMounts").toString())
        .isEqualTo(
            "[{\"name\":\"home\",\"mountPath\":\"/openmemory\"},"
                + "{\"name\":\"target\",\"mountPath\":\"/backups\"}]");
    assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName").asString())
        .isEqualTo("openmemory");
    assertThat(pod.at("/volumes/1/persistentVolumeClaim/claimName").asString())
        .isEqualTo("backups");
  }

  @Test
  void kubernetesDoesNotExpandWhatLooksLikeAVariable() {
    String text = print("--k8s", "--image", "i", "--pvc", "c", "--volume", "a$(PATH)\"\\");
    assertThat(text).contains("\"--volume=a$$(PATH)\\\"\\\\\"");
  }

  @Test
  void whatIsOutsideOfTheContainerIsRefused() {
    String outside = temp.resolve("outside").toString();
    assertRefused("outside of the home", "--k8s", "--image", "i", "--pvc", "c", "--db", outside);
    assertRefused("--target-pvc", "--k8s", "--image", "i", "--pvc", "c", "--target", outside);
    assertRefused("--image and --pvc", "--k8s");
    assertRefused("belong to --k8s", "--cron", "--image", "i");
  }

  @Test
  void exactlyOneFormatHasToBeNamed() {
    assertRefused("--cron");
    assertRefused("--cron", "--cron", "--systemd");
  }

  @Test
  void timesThatMakeNoSenseAreRefused() {
    assertRefused("25:00", "--cron", "--at", "25:00");
    assertRefused("midnight", "--cron", "--at", "23:00", "--jitter", "1h");
    assertRefused("the hour", "--systemd", "--every", "hourly", "--at", "00:30", "--jitter", "30m");
    assertRefused("2h", "--cron", "--jitter", "a while");
    assertRefused("--every", "--cron", "--every", "fortnight");
  }

  @Test
  void theJitterOfCronIsDrawnOnce() {
    for (int i = 0; i < 20; i++) {
      String line = print("--cron", "--at", "04:30", "--jitter", "20m").lines().toList().get(3);
      assertThat(line).matches("(3[0-9]|4[0-9]|50) 4 \\* \\* \\* .*");
    }
  }

  @Test
  void aLineEndInAPathIsRefused() {
    assertRefused("control character", "--cron", "--volume", "a\n* * * * * rm -rf ~");
  }

  @Test
  void passwordsAreRefusedWithoutBeingRepeated() {
    for (String[] option :
        new String[][] {
          {"--target", "sftp://me:canary-3333@host/path"},
          {"--qdrant-url", "http://me:canary-3333@host:6333"}
        }) {
      CommandLineRun run = run("--cron", option[0], option[1]);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.text()).doesNotContain("canary-3333");
    }
  }

  @Test
  void whatIsSetHereByTheEnvironmentIsPartOfItAndKeysAreNot() {
    CommandLineRun run =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_TARGET", "kept here")
            .with("OPENMEMORY_BACKUP_SPOOL", "true")
            .with("QDRANT_API_KEY", "canary-4444")
            .with("AWS_SECRET_ACCESS_KEY", "canary-5555")
            .with("AWS_PROFILE", "nightly")
            .run(sample.here("schedule", "print", "--cron"));

    assertThat(run.out())
        .contains("--target=" + Path.of("kept here").toAbsolutePath())
        .contains("--spool=true")
        .contains("AWS_PROFILE=nightly");
    assertThat(run.err()).contains("QDRANT_API_KEY is set here", "AWS_SECRET_ACCESS_KEY is set");
    assertThat(run.text()).doesNotContain("canary-");
  }

  @Test
  void whatTargetsAndEnginesReadOfTheEnvironmentIsKeptWhereItIsNoSecret() {
    Map<String, String> kept =
        Map.of(
            "SSH_AUTH_SOCK", "/run/agent",
            "AWS_ENDPOINT_URL", "https://store:9000",
            "AWS_WEB_IDENTITY_TOKEN_FILE", "/run/token",
            "DOCKER_TLS_VERIFY", "1",
            "DOCKER_CERT_PATH", "/certificates",
            "https_proxy", "http://proxy:3128");
    Surroundings here =
        new Surroundings()
            .with("HTTPS_PROXY", "http://me:canary-6666@proxy:3128")
            .with("AWS_SESSION_TOKEN", "canary-7777");
    kept.forEach(here::with);

    for (String format : List.of("--cron", "--systemd", "--launchd")) {
      CommandLineRun run =
          here.run(sample.here("schedule", "print", format, "--target", "sftp://host/om"));
      kept.forEach((name, value) -> assertThat(run.out()).contains(name, value));
      assertThat(run.err())
          .contains("HTTPS_PROXY is set here", "AWS_SESSION_TOKEN is set here")
          .contains("SSH_AUTH_SOCK is an agent of this session")
          .doesNotContain("AWS_ENDPOINT_URL", "DOCKER_");
      assertThat(run.text()).doesNotContain("canary-");
    }
    CommandLineRun inCluster =
        here.run(sample.here("schedule", "print", "--k8s", "--image", "om", "--pvc", "om"));
    kept.keySet().forEach(n -> assertThat(inCluster.err()).contains(n + " is set here"));
  }

  @Test
  void theSettingsFileIsNamedAndNotRepeated() throws IOException {
    Path file = Files.writeString(temp.resolve("my.yaml"), "target: kept\nspool: true\n");
    assertThat(print("--cron", "--config", file.toString()))
        .contains("--config=" + file)
        .doesNotContain("--spool", "--target");
  }

  @Test
  void jsonIsOneDocument() {
    CommandLineRun run = run("--systemd", "--json");
    assertThat(run.json().get("schedule").get("format").asString()).isEqualTo("systemd");
    assertThat(run.json().get("schedule").get("text").asString()).contains("[Timer]");
  }

  private void assertRefused(String why, String... args) {
    CommandLineRun run = run(args);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(why);
  }

  /** As cron does: after five fields, up to the first percent sign without a backslash. */
  private static String cronCommand(String text) {
    List<String> lines = text.lines().filter(l -> !l.startsWith("#")).toList();
    assertThat(lines).hasSize(1);
    Matcher fields = Pattern.compile("(?:[0-9*]+ ){5}(.*)").matcher(lines.get(0));
    assertThat(fields.matches()).as(lines.get(0)).isTrue();
    String command = fields.group(1);
    assertThat(Pattern.compile("(?<!\\\\)%").matcher(command).find()).isFalse();
    return command.replace("\\%", "%");
  }

  /** Words in double quotes, with what systemd takes for escapes, specifiers and variables. */
  private static List<String> systemdWords(String text, boolean variables) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"(?: |$)").matcher(text);
    int end = 0;
    while (word.find()) {
      assertThat(word.start()).isEqualTo(end);
      end = word.end();
      String plain = word.group(1).replaceAll("\\\\(.)", "$1");
      assertThat(plain.replace("%%", "")).doesNotContain("%");
      plain = plain.replace("%%", "%");
      if (variables) {
        assertThat(plain.replace("$$", "")).doesNotContain("$");
        plain = plain.replace("$$", "$");
      }
      words.add(plain);
    }
    assertThat(end).isEqualTo(text.length());
    return words;
  }

  private static Element valueOf(String plist, String key) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    NodeList keys =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(plist)))
            .getElementsByTagName("key");
    for (int i = 0; i < keys.getLength(); i++) {
      if (keys.item(i).getTextContent().equals(key)) {
        var next = keys.item(i).getNextSibling();
        while (!(next instanceof Element)) {
          next = next.getNextSibling();
        }
        return (Element) next;
      }
    }
    throw new AssertionError("no " + key);
  }

  private static List<String> strings(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }

  private static JsonNode yaml(String text) {
    Object document = new Load(LoadSettings.builder().build()).loadFromString(text);
    return JsonMapper.builder().build().valueToTree(document);
  }

  /** In an environment as bare as cron's; then the command line gets what the launcher got. */
  private void execute(List<String> command) throws Exception {
    Process process = start(command, Map.of());
    assertThat(said(process)).isEmpty();
    assertThat(process.exitValue()).isZero();
    List<String> arguments = Files.readAllLines(given);
    assertThat(arguments.remove(0)).isEqualTo(System.getProperty("java.home"));
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(run.err()).doesNotContain("Capturing");
    assertBackedUp();
  }

  private Process start(List<String> command, Map<String, String> more) throws IOException {
    return start(command, more, temp);
  }

  private static Process start(List<String> command, Map<String, String> more, Path folder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(more);
    return builder.start();
  }

  private static String said(Process process) throws Exception {
    try (var out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return text;
    }
  }

  private static boolean isPresent(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private void assertBackedUp() throws IOException {
    try (Stream<Path> made = Files.list(sample.backups())) {
      assertThat(made.filter(Files::isDirectory).toList())
          .singleElement()
          .satisfies(folder -> assertThat(folder.resolve("manifest.json")).exists());
    }
  }
}
