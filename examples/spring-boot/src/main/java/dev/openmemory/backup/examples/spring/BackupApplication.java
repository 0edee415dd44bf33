package dev.openmemory.backup.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** An application that backs up an OpenMemory of its host. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class BackupApplication {
  /** Runs until it is told to end. */
  public static void main(String[] args) {
    SpringApplication.run(BackupApplication.class, args);
  }
}
