/** The commands about what restores have set aside. */
@NullMarked
package dev.openmemory.backup.cli.command.undo;

import org.jspecify.annotations.NullMarked;
