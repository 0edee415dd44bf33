/** The command that a person begins with. */
@NullMarked
package dev.openmemory.backup.cli.command.status;

import org.jspecify.annotations.NullMarked;
