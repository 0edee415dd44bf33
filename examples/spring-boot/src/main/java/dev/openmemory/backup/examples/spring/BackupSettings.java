package dev.openmemory.backup.examples.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code application.properties} says.
 *
 * @param home the OpenMemory folder
 * @param storage the folder of Qdrant's data
 * @param target where backups are kept: a folder, or a URI such as {@code s3://bucket/openmemory}
 * @param maxAge the health is down when the newest backup is older
 * @param keepDaily how many daily backups are kept
 * @param keepWeekly how many weekly backups are kept
 */
@ConfigurationProperties("openmemory.backup")
record BackupSettings(
    Path home,
    Path storage,
    String target,
    @DefaultValue("26h") Duration maxAge,
    @DefaultValue("7") int keepDaily,
    @DefaultValue("4") int keepWeekly) {}
