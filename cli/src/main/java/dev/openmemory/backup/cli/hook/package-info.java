/** Commands and pings before and after a backup. */
@NullMarked
package dev.openmemory.backup.cli.hook;

import org.jspecify.annotations.NullMarked;
