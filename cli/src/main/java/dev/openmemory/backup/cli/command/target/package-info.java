/** The commands about places where backups go. */
@NullMarked
package dev.openmemory.backup.cli.command.target;

import org.jspecify.annotations.NullMarked;
