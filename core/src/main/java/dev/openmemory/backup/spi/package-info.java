/** What plug-ins implement: targets (where backups go) and sources (what is backed up). */
@NullMarked
package dev.openmemory.backup.spi;

import org.jspecify.annotations.NullMarked;
