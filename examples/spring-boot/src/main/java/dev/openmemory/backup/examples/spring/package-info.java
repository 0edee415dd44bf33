/** Backups in a Spring Boot application: schedule, health and metrics. */
@NullMarked
package dev.openmemory.backup.examples.spring;

import org.jspecify.annotations.NullMarked;
