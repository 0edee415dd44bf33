/** The report of what a backup needs on another host. */
@NullMarked
package dev.openmemory.backup.migration;

import org.jspecify.annotations.NullMarked;
