package dev.openmemory.backup.cli.schedule;

import java.util.Locale;
import java.util.stream.Collectors;

/** A service and its timer. */
public final class SystemdUnits {
  private SystemdUnits() {}

  /** Both units with comments that say which file each is, without a line end at the end. */
  public static String text(ScheduledCommand scheduled, Times times) {
    return service(scheduled) + "\n" + timer(times);
  }

  private static String service(ScheduledCommand scheduled) {
    String environment =
        scheduled.variables().stream()
            .map(v -> quoted(v.getKey() + "=" + v.getValue()))
            .collect(Collectors.joining(" "));
    String command =
        scheduled.command().stream()
            .map(argument -> quoted(argument).replace("$", "$$"))
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT,
        """
        # ===== /etc/systemd/system/openmemory-backup.service =====
        # Put each part into the file that its first line names. Then, as root:
        #   systemctl daemon-reload
        #   systemctl enable --now openmemory-backup.timer
        # It runs as root unless User= below names the owner of OpenMemory.
        [Unit]
        Description=Backup of OpenMemory
        Wants=network-online.target
        After=network-online.target docker.service

        [Service]
        Type=oneshot
        #User=
        Environment=%s
        # For keys: a file with NAME=value lines that only root may read.
        #EnvironmentFile=/etc/openmemory-backup.env
        ExecStart=%s
        # A backup that was made, with warnings; the journal has them.
        SuccessExitStatus=3
        Nice=10
        """,
        environment,
        command);
  }

  private static String timer(Times times) {
    String jitter =
        times.jitter().isZero() ? "" : "RandomizedDelaySec=" + times.jitter().toSeconds() + "\n";
    return String.format(
        Locale.ROOT,
        """
        # ===== /etc/systemd/system/openmemory-backup.timer =====
        [Unit]
        Description=Backs up OpenMemory %s

        [Timer]
        OnCalendar=%s
        %s# A run that was missed while the machine was off is made up for.
        Persistent=true

        [Install]
        WantedBy=timers.target""",
        times.sentence(),
        times.calendar(),
        jitter);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
  }
}
